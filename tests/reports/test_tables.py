"""Tables that cross what was said with who said it: true, linked, and without what few people said."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import queries as comments
from engage.comments.models import Channel, CommentPeriod, Position
from engage.dockets.models import District
from engage.jobs.queue import run_once
from engage.reports.gather import open_report
from engage.reports.report import Report
from engage.reports.service import count_due
from engage.reports.tables import BUSY, every_cell, is_told_by_day
from tests.labelling.test_service import measured
from tests.reports.crowds import Crowd, facts_of, numbers_of
from tests.support import makers
from tests.support.pages import Client, page


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """140 comments from two large districts and a small one, and a few from elsewhere."""
    period = makers.comment_period(session)
    places = [
        District(code=f"d{number}", name=makers.both(f"District {number}"), position=number)
        for number in range(4)
    ]
    session.add_all(places)
    session.flush()
    for number in range(140):
        code = "cost_resources" if number % 3 else "family_unity"
        makers.comment(
            session,
            period,
            body=f"Text {number}",
            position=(Position.SUPPORT, Position.OPPOSE, None)[number % 3 if number % 2 else 1],
            district=places[0 if number < 60 else 1 if number < 110 else 2 if number < 125 else 3]
            if number < 130
            else None,
            channel=Channel.WEB if number % 5 else Channel.PHONE,
            received_on=date(2026, 9, 28) + timedelta(days=number % 40),
            analysis=measured("unclear", code),
            analysis_due=False,
        )
    session.commit()
    run_once({"count": count_due})
    return period


def report_of(session: Session, period: CommentPeriod) -> Report:
    session.expire_all()
    return open_report(session, comments.get_public_period(session, period.slug, utcnow()), utcnow())[0]


class TestCells:
    def test_each_is_the_number_of_comments_that_its_filter_finds(
        self, session: Session, period: CommentPeriod
    ) -> None:
        cells = every_cell(report_of(session, period).tables)

        assert len(cells) >= 15
        for cell in cells:
            assert comments.count(session, period, cell.filter, utcnow()) == cell.n, cell

    def test_below_ten_are_told_nowhere(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        """Not on the page, not as JSON, not as CSV; and no link leads to the comments behind one."""
        report = report_of(session, period)
        assert all(table.hides for table in report.tables if table.by == "districts")
        assert min(cell.n for cell in every_cell(report.tables)) >= 10
        told = {tuple(sorted(cell.filter.arguments.items())) for cell in every_cell(report.tables)}
        sections = client.get(f"/en/reports/{period.slug}.json").get_json()["sections"]
        (traits,) = [each for each in sections if each["id"] == "by-traits"]
        text = client.get(f"/en/reports/{period.slug}.csv").get_data().decode("utf-8-sig")
        rows = [row for row in csv.DictReader(io.StringIO(text)) if "_by_districts" in row["section"]]
        shown = page(client.get(f"/en/reports/{period.slug}"))

        cells = [row for block in traits["blocks"] if block["kind"] == "table" for row in block["rows"]]
        hidden = [row for row in cells if row["count"] is None]
        assert hidden
        assert not any(row.get("href") for row in hidden)
        assert len(cells) - len(hidden) == len(told)
        assert all((row["count"] == "") == (row["comments"] == "") for row in rows)
        assert {row["count"] for row in rows} >= {""}
        crossed = [
            href
            for link in shown.all(".//main//a")
            if "district=" in (href := link.get("href", "")) and "&" in href
        ]
        assert crossed
        assert {tuple(sorted(parse_qsl(urlsplit(href).query))) for href in crossed} <= told
        assert "not told" in {(cell.text or "").strip() for cell in shown.all(".//main//td")}

    def test_of_the_open_report_change_with_its_comments(
        self, session: Session, period: CommentPeriod
    ) -> None:
        before = every_cell(report_of(session, period).tables)
        session.execute(sa.text("UPDATE comment SET channel = 'mail', count_due = true"))
        session.commit()
        run_once({"count": count_due})

        after = report_of(session, period)

        assert {cell.key for cell in every_cell(after.tables)} >= {"mail"}
        assert len(before) > len(every_cell(after.tables)) - 4


class TestTime:
    def test_is_told_by_days_only_where_many_wrote_each_day(self) -> None:
        few, many = (facts_of(Crowd(1, number, days=10)) for number in (10 * BUSY - 1, 10 * BUSY))

        assert not is_told_by_day(numbers_of(few))
        assert is_told_by_day(numbers_of(many))


class TestConcern:
    def test_is_told_in_three_ways(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        for body, name in (
            ("One text.", "Ana López"), ("ONE text!", "ana  lopez"), ("Another.", "Ben"), ("one text", None),
        ):  # fmt: skip
            found = measured("unclear", "family_unity")
            makers.comment(session, period, body=body, name=name, analysis=found, analysis_due=False)
        session.commit()
        run_once({"count": count_due})

        sections = client.get(f"/en/reports/{period.slug}.json").get_json()["sections"]
        (each,) = [section for section in sections if section["id"] == "each-concern"]
        (counts,) = [block for block in each["blocks"] if block.get("id") == "concern_counts"]

        assert {row["by"]: row["count"] for row in counts["rows"]} == {
            "comments": 4,
            "texts": 2,
            "submitters_at_least": 2,
            "submitters_at_most": 3,
        }
