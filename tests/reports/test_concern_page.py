"""The page of one concern: three ways of counting, all splits, every number a link."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import queries as comments
from engage.comments.models import Position
from engage.jobs.queue import run_once
from engage.reports.detail import ConcernDetail, detail
from engage.reports.gather import open_report
from engage.reports.report import Report
from engage.worker import HANDLERS
from tests.reports.places import busy_period
from tests.reports.test_publish import published_period
from tests.reports.test_views import linked_numbers, number_in
from tests.support import makers
from tests.support.pages import Client, page


def report_of(session: Session, slug: str) -> Report:
    session.expire_all()
    return open_report(session, comments.get_public_period(session, slug, utcnow()), utcnow())[0]


def every_detail(report: Report) -> list[ConcernDetail]:
    found = [detail(report, concern.key) for concern in report.summary.concerns]
    return [each for each in found if each is not None]


def test_what_no_report_knows_is_not_looked_for(session: Session, client: Client) -> None:
    """Such as a character that no database takes."""
    period, _ = published_period(session, comments=6)

    for path in ("concerns/a%00b", "1/concerns/a%00b", "1/concerns/a%00b/rate", "1/concerns/nothing"):
        assert client.get(f"/en/reports/{period.slug}/{path}").status_code == 404, path


class TestConcernDetail:
    def test_has_no_number_that_its_list_does_not_have(self, session: Session) -> None:
        period = busy_period(session)
        lines = [
            line
            for each in every_detail(report_of(session, period.slug))
            for line in (
                each.concern.line,
                each.concern.denied,
                *each.concern.by_position,
                *each.tones,
                *each.parts,
                *(cell for trait in each.traits for cell in trait.cells),
            )
        ]

        wrong = [line for line in lines if comments.count(session, period, line.filter, utcnow()) != line.n]

        assert wrong == []
        assert len(lines) > 100

    def test_splits_add_up(self, session: Session) -> None:
        period = busy_period(session)

        for each in every_detail(report_of(session, period.slug)):
            n = each.concern.line.n
            assert sum(line.n for line in each.tones) == n
            assert sum(line.n for line in each.parts) == n
            assert sum(line.n for line in each.concern.by_position) == n

    def test_counts_submissions_texts_and_submitters(self, session: Session) -> None:
        period = makers.comment_period(session)
        for body, name in (
            ("Who pays for the overtime?", "Ana López"),
            ("who pays for the overtime", "ana lopez"),
            ("The cost of overtime is too high.", None),
            ("The taxpayers pay the cost.", "Ben"),
        ):
            makers.comment(session, period, body=body, name=name)
        session.commit()
        run_once(HANDLERS)

        told = detail(report_of(session, period.slug), "cost_resources")

        assert told is not None
        assert told.concern.line.n == 4
        assert (told.texts, told.fewest, told.most) == (3, 2, 3)

    def test_tells_no_small_number_by_district(self, session: Session) -> None:
        period = busy_period(session)

        told = every_detail(report_of(session, period.slug))

        cells = [cell.n for each in told for trait in each.traits for cell in trait.cells]
        assert all(n >= 10 for n in cells)
        assert any(trait.untold for each in told for trait in each.traits)

    def test_knows_its_neighbours(self, session: Session) -> None:
        period = busy_period(session)
        told = every_detail(report_of(session, period.slug))

        assert told[0].previous is None
        assert told[-1].next is None
        for before, after in pairwise(told):
            assert before.next == after.concern.key
            assert after.previous == before.concern.key
        assert [each.place for each in told] == list(range(1, len(told) + 1))

    def test_of_a_concern_that_nobody_raises_is_none(self, session: Session) -> None:
        period = busy_period(session, comments=6)
        report = report_of(session, period.slug)

        assert report.summary.concerns_absent
        assert detail(report, report.summary.concerns_absent[0]) is None


class TestConcernPage:
    def test_leads_with_each_number_to_as_many_comments(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        code = report_of(session, period.slug).summary.concerns[0].key

        links = linked_numbers(page(client.get(f"/en/reports/{period.slug}/concerns/{code}")), "/comments")

        assert len(links) > 8
        for href, numbers in links.items():
            assert numbers == {number_in(page(client.get(href)).text(".//h2[@id='found']"))}, href

    def test_is_reached_from_the_report_and_leads_on(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        first, second = report_of(session, period.slug).summary.concerns[:2]
        report = page(client.get(f"/en/reports/{period.slug}"))
        (href,) = {
            link
            for link in report.links().values()
            if link.endswith(f"/reports/{period.slug}/concerns/{first.key}")
        }

        concern = page(client.get(href))
        following = next(link for text, link in concern.links().items() if text.startswith("Next:"))

        assert following.endswith(f"/concerns/{second.key}")
        assert client.get(following).status_code == 200
        assert concern.links()["The words by which it is found"].endswith(f"/concerns#{first.key}")

    def test_says_so_where_nobody_raises_it(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)
        absent = report_of(session, period.slug).summary.concerns_absent[0]

        said = page(client.get(f"/en/reports/{period.slug}/concerns/{absent}")).text()

        assert "It was looked for and found in no posted comment." in said

    @pytest.mark.parametrize("code", ["nothing", "x" * 200, "%3Cscript%3E"])
    def test_of_no_concern_is_not_there(self, session: Session, client: Client, code: str) -> None:
        period = busy_period(session, comments=6)

        assert client.get(f"/en/reports/{period.slug}/concerns/{code}").status_code == 404

    def test_of_an_unpublished_period_is_not_there(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session, published_at=None)
        session.commit()

        assert client.get(f"/en/reports/{period.slug}/concerns/public_safety").status_code == 404

    def test_tells_both_sides_alike(self, session: Session, client: Client) -> None:
        """Exchange the two in a period, and these two change places on the page: nothing else changes."""
        plain, swapped = busy_period(session), busy_period(session, swapped=True)
        code = report_of(session, plain.slug).summary.concerns[0].key

        def figures(slug: str) -> dict[str, str]:
            told = detail(report_of(session, slug), code)
            assert told is not None
            return {line.key: str(line.n) for line in told.concern.by_position}

        before, after = figures(plain.slug), figures(swapped.slug)
        sides = {Position.SUPPORT: Position.OPPOSE, Position.OPPOSE: Position.SUPPORT}
        assert {sides.get(key, key): n for key, n in before.items()} == after  # type: ignore[call-overload]

        def shape(slug: str) -> str:
            text = page(client.get(f"/en/reports/{slug}/concerns/{code}")).text()
            return re.sub(r"[\d,]+%?|Period \d+|“[^”]*”", "#", text).split("Declared position")[0]

        assert shape(plain.slug) == shape(swapped.slug)
