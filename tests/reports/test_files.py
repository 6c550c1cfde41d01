"""A report as a file: there for who may read the report, with the same numbers, and inert in spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import openpyxl
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.comments.models import CommentPeriod, Disposition
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.reports import loading, table_file, workbook
from engage.reports.document import sections_of
from engage.reports.document.blocks import Column, Row, Section, Table, tables
from engage.reports.gather import open_report
from engage.reports.page import Version
from engage.reports.typeset import pdf
from engage.reports.views import files
from engage.worker import HANDLERS
from tests.reports.conftest import give_versions_addresses
from tests.reports.made import VERSION, inputs, reader, report_page
from tests.reports.places import busy_period
from tests.support import makers
from tests.support.pages import Client, page

PATHS = (".json", ".csv", "/dictionary.csv", ".xlsx", ".pdf", "/brief.pdf")
DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "http://x.example")


def addresses(slug: str, which: str = "") -> list[str]:
    """Every form of a report."""
    return [f"/en/reports/{slug}{which}{path}" for path in PATHS]


def rows_of(text: str) -> list[dict[str, str]]:
    """A CSV as a program reads it."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@dataclass(frozen=True, slots=True)
class Site:
    """A site whose periods all have these published versions, with the words and numbers of now."""

    client: Client
    versions: list[Version]


