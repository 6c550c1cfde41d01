"""What a report says in sentences: of how many its shares are, and why a number is another one elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import queries as comments
from engage.dockets.service import add_document, add_document_version
from engage.jobs.queue import run_once
from engage.lifecycle.outreach import OutreachTold
from engage.reports.clauses import clauses
from engage.reports.docket_facts import CensusFacts, ClauseFacts
from engage.reports.document import as_json, sections_of
from engage.reports.document.blocks import Section, Table, Text, tables
from engage.reports.gather import open_report
from engage.reports.measures import MACHINE_CONCERN, tally_key
from engage.reports.models import Margin
from engage.reports.page import ReportPage
from engage.worker import HANDLERS
from tests.reports.made import inputs, reader, report_page
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page


def sentences(section: Section) -> list[str]:
    return [block.text for block in section.blocks if isinstance(block, Text)]


def table_of(report: ReportPage, name: str) -> Table:
    return next(table for _section, table in tables(sections_of(report)) if table.id == name)


def test_withdrawn_comments_are_told_where_there_are_any(bare_site: Flask) -> None:
    numbers = {**inputs().numbers, tally_key(("disposition",), ("withdrawn",)): 3}

    with reader(bare_site):
        without, with_some = (
            " ".join(sentences(sections_of(report_page(inputs(numbers=given)))[0]))
            for given in (inputs().numbers, numbers)
        )

    assert "0 not posted." in without
    assert "withdrawn" not in without
    assert "0 not posted, 3 withdrawn." in with_some


def test_the_first_page_says_of_how_many_the_shares_of_districts_are(bare_site: Flask) -> None:
    counted = tuple(
        CensusFacts(Margin.DISTRICT, key, 100, both("Census"), None, date(2025, 7, 1)) for key in ("d0", "d1")
    )

    with reader(bare_site):
        found = table_of(report_page(inputs(census=counted)), "first_residents")

    base = found.rows[0].base
    assert base
    assert base < 1_234
    assert found.note == f"The shares of comments are of the {base} that name one of these."


def test_a_note_names_no_column_that_is_not_there(bare_site: Flask) -> None:
    with reader(bare_site):
        section = next(one for one in sections_of(report_page()) if one.id == "concerns")

    (note,) = [text for text in sentences(section) if "Only to deny it" in text]
    assert "they are among those counted above" in note


def test_what_the_program_alone_found_is_told_as_that(bare_site: Flask) -> None:
    """No number stands twice in a report without a word on why it is another."""
    machine = {tally_key((MACHINE_CONCERN,), ("concern_00",)): 600}

    with reader(bare_site):
        pages = [report_page(inputs(numbers={**inputs().numbers, **more})) for more in ({}, machine)]
        same, told = (as_json(one) for one in pages)

    assert "what the program alone found" not in same
    assert "what the program alone found" in told
    assert "No random sample has been checked yet, so it is not known how many" in told
    assert "Nobody has measured" not in told


def test_bodies_are_told_in_spanish_as_the_site_tells_them(bare_site: Flask) -> None:
    with reader(bare_site, "es"):
        found = table_of(report_page(inputs(outreach=OutreachTold(bodies=3, asked=2, unnamed=2))), "outreach")

    assert [row.label for row in found.rows][1:] == [
        "Consultadas",
        "Respondieron",
        "No quisieron participar",
        "Consultadas, sin nombrarlas",
    ]


class TestSilentClauses:
    OLD = ClauseFacts("1-aaaaaaaaaaaa", "1", both("Scope"), "draft", both("The draft"), 1, is_current=False)
    NEW = replace(OLD, key="1-bbbbbbbbbbbb", version=2, is_current=True)
    OTHER = replace(NEW, key="1-cccccccccccc", document="readiness", document_title=both("Readiness"))

    def silent(self, *given: ClauseFacts) -> list[tuple[str, list[str]]]:
        found = clauses(inputs(clauses=given)).silent_by_document
        return [(document.en, [facts.key for facts in listed]) for document, listed in found]

    def test_are_those_of_the_text_that_stood_when_the_period_closed(self) -> None:
        told = (replace(self.OLD, is_of_period=True), replace(self.NEW, is_of_period=False))

        assert self.silent(*told) == [("The draft", [self.OLD.key])]

    def test_are_told_as_before_in_a_report_that_was_kept_before(self) -> None:
        assert self.silent(self.OLD, self.NEW) == [("The draft", [self.NEW.key])]

    def test_stand_under_the_name_of_their_document(self, bare_site: Flask) -> None:
        assert [name for name, _keys in self.silent(self.NEW, self.OTHER)] == ["The draft", "Readiness"]
        numbers = {**inputs().numbers, tally_key(("clause",), (self.NEW.key,)): 5}
        with reader(bare_site):
            told = as_json(report_page(inputs(clauses=(self.NEW, self.OTHER), numbers=numbers)))
        assert "Clauses that no comment is about: Readiness" in told

    @pytest.mark.parametrize(("days", "words"), [(-5, "Second"), (5, "First")])
    def test_of_a_version_that_came_after_the_close_are_none(
        self, session: Session, client: Client, days: int, words: str
    ) -> None:
        now = utcnow()
        period = makers.comment_period(
            session, opens_at=now - timedelta(days=40), closes_at=now - timedelta(days=20)
        )
        made = add_document(
            session, period.docket, slug="draft", title=both("The draft"),
            body=both("1.1 First words."), published_at=now - timedelta(days=60),
        )  # fmt: skip
        add_document_version(
            session, made, body=both("1.1 Second words."), change_note=both("New."),
            published_at=period.closes_at + timedelta(days=days),
        )  # fmt: skip
        makers.comment(session, period)
        session.commit()
        run_once(HANDLERS)

        report = open_report(session, comments.get_public_period(session, period.slug, now), now)[0]
        shown = page(client.get(f"/en/reports/{period.slug}")).text()

        assert [facts.begins.en.split()[0] for facts in clauses(report.inputs).silent] == [words]
        assert "1 clause that no comment is about The draft 1.1" in shown
