"""The open report: every number is true, leads to what it counts, and favours nobody."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.backup.marks import mark_file
from engage.clock import utcnow
from engage.comments import queries as comments
from engage.comments.filters import CommentFilter
from engage.comments.models import Disposition, Position
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.reports.gather import open_report
from engage.reports.page import rounding_note, share_text
from engage.reports.summary import Line, Summary
from engage.worker import HANDLERS
from tests.reports.lines import every_line
from tests.reports.places import busy_period
from tests.support import makers
from tests.support.databases import Sandbox
from tests.support.pages import Client, Page, page

SignIn = Callable[..., Client]


def summary_of(session: Session, slug: str) -> Summary:
    session.expire_all()
    return open_report(session, comments.get_public_period(session, slug, utcnow()), utcnow())[0].summary


def number_in(text: str) -> int:
    found = re.match(r"\s*([\d,]+)", text)
    assert found, f"no number in “{text}”"
    return int(found[1].replace(",", ""))


def linked_numbers(report: Page, path: str) -> dict[str, set[int]]:
    """Every address below a path of the site that a number of the page leads to, and these numbers."""
    found: dict[str, set[int]] = {}
    for link in report.all(".//main//a"):
        href = link.get("href", "")
        text = " ".join("".join(link.itertext()).split())
        if urlsplit(href).path.endswith(path) and re.fullmatch(r"[\d,]+", text):
            found.setdefault(href, set()).add(number_in(text))
    return found


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The statements that the site sends to its database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


class TestNumbers:
    def test_each_is_the_number_of_comments_that_its_filter_finds(self, session: Session) -> None:
        period = busy_period(session)
        lines = every_line(summary_of(session, period.slug))

        wrong = [
            (line, found)
            for line in lines
            if (found := comments.count(session, period, line.filter, utcnow())) != line.n
        ]

        assert wrong == []
        assert len({line.filter for line in lines if line.n}) > 100

    def test_each_on_the_page_leads_to_as_many_comments(self, session: Session, client: Client) -> None:
        """Walks over every link with a number in it, in the reading room's own words."""
        period = busy_period(session)
        links = linked_numbers(page(client.get(f"/en/reports/{period.slug}")), "/comments")

        assert len(links) > 100
        for href, numbers in links.items():
            assert numbers == {number_in(page(client.get(href)).text(".//h2[@id='found']"))}, href

    def test_each_is_a_link_unless_it_is_none(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        report = page(client.get(f"/en/reports/{period.slug}"))

        bare = []
        for table in report.all(".//main//table"):
            name = "".join(table.find("caption").itertext())  # type: ignore[union-attr]
            for cell in table.findall(".//td[@class='table__number']"):
                text = "".join(cell.itertext()).strip()
                if re.fullmatch(r"[\d,]+", text) and text != "0" and cell.find("a") is None:
                    bare.append((name, text))

        # In public no list of comments is made by a position that is only suggested.
        assert {name for name, _ in bare} == {
            "What has become of the comments that were received",
            "Comments that declare no position, by suggested position",
        }

    def test_of_hidden_comments_lead_a_moderator_to_them_and_nobody_else(
        self, session: Session, client: Client, sign_in: SignIn
    ) -> None:
        period = busy_period(session)
        url = f"/en/reports/{period.slug}"
        moderator = sign_in(RoleName.MODERATOR)
        links = linked_numbers(page(moderator.get(url)), "/staff/comments")

        assert len(links) == 10
        assert {number for numbers in links.values() for number in numbers} == {1, 2, 3}
        for href, numbers in links.items():
            found = re.search(r"([\d,]+) comments?\b", page(moderator.get(href)).text())
            assert numbers == {number_in(found[1]) if found else None}, href
        assert linked_numbers(page(client.get(url)), "/staff/comments") == {}
        assert linked_numbers(page(sign_in(RoleName.OFFICIAL).get(url)), "/staff/comments") == {}

    def test_account_for_everything_that_was_received(self, session: Session) -> None:
        summary = summary_of(session, busy_period(session).slug)

        assert summary.received == 48 + 9 + 3 + 1
        assert (summary.posted.n, summary.restricted, summary.waiting, summary.withdrawn) == (48, 9, 3, 1)
        for group in (summary.positions, summary.tones, summary.channels, summary.days, summary.districts):
            assert sum(line.n for line in group) == summary.posted.n
        assert summary.named.n + summary.unnamed.n == summary.posted.n
        assert sum(line.n for line in summary.languages) == summary.measured
        assert sum(line.n for line in summary.analysers) == summary.measured
        not_scored = next(line.n for line in summary.tones if line.key == "not_scored")
        assert sum(line.n for line in summary.tone_reasons) == not_scored > 0
        for concern in summary.concerns:
            assert sum(line.n for line in concern.by_position) == concern.line.n >= concern.denied.n

    def test_tell_texts_and_submitters_as_far_as_they_are_known(self, session: Session) -> None:
        period = makers.comment_period(session)
        for body, name, organisation in (
            ("One text.", "Ana López", None),
            ("ONE text!", "ana  lopez", None),
            ("Another.", "Ana López", "Faith Alliance"),
            ("Another one.", None, None),
            ("one text", None, None),
        ):
            makers.comment(session, period, body=body, name=name, organisation=organisation)
        session.commit()
        run_once(HANDLERS)

        summary = summary_of(session, period.slug)
        assert (summary.texts, summary.repeated_texts, summary.in_repeated_texts) == (3, 1, 3)
        assert (summary.fewest_submitters, summary.most_submitters) == (2, 4)

    def test_wait_to_be_counted_is_said(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)
        makers.comment(session, period)
        session.commit()

        said = page(client.get(f"/en/reports/{period.slug}")).text()

        assert "1 new or changed comment is waiting to be counted." in said

    def test_of_a_mixture_of_analysers_are_said_to_be_one(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        report = page(client.get(f"/en/reports/{period.slug}"))

        assert "measured by different versions" in report.text()
        assert "0+older" in report.text()
        assert "The analyser has not read it yet." in report.text()


@pytest.fixture
def busy_told(
    session: Session, sandbox: Sandbox, client: Client, monkeypatch: pytest.MonkeyPatch
) -> Callable[[bool], dict[str, Any]]:
    """The JSON of a busy period in each language, with the two sides exchanged or not. It is the only one in
    its database, and all that is drawn at random in it is drawn alike each time.
    """

    def told(swapped: bool) -> dict[str, Any]:
        session.close()
        sandbox.renew(db.engine)
        mark_file().unlink(missing_ok=True)
        drawn = random.Random(287)  # noqa: S311 - the same ids at every run
        monkeypatch.setattr("secrets.randbits", drawn.getrandbits)
        monkeypatch.setattr("secrets.choice", drawn.choice)
        monkeypatch.setattr("secrets.token_bytes", lambda n=32: drawn.randbytes(n))
        monkeypatch.setattr("secrets.token_hex", lambda n=32: drawn.randbytes(n).hex())
        period = busy_period(session, swapped=swapped)
        slug, docket = period.slug, period.docket.slug
        read = {code: client.get(f"/{code}/reports/{slug}.json").text for code in ("en", "es")}
        return {
            code: json.loads(one.replace(slug, "the-period").replace(docket, "the-docket"))
            for code, one in read.items()
        }

    return told


_PAIRS = (("support", "oppose"), ("Support", "Oppose"), ("A favor", "En contra"))
_OTHER_SIDE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_SIDE = re.compile(
    r"(?<![A-Za-z ])(?:support|oppose)(?![A-Za-z ])"
    r"|(?:^|(?<=“))(?:Support|Oppose|A favor|En contra)(?=[:”]|$)"
)


def test_support_and_oppose_are_told_alike(busy_told: Callable[[bool], dict[str, Any]]) -> None:
    """Exchange the two in a period, and these two change places in the report: nothing else changes."""
    plain, swapped = busy_told(False), busy_told(True)

    for language in ("en", "es"):
        one, other = _without_when(plain[language]), _without_when(swapped[language])
        # What is suggested comes from the words, which are the same in both.
        assert _without_suggestions(one) == _without_suggestions(other) != []
        assert _in_any_order(one) == _in_any_order(_exchanged(other))
        told = {section["id"]: section for section in one["sections"]}
        assert told["voices"]["sections"]
        assert told["letters"]["blocks"]
        assert _in_any_order(one) != _in_any_order(other)


def _without_when(content: dict[str, Any]) -> dict[str, Any]:
    """Without when it was counted, and whose period it is: names are numbered through the whole run."""
    counted = [
        fact
        for section in content["sections"]
        for block in section["blocks"]
        if section["id"] == "method" and block["kind"] == "facts"
        for fact in block["items"]
        if fact["label"] in ("Last counted", "Último conteo")
    ]
    assert len(counted) == 1
    counted[0]["value"] = ""
    return {name: value for name, value in content.items() if name not in ("counted_at", "period", "docket")}


def _without_suggestions(content: dict[str, Any]) -> list[Any]:
    """Take them out; returns them."""
    taken = [content["checked"].pop("suggestions")]
    (checked,) = (section for section in content["sections"] if section["id"] == "checked")
    taken += [block for block in checked["blocks"] if block.get("id") == "checked_suggestions"]
    checked["blocks"] = [block for block in checked["blocks"] if block not in taken]
    return taken


def _exchanged(value: Any) -> Any:
    """With the two sides exchanged, as codes and as labels, wherever they stand for a side."""
    if isinstance(value, dict):
        return {str(_exchanged(key)): _exchanged(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_exchanged(inner) for inner in value]
    return _SIDE.sub(lambda found: _OTHER_SIDE[found[0]], value) if isinstance(value, str) else value


def _in_any_order(value: object) -> object:
    if isinstance(value, dict):
        return {key: _in_any_order(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((_in_any_order(inner) for inner in value), key=repr)
    return value


class TestShares:
    @pytest.mark.parametrize(
        ("n", "base", "text"),
        [
            (14, 45, "31%"),
            (1, 200, "1%"),
            (1, 201, "under 1%"),
            (200, 201, "over 99%"),
            (0, 5, "0%"),
            (5, 5, "100%"),
            (3, 0, ""),
        ],
    )
    def test_are_whole_percents_that_never_round_to_none_or_all(
        self, app: Flask, n: int, base: int, text: str
    ) -> None:
        with app.test_request_context("/en/"):
            assert share_text(Line("key", n, CommentFilter(), base)) == text

    @pytest.mark.parametrize(
        ("counts", "total"), [([1, 1, 1], "99%"), ([3, 3, 2], "101%"), ([1, 1], None), ([0], "0%")]
    )
    def test_that_do_not_add_up_say_so(self, app: Flask, counts: list[int], total: str | None) -> None:
        base = sum(counts) or 1
        with app.test_request_context("/en/"):
            note = rounding_note(Line("key", n, CommentFilter(), base) for n in counts)

        assert note == (f"Each share is rounded; together they add up to {total}." if total else "")

    def test_without_a_base_need_no_note(self, app: Flask) -> None:
        with app.test_request_context("/en/"):
            assert rounding_note([Line("key", 0, CommentFilter())]) == ""


class TestPage:
    @pytest.mark.parametrize("ending", ["", ".json", ".csv", "/texts"])
    def test_is_there_only_for_what_is_public(self, session: Session, client: Client, ending: str) -> None:
        draft = makers.comment_period(session, published_at=None)
        unpublished = makers.comment_period(session, docket=makers.docket(session, published_at=None))
        session.commit()

        for slug in (draft.slug, unpublished.slug, "nothing"):
            assert client.get(f"/en/reports/{slug}{ending}").status_code == 404

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_reads_well_without_any_comment(self, session: Session, client: Client, language: str) -> None:
        period = makers.comment_period(session)
        session.commit()

        response = client.get(f"/{language}/reports/{period.slug}")

        assert response.status_code == 200
        assert not page(response).all(".//main//svg[@role='img']")
        assert "%" not in page(response).text()

    def test_reads_well_where_everything_waits(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period, disposition=Disposition.RECEIVED)
        session.commit()
        run_once(HANDLERS)

        said = page(client.get(f"/en/reports/{period.slug}")).text()

        assert "No comment is posted yet, so there is nothing to report." in said
        assert "Comments that wait for a moderator are counted here once they are posted." in said

    def test_says_what_the_sample_is_not(self, session: Session, client: Client) -> None:
        period = busy_period(session)

        box = page(client.get(f"/en/reports/{period.slug}")).text(
            ".//section[@aria-labelledby='sample-title']"
        )

        assert "These 48 comments are from people and organizations who chose to write." in box
        assert "says nothing about what share of all residents" in box
        assert "No posted comment names these districts: District 3." in box
        assert re.search(r"Without a name or organization: \d+ of 48 \(\d+%\)\.", box)
        assert re.search(r"\d+ of 48 comments \(\d+%\) have a text that others sent too", box)

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_never_speaks_for_residents(self, session: Session, client: Client, language: str) -> None:
        said = page(client.get(f"/{language}/reports/{busy_period(session).slug}")).text().lower()

        for claim in ("residents think", "residents want", "the community", "majority", "most people"):
            assert claim not in said

    def test_keeps_tone_apart_from_position(self, session: Session, client: Client) -> None:
        said = page(client.get(f"/en/reports/{busy_period(session).slug}")).text()

        assert re.search(
            r"Support: \d+ of \d+ \(\d+%\) sound negative, \d+ of \d+ \(\d+%\) sound positive", said
        )
        assert re.search(
            r"Oppose: \d+ of \d+ \(\d+%\) sound negative, \d+ of \d+ \(\d+%\) sound positive", said
        )

    def test_shows_a_text_inert(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        response = client.get(f"/en/reports/{period.slug}")

        assert "<script>alert(1)</script>" in page(response).text()
        assert not page(response).all(".//main//script")

    def test_of_a_long_time_is_told_by_months(self, session: Session, client: Client) -> None:
        period = busy_period(session, every=timedelta(days=40))
        summary = summary_of(session, period.slug)

        assert summary.by_month
        assert [line.key for line in summary.days][:2] == ["2026-09", "2026-10"]
        assert len(summary.days) == 12
        report = page(client.get(f"/en/reports/{period.slug}"))
        assert "November 2026" in report.text()
        months = [href for href in linked_numbers(report, "/comments") if "month=" in href]
        assert number_in(page(client.get(months[0])).text(".//h2[@id='found']")) > 0

    def test_asks_the_database_as_often_for_many_comments_as_for_few(
        self, app: Flask, session: Session, client: Client
    ) -> None:
        few, many = (busy_period(session, comments=number).slug for number in (8, 120))
        numbers = []
        for slug in (few, many):
            with counted_statements(app) as statements:
                client.get(f"/en/reports/{slug}")
            numbers.append(len([one for one in statements if one.startswith("SELECT")]))

        assert numbers[0] == numbers[1] <= 36

    def test_lists_every_text_that_was_sent_more_than_once(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        for number in range(60):
            for _ in range(2 + number % 3):
                makers.comment(session, period, body=f"Text number {number}")
        session.commit()
        run_once(HANDLERS)
        report = page(client.get(f"/en/reports/{period.slug}"))
        (url,) = [
            href
            for text, href in report.links().items()
            if text == "All 60 texts that were sent more than once"
        ]

        first, second = page(client.get(url)), page(client.get(f"{url}?page=2"))

        links = [linked_numbers(one, "/comments") for one in (first, second)]
        assert [len(one) for one in links] == [50, 10]
        assert "60 texts" in first.text()
        for href, numbers in [*links[0].items()][::10] + [*links[1].items()][::5]:
            assert numbers == {number_in(page(client.get(href)).text(".//h2[@id='found']"))}


class TestFormats:
    def test_json_tells_the_same_numbers(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        summary = summary_of(session, period.slug)

        told = client.get(f"/en/reports/{period.slug}.json").get_json()

        assert told["received"] == summary.received
        assert told["posted"]["count"] == summary.posted.n
        assert {line["key"]: line["count"] for line in told["positions"]} == {
            line.key: line.n for line in summary.positions
        }
        assert {one["key"]: one["only_denied"]["count"] for one in told["concerns"]} == {
            one.key: one.denied.n for one in summary.concerns
        }
        assert told["positions"][0]["comments"] == (
            f"http://localhost/en/periods/{period.slug}/comments?position=support"
        )

    def test_json_is_not_sent_twice(self, session: Session, client: Client) -> None:
        url = f"/en/reports/{busy_period(session, comments=6).slug}.json"
        first = client.get(url)

        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")

    def test_csv_tells_the_same_numbers(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        summary = summary_of(session, period.slug)
        text = client.get(f"/en/reports/{period.slug}.csv").get_data().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))

        positions = {row["key"]: int(row["count"]) for row in rows if row["section"] == "positions"}
        assert positions == {line.key: line.n for line in summary.positions}
        plain = {row["key"]: int(row["count"]) for row in rows if row["section"] == "numbers"}
        assert plain["received"] == summary.received
        assert plain["not_posted:spam"] == 2
        assert len([row for row in rows if row["section"] == "concern_by_position"]) == 6 * len(
            summary.concerns
        )

    def test_no_cell_of_the_csv_begins_a_formula(self, session: Session, client: Client) -> None:
        text = client.get(f"/en/reports/{busy_period(session).slug}.csv").get_data().decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]

        assert [cell for cell in cells if cell.startswith("'=SUM(A1:A9)")]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


class TestReportList:
    def test_is_where_an_official_begins(self, session: Session, sign_in: SignIn) -> None:
        period = busy_period(session, comments=12)
        makers.comment(session, period)
        draft = makers.comment_period(session, published_at=None)
        session.commit()
        official = sign_in(RoleName.OFFICIAL)

        listed = page(official.get("/en/staff/reports"))

        assert listed.links(".//main//a")[period.title.en] == f"/en/reports/{period.slug}"
        assert listed.links(".//nav//a")["Reports"] == "/en/staff/reports"
        rows = listed.all(".//main//tbody/tr")
        row = next(one for one in rows if period.title.en in map(_said, one.iter("a")))
        assert list(map(_said, row))[2:5] == ["25", "12", "3"]
        assert "1 waits to be counted" in _said(row)
        assert draft.title.en in listed.text()
        assert f"/en/reports/{draft.slug}" not in listed.links().values()

    def test_leads_moderators_to_what_waits(self, session: Session, sign_in: SignIn) -> None:
        period = busy_period(session, comments=12)
        moderator = sign_in(RoleName.MODERATOR)

        links = linked_numbers(page(moderator.get("/en/staff/reports")), "/staff/comments")

        assert links == {
            f"/en/staff/comments?period={period.slug}": {25},
            f"/en/staff/comments?period={period.slug}&disposition=received": {3},
        }

    @pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.RESIDENT])
    def test_is_open_to_all_staff(self, session: Session, sign_in: SignIn, role: RoleName) -> None:
        assert sign_in(role).get("/es/staff/reports").status_code == 200

    def test_is_closed_to_residents(self, session: Session, client: Client) -> None:
        assert client.get("/en/staff/reports").status_code == 303

    def test_asks_the_database_as_often_for_many_periods_as_for_one(
        self, app: Flask, session: Session, sign_in: SignIn
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        numbers = []
        for periods in (1, 6):
            for _ in range(periods):
                makers.comment(session, makers.comment_period(session), position=Position.SUPPORT)
            session.commit()
            run_once(HANDLERS)
            with counted_statements(app) as statements:
                assert official.get("/en/staff/reports").status_code == 200
            numbers.append(len(statements))

        assert numbers[0] == numbers[1]


def _said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