@pytest.fixture
def site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The site with versions as a test wants them."""
    versions: list[Version] = []

    def find(session: Session, period: CommentPeriod, number: int | None, now: datetime) -> object:
        found = [each for each in versions if number in (None, each.number)]
        return (*open_report(session, period, now), found[-1]) if found else None

    monkeypatch.setattr(loading, "_finders", [find])
    other = create_app(app.config["ENGAGE_SETTINGS"])
    give_versions_addresses(other)
    other.test_client_class = Client
    # Making a site says who finds versions; here the test says it.
    monkeypatch.setattr(loading, "_finders", [find])
    client = other.test_client()
    assert isinstance(client, Client)
    yield Site(client, versions)
    with other.app_context():
        db.engine.dispose()


class TestAddresses:
    @pytest.mark.parametrize("which", ["", "/open", "/1"])
    def test_are_there_only_for_what_is_public(self, session: Session, client: Client, which: str) -> None:
        draft = makers.comment_period(session, published_at=None)
        unpublished = makers.comment_period(session, docket=makers.docket(session, published_at=None))
        session.commit()

        for slug in (draft.slug, unpublished.slug, "nothing"):
            for address in addresses(slug, which):
                assert client.get(address).status_code == 404, address

    def test_of_a_version_are_there_once_it_is_published(self, session: Session, site: Site) -> None:
        period = makers.comment_period(session)
        session.commit()
        before = {site.client.get(address).status_code for address in addresses(period.slug, "/3")}
        site.versions.append(VERSION)

        assert before == {404}
        assert {site.client.get(address).status_code for address in addresses(period.slug, "/3")} == {200}
        assert {site.client.get(address).status_code for address in addresses(period.slug, "/4")} == {404}
        assert site.client.get(f"/en/reports/{period.slug}/{2**70}.pdf").status_code == 404

    def test_lead_to_the_latest_version_or_to_the_open_report(self, session: Session, site: Site) -> None:
        period = makers.comment_period(session)
        session.commit()
        url = f"/en/reports/{period.slug}"

        assert site.client.get(f"{url}.json").get_json()["version"] is None
        site.versions.append(VERSION)
        assert site.client.get(f"{url}.json").get_json()["version"]["number"] == 3
        assert site.client.get(f"{url}/open.json").get_json()["version"] is None

    def test_name_the_file_by_period_version_and_language(self, session: Session, site: Site) -> None:
        period = makers.comment_period(session)
        session.commit()
        site.versions.append(VERSION)

        def name(address: str) -> str:
            return site.client.get(address).headers["Content-Disposition"].partition("filename=")[2]

        assert name(f"/es/reports/{period.slug}/3.pdf") == f"{period.slug}-report-v3-es.pdf"
        assert name(f"/en/reports/{period.slug}/open/brief.pdf") == f"{period.slug}-brief-open-en.pdf"
        assert name(f"/en/reports/{period.slug}.xlsx") == f"{period.slug}-report-v3-en.xlsx"
        assert name(f"/en/reports/{period.slug}/3/dictionary.csv") == f"{period.slug}-dictionary-v3-en.csv"

    @pytest.mark.parametrize("path", PATHS)
    def test_send_nothing_twice(
        self, session: Session, client: Client, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        period = makers.comment_period(session)
        session.commit()
        url = f"/en/reports/{period.slug}/open{path}"
        first = client.get(url)
        # What is known is not even printed again.
        monkeypatch.setattr(files, "pdf_of", None)

        again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

        assert first.status_code == 200
        assert (again.status_code, again.data) == (304, b"")

    def test_stand_on_the_page_of_the_report(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)

        links = set(page(client.get(f"/en/reports/{period.slug}")).links().values())

        for path in PATHS:
            assert f"/en/reports/{period.slug}/open{path}" in links

    def test_answer_a_report_that_cannot_be_printed_with_a_page(
        self, session: Session, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        period = makers.comment_period(session)
        session.commit()

        def refuse(_order: object) -> bytes:
            raise pdf._Refused("no")

        monkeypatch.setattr(pdf, "_printed", refuse)
        answer = client.get(f"/en/reports/{period.slug}.pdf")

        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0

    def test_have_a_rate_of_their_own_for_what_is_printed(self, session: Session, limited: Flask) -> None:
        period = makers.comment_period(session)
        session.commit()
        browser = limited.test_client()
        url = f"/en/reports/{period.slug}/open/brief.pdf"
        known = {"If-None-Match": browser.get(url).headers["ETag"]}

        answers = [browser.get(url, headers=known).status_code for _ in range(30)]

        assert answers == [304] * 29 + [429]
        assert browser.get(f"/en/reports/{period.slug}.csv").status_code == 200


class TestWithdrawnWords:
    def test_are_in_no_form_any_more(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        comments = [makers.comment(session, period, body="Words of a regretful writer.") for _ in range(3)]
        session.commit()
        run_once(HANDLERS)
        urls = addresses(period.slug, "/open")
        before = client.get(urls[1]).text
        for comment in comments:
            comment.disposition, comment.body, comment.body_digest = Disposition.WITHDRAWN, "", ""
            comment.mark_changed()
        session.commit()
        run_once(HANDLERS)

        assert "Words of a regretful writer." in before
        for url in urls:
            assert b"regretful writer" not in client.get(url).data
        sheets = openpyxl.load_workbook(io.BytesIO(client.get(urls[3]).data))
        assert not [
            cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row
            if "Words that" in str(cell)
        ]  # fmt: skip


class TestTable:
    def test_has_its_old_columns_first(self, bare_site: Flask) -> None:
        with reader(bare_site):
            heads = table_file.as_csv(report_page()).splitlines()[0].removeprefix("\ufeff")

        assert heads == (
            "section,key,label,within,count,base,percent,comments,checked_percent,low_percent,high_percent,"
            "labels,within_label,hidden,why,how,part,table"
        )

    def test_tells_every_number_once_with_its_filter(self, bare_site: Flask) -> None:
        with reader(bare_site):
            rows = rows_of(table_file.as_csv(report_page()))
        named = {(row["section"], row["within"], row["key"]): row for row in rows}

        assert len(named) == len(rows) > 100
        row = named["concern_by_position", "concern_00", "oppose"]
        assert (row["label"], row["within_label"]) == ("Oppose", "Concern concern_00")
        assert set(row["how"].split("&")) == {"concern=concern_00", "position=oppose"}
        assert row["comments"].startswith("http://localhost/en/periods/first-draft/comments?")

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_has_a_dictionary_of_its_columns_and_sections(self, bare_site: Flask, language: str) -> None:
        with reader(bare_site, language):
            rows = rows_of(table_file.as_csv(report_page(texts=["A text"])))
            told = rows_of(table_file.dictionary(report_page(texts=["A text"])))
        meanings = {(row["kind"], row["name"]): row["meaning"] for row in told}

        assert {name for kind, name in meanings if kind == "column"} == set(table_file.COLUMNS)
        assert {name for kind, name in meanings if kind == "section"} == {row["section"] for row in rows}
        assert all(meanings.values())
        assert any("CC0" in text for (kind, _), text in meanings.items() if kind == "limit")

    def test_leaves_a_small_number_out_and_says_why(self) -> None:
        rows = list(table_file.number_rows([Section("where", "Where", (_table_with_a_hidden_number(),))]))

        told = dict(zip(table_file.COLUMNS, rows[1], strict=True))
        assert (told["count"], told["percent"], told["hidden"]) == (None, None, "yes")
        assert told["why"] == "fewer than 10"

    @pytest.mark.parametrize("words", DANGEROUS)
    def test_holds_no_formula(self, bare_site: Flask, words: str) -> None:
        with reader(bare_site):
            text = table_file.as_csv(report_page(texts=[words]))
        cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]

        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
        assert any(cell.endswith(words) for cell in cells)


class TestWorkbook:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_tells_every_number_of_the_document_as_a_number(self, bare_site: Flask, language: str) -> None:
        with reader(bare_site, language):
            made = workbook.as_xlsx(report_page(texts=["A text"], version=VERSION))
            sections = sections_of(report_page(texts=["A text"], version=VERSION))
        book = openpyxl.load_workbook(io.BytesIO(made))
        told = {
            row[-1]: row
            for sheet in book.worksheets[2:-1]
            for row in sheet.iter_rows(min_row=2, values_only=True)
            if row[-1]
        }
        wanted = [
            (table, row) for _, table in tables(sections) if not table.is_repeated for row in table.rows
        ]

        assert len(told) == len(wanted) > 100
        for table, row in wanted:
            cells = told["|".join(part for part in (table.id, table.within, row.key, row.by) if part)]
            start = 2 if table.is_crossed else 1
            assert cells[0] == row.label
            percent = round(100 * row.count / row.base, 1) if row.count is not None and row.base else None
            assert list(cells[start : start + 3]) == [row.count, row.base, percent]
            assert cells[start + 8 : start + 11] == (row.why or None, row.href, row.how or None)

    def test_says_what_it_is_and_keeps_its_headings_in_sight(self, bare_site: Flask) -> None:
        with reader(bare_site):
            book = openpyxl.load_workbook(io.BytesIO(workbook.as_xlsx(report_page(version=VERSION))))
        about = {row[0]: row[1] for row in book.worksheets[0].iter_rows(values_only=True)}

        assert book.sheetnames[:2] == ["About", "The report on one page"]
        assert book.sheetnames[-1] == "Dictionary"
        assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
        assert about["Version"] == "3"
        assert about["JSON in this language (SHA-256)"] == VERSION.document_digest
        assert about["Licence"] == "CC0-1.0"
        assert about["Limits"]
        assert max(sheet.column_dimensions["A"].width for sheet in book.worksheets) > 30

    @pytest.mark.parametrize("words", [*DANGEROUS, "a\x00b\x0bc\ud800", "x" * 40_000])
    def test_holds_no_formula_and_no_link_whatever_people_wrote(self, bare_site: Flask, words: str) -> None:
        with reader(bare_site):
            made = workbook.as_xlsx(report_page(texts=[words], title=words))
        book = openpyxl.load_workbook(io.BytesIO(made))
        cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]

        assert "f" not in {cell.data_type for cell in cells}
        assert not [cell for cell in cells if cell.hyperlink]
        shown = "".join(filter(str.isprintable, words))[:3]
        assert [cell for cell in cells if str(cell.value).strip()[:3] == shown]

    def test_is_the_same_bytes_for_the_same_report(self, bare_site: Flask) -> None:
        with reader(bare_site):
            made = {workbook.as_xlsx(report_page(texts=["A text"])) for _ in range(2)}

        assert len(made) == 1

    def test_of_nothing_can_be_opened(self, bare_site: Flask) -> None:
        with reader(bare_site):
            book = openpyxl.load_workbook(io.BytesIO(workbook.as_xlsx(report_page(inputs(numbers={})))))

        assert len(book.sheetnames) > 3

    def test_puts_what_is_of_one_kind_on_one_sheet_and_calls_no_two_alike(
        self, bare_site: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = _table_with_a_hidden_number()
        long = "A heading: with [signs] that no sheet may have / and too long"
        sections = (
            Section("first", "First"),
            Section("a", long, (one,), (Section("b", long, (_table_with_a_hidden_number("d2"),)),)),
            Section("c", long, (_table_with_a_hidden_number(table_id="other"),)),
        )
        monkeypatch.setattr(workbook, "sections_of", lambda _page: sections)
        with reader(bare_site):
            book = openpyxl.load_workbook(io.BytesIO(workbook.as_xlsx(report_page())))

        assert len(book.sheetnames) == 5
        assert book.worksheets[2].max_row == 5
        assert len({name.casefold() for name in book.sheetnames}) == 5
        assert [cell.value for cell in book.worksheets[2]["I"]] == ["Not told", None, "yes", None, "yes"]


def _table_with_a_hidden_number(within: str = "d1", table_id: str = "districts") -> Table:
    return Table(
        id=table_id,
        within=within,
        title="Districts",
        heading="District",
        columns=(Column(name="count", label="Comments"),),
        rows=(
            Row(key="north", label="North", count=40, base=50, percent=80),
            Row(key="south", label="South", count=None, base=50, hidden=True, why="fewer than 10"),
        ),
    )
