"""The first page of a report: what was asked, who answered and who did not, and what nobody can tell."""

from __future__ import annotations

import re
from datetime import date
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import queries as comments
from engage.db.types import LANGUAGES, Localised
from engage.dockets.service import record_decision
from engage.jobs.queue import run_once
from engage.reports.gather import open_report
from engage.reports.models import Margin
from engage.reports.sample import beside_census
from engage.reports.service.census import record_census
from engage.worker import HANDLERS
from tests.reports.places import busy_period
from tests.support import makers
from tests.support.pages import Client, Page, page

SOURCE = makers.both("Census Bureau, table B01003")


def front(client: Client, slug: str, language: str = "en") -> str:
    """All the text of the first page."""
    return page(client.get(f"/{language}/reports/{slug}")).text(".//section[@aria-labelledby='front-title']")


def table(report: Page, caption: str) -> list[list[str]]:
    """The cells of a table, row by row, by what it is called."""

    def text(element: Element) -> str:
        return " ".join("".join(element.itertext()).split())

    for each in report.all(".//main//table"):
        found = each.find("caption")
        if found is not None and text(found) == caption:
            return [[text(cell) for cell in row if cell.tag in ("th", "td")] for row in each.iter("tr")]
    raise AssertionError(f"no table called {caption}")


