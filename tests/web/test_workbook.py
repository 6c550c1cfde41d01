"""Workbooks that are made piece by piece open like any other, and nothing in them is a formula."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest

from engage.web.workbook import Cell, Sheet, workbook
from engage.web.zipped import zipped

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", "<b>&\"'", "a\nb", " spaces ", "ñ 🙂"]


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(b"".join(workbook(sheets))))


def test_every_cell_comes_back_as_it_was() -> None:
    rows: list[list[Cell]] = [["name", "n"], [None, 2.5], ["", -3]]
    for number, text in enumerate(HOSTILE):
        rows.append([text, number])

    book = opened(("Answers & more", rows), ("About", [["x"]]))

    assert book.sheetnames == ["Answers & more", "About"]
    read = [[cell.value for cell in row] for row in book["Answers & more"].iter_rows()]
    assert read == [[value if value != "" else None for value in row] for row in rows]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_never_a_formula_or_an_error(text: str) -> None:
    cell = opened(("One", [[text]]))["One"]["A1"]

    assert cell.data_type in ("s", "inlineStr")


def test_characters_that_no_workbook_can_hold_are_left_out() -> None:
    assert opened(("One", [["a\0b\x1bc\ud800d"]]))["One"]["A1"].value == "abcd"


def test_columns_after_z_have_two_letters() -> None:
    sheet = opened(("Wide", [[f"c{number}" for number in range(800)]]))["Wide"]

    assert (sheet["Z1"].value, sheet["AA1"].value, sheet["ZZ1"].value) == ("c25", "c26", "c701")
    assert sheet["AAA1"].value == "c702"


def test_however_many_rows_it_has_it_takes_the_same_memory() -> None:
    def rows(number: int) -> Iterator[list[str | int]]:
        for n in range(number):
            yield [f"answer {n * 7919 % 1000}", n, "x" * 200]

    def peak(number: int) -> int:
        tracemalloc.start()
        size = sum(len(piece) for piece in workbook([("Rows", rows(number))]))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > number
        return found

    assert peak(8_000) < peak(1_000) + 300_000


def test_an_archive_is_whole_and_says_no_time() -> None:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zipped([("a.txt", ["á", "b"]), ("c.txt", [])]))))

    assert archive.testzip() is None
    assert archive.read("a.txt").decode() == "áb"
    assert {member.date_time[0] for member in archive.infolist()} == {1980}
