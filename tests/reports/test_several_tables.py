"""Sections of which a report has several tables, or that count something else than comments, in its files."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from flask import Flask
from openpyxl.workbook.workbook import Workbook

from engage.reports import table_file, workbook
from engage.reports.document.blocks import Column, Row, Section, Table
from engage.reports.table_words import SHEETS, sheet_of
from tests.reports.made import VERSION, reader, report_page


def beside(within: str, heading: str) -> Table:
    return Table(
        id="residents",
        within=within,
        title=f"Comments and residents by {within}",
        heading=heading,
        columns=(Column(name="comments", label="Comments"), Column(name="residents", label="Residents")),
        rows=(
            Row(key="a", label="A", count=5, by="comments", base=9),
            Row(key="a", label="A", count=61_400, by="residents", base=90_000),
        ),
        is_crossed=True,
    )


def plain(table_id: str, heading: str, counted: str) -> Table:
    columns = (Column(name="count", label=counted),)
    rows = (Row(key="one", label="One", count=1),)
    return Table(id=table_id, title=f"Of {table_id}", heading=heading, columns=columns, rows=rows)


SECTIONS = [
    Section("first", "First"),
    Section("beside", "Beside", (beside("district", "District"), beside("language", "Language"))),
    Section("answers", "Answers", (plain("answers", "Answer", "Concerns"),)),
    Section("who", "Who", (plain("comments", "Comments", "Comments"),)),
    Section("odd", "Odd", (plain("odd_one", "Odd", "Number"), plain("odd_one", "Odd", "Number"))),
]


def test_the_dictionary_says_what_all_tables_of_a_section_count(bare_site: Flask) -> None:
    with reader(bare_site):
        told = {(kind, name): str(meaning) for kind, name, meaning in table_file.dictionary_rows(SECTIONS)}

    assert told["section", "residents"] == (
        "Comments beside residents: a table by district, a table by language."
    )
    assert told["section", "answers"] == "Of answers"
    assert told["section", "odd_one"] == "Of odd_one"
    assert "residents" in told["column", "count"]
    assert "comments" not in told["column", "base"]


def test_a_row_says_in_which_of_several_tables_it_stands(bare_site: Flask) -> None:
    with reader(bare_site):
        heads, *rows = [[*table_file.COLUMNS], *table_file.number_rows(SECTIONS)]
    told = [dict(zip(heads, row, strict=True)) for row in rows]

    assert [row["part"] for row in told[:4]] == ["district", "district", "language", "language"]
    assert told[2]["table"] == "Comments and residents by language"


def test_a_sheet_says_what_it_counts_and_no_two_columns_are_called_alike(
    bare_site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "sections_of", lambda _page: SECTIONS)
    with reader(bare_site):
        book = opened(workbook.as_xlsx(report_page()))
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book.worksheets}

    assert heads["residents"][:3] == ["District / Language", "Column", "Number"]
    assert heads["answers"][:2] == ["Answer", "Concerns"]
    assert heads["comments"][:2] == ["What is counted", "Comments"]
    assert all(len(set(each)) == len(each) for each in heads.values())


def test_sheets_are_called_in_the_readers_language_and_the_dictionary_tells_both_names(
    bare_site: Flask,
) -> None:
    with reader(bare_site):
        english = opened(workbook.as_xlsx(report_page(texts=["A text"], version=VERSION))).sheetnames[2:-1]
    with reader(bare_site, "es"):
        book = opened(workbook.as_xlsx(report_page(texts=["A text"], version=VERSION)))
        names = {sheet_of(section) for section in SHEETS}
        sections = {
            row["section"] for row in csv.DictReader(io.StringIO(table_file.as_csv(report_page())[1:]))
        }
    told = {row[1]: row[2] for row in book.worksheets[-1].iter_rows(values_only=True) if row[0] == "sheet"}

    assert book.sheetnames[2:5] == ["comentarios", "posiciones", "preocupaciones"]
    assert told["preocupación por posición"] == "Los números de la sección «concern_by_position»."
    assert sections <= set(english) <= set(SHEETS)
    assert len(names) == len(SHEETS)
    assert max(map(len, names)) <= 31
    assert not [name for name in names if "_" in name]


def opened(made: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(made))