class TestFirstPage:
    def test_tells_in_order_what_a_reader_asks(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        headings = [
            "".join(heading.itertext()).strip()
            for heading in page(client.get(f"/en/reports/{period.slug}")).all(
                ".//section[@aria-labelledby='front-title']//h3"
            )
        ]

        wanted = [
            "What was asked",
            "Who answered",
            "Who did not",
            "Positions, as the commenters declared them",
            "Tone is not position",
            "The subjects raised most, and how many of each side raise them",
            "What these comments cannot tell",
        ]
        assert [heading for heading in headings if heading in wanted] == wanted

    def test_stands_before_everything_else(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        html = client.get(f"/en/reports/{period.slug}").text

        assert html.index("front-title") < html.index("front__limits") < html.index('id="who"')
        assert html.index("front__limits") < html.index("The detail behind the first page")

    def test_says_what_was_asked_and_that_nothing_is_decided(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        said = front(client, period.slug)

        assert "Tell us what you think." in said
        assert "Nothing is decided yet." in said

    def test_says_what_was_decided(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)
        record_decision(
            session,
            period.docket,
            decided_on=date(2026, 11, 3),
            decided_by=makers.both("The board"),
            outcome=makers.both("Signed with changes."),
            reasons=makers.both("Because."),
        )
        session.commit()

        said = front(client, period.slug)

        assert "Decided on November 3, 2026: Signed with changes." in said
        assert "Nothing is decided yet." not in said

    def test_gives_the_beginning_of_a_long_question(self, session: Session, client: Client) -> None:
        long = "First paragraph.\n\n" + "Second one. " * 60
        period = makers.comment_period(session, summary=Localised(long, long))
        session.commit()

        said = front(client, period.slug)

        assert "First paragraph." in said
        assert "Second one." not in said
        assert "The whole question, its documents and dates" in said

    def test_says_who_did_not_answer(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        said = front(client, period.slug)

        assert "No posted comment names these districts: District 3." in said

    def test_says_how_many_a_person_has_read(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        assert "Read by a person 0 of 48" in front(client, period.slug)

    def test_has_both_sides_of_each_concern_as_links(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        report = page(client.get(f"/en/reports/{period.slug}"))

        rows = table(report, "The first concerns by declared position")

        assert rows[0] == ["Concern, as detected", "Comments", "Support", "Oppose"]
        assert 2 <= len(rows) <= 6
        numbers = [int(row[1]) for row in rows[1:]]
        assert numbers == sorted(numbers, reverse=True)

    def test_of_an_empty_period_is_honest(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        session.commit()

        said = front(client, period.slug)

        assert "No comment is posted yet, so there is nothing to report." in said
        assert "What these comments cannot tell" in said

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_the_same_of_the_sample_whoever_answered(
        self, session: Session, client: Client, language: str
    ) -> None:
        """The fixed box: not a word of it depends on what people said."""
        busy, quiet = busy_period(session), makers.comment_period(session)
        session.commit()

        def box(slug: str) -> str:
            report = page(client.get(f"/{language}/reports/{slug}"))
            return report.text(".//div[@class='front__limits']")

        assert box(busy.slug) == box(quiet.slug)
        assert len(box(busy.slug)) > 200


class TestBesideResidents:
    def test_are_two_shares_of_two_wholes(self, session: Session) -> None:
        period = busy_period(session)
        record_census(
            session,
            Margin.DISTRICT,
            {"d0": 300, "d1": 100, "d3": 600},
            source=SOURCE,
            source_url=None,
            as_of=date(2025, 7, 1),
        )
        session.commit()
        report, _ = open_report(session, comments.get_public_period(session, period.slug, utcnow()), utcnow())

        (beside,) = beside_census(report.inputs, report.summary)

        by_key = {part.key: part for part in beside.parts}
        assert [part.key for part in beside.parts] == ["d0", "d1", "d3"]
        assert [part.percent_of_residents for part in beside.parts] == [30, 10, 60]
        assert by_key["d3"].line.n == 0
        assert {part.line.base for part in beside.parts} == {by_key["d0"].line.n + by_key["d1"].line.n}
        assert beside.outside == report.summary.posted.n - by_key["d0"].line.base > 0

    def test_stand_on_the_first_page_and_are_not_weighted(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        record_census(
            session,
            Margin.DISTRICT,
            {"d0": 1, "d3": 3},
            source=SOURCE,
            source_url=None,
            as_of=date(2025, 7, 1),
        )
        session.commit()

        report = page(client.get(f"/en/reports/{period.slug}"))

        rows = table(report, "Comments and residents by district")
        assert rows[1:] == [["District 0", "100%", "25%"], ["District 3", "0%", "75%"]]
        said = front(client, period.slug)
        assert re.search(
            r"The shares of comments are of the \d+ that name one of these\. Nothing is weighted by this",
            said,
        )
        assert "so nothing can be laid beside these numbers" not in said

    def test_name_the_languages_in_which_nobody_wrote(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period, body="The deputies are needed on the roads of this county.")
        record_census(
            session,
            Margin.LANGUAGE,
            {"en": 70, "es": 20, "vi": 10},
            source=SOURCE,
            source_url="https://data.example.org/b16001",
            as_of=date(2025, 7, 1),
        )
        session.commit()
        run_once(HANDLERS)

        report = page(client.get(f"/en/reports/{period.slug}"))

        assert "No posted comment is written in: Spanish, Vietnamese." in front(client, period.slug)
        makers.comment(session, period, body="Nobody has read yet in which language this is written.")
        session.commit()
        run_once({"count": HANDLERS["count_comments"]})
        assert "No posted comment is written in" not in front(client, period.slug)
        assert report.links()["Read the source"] == "https://data.example.org/b16001"
        assert "Source: Census Bureau, table B01003, as of July 1, 2025." in report.text()

    def test_are_said_to_be_missing(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)

        assert "so nothing can be laid beside these numbers" in front(client, period.slug)


class TestWhatIsNotInTheNumbers:
    def test_tells_of_each_why(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        report = page(client.get(f"/en/reports/{period.slug}"))

        rows = table(report, "What has become of the comments that were received")

        assert all(row[2] for row in rows)
        listed = [int(row[1]) for row in rows[1:-1]]
        assert sum(listed) == int(rows[-1][1]) == 61

    def test_tells_what_is_posted_and_still_not_in_every_number(
        self, session: Session, client: Client
    ) -> None:
        period = busy_period(session)
        makers.comment(session, period)
        session.commit()

        said = page(client.get(f"/en/reports/{period.slug}")).text()

        assert "1 new or changed comment waits to be counted: it is in no number yet." in said
        assert re.search(r"Not read by the program yet, so without tone, language and concerns: \d+\.", said)
        assert re.search(r"Without a declared position: \d+\. None is guessed for them\.", said)
        assert "The form takes nothing after the deadline." in said

    def test_leads_to_what_fits_no_concern(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period, body="Lorem ipsum dolor sit amet on a bridge.")
        session.commit()
        run_once(HANDLERS)

        links = page(client.get(f"/en/reports/{period.slug}")).links()

        href = links["What they are about"]
        assert href.endswith("/concerns/other_unclassified")
        assert "1 25%" not in page(client.get(href)).text()
        assert client.get(href).status_code == 200
