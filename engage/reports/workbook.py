"""The report as a workbook (XLSX): what it is, a sheet for each kind of numbers, and a dictionary.

A text stays a text here: no cell is a formula, and none is an address that opens by itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import xlsxwriter
from flask_babel import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from engage.reports.document import address, sections_of
from engage.reports.document.blocks import Fact, Facts, Points, Row, Section, Table, Text, tables
from engage.reports.document.method import LICENCE, facts, limits_of_use
from engage.reports.page import ReportPage
from engage.reports.table_file import dictionary_rows
from engage.reports.table_words import MIXED, sheet_of
from engage.web.locale import localised

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LETTER = 1
_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BEFORE_ALL = datetime(2000, 1, 1)  # noqa: DTZ001 - the file's own date, which has no zone.

Cell = str | int | float | None


def as_xlsx(page: ReportPage) -> bytes:
    """The report as a workbook: the same bytes for the same page."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    sections = sections_of(page)
    with xlsxwriter.Workbook(buffer, options) as book:
        title = _writable(localised(page.period.title))
        made = page.version.published_at.replace(tzinfo=None) if page.version else _BEFORE_ALL
        book.set_properties({"title": title, "created": made, "comments": address(page)})
        sheets = _Sheets(book)
        sheets.write(_("About"), _about(page), widths=(34, 110))
        sheets.write(sections[0].title, _first_page(sections[0]), widths=(44, 18, 60))
        called = {
            section: sheets.write(sheet_of(section), _numbers(group), widths=_widths(group))
            for section, group in _groups(sections)
        }
        told = [*dictionary_rows(sections), *_sheet_rows(called)]
        sheets.write(_("Dictionary"), told, widths=(12, 30, 110))
    return buffer.getvalue()


class _Sheets:
    """Writes sheets whose first row is a heading that stays in sight."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._heading: Format = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}
        )
        self._text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._number: Format = book.add_format({"num_format": "#,##0.##", "valign": "top"})
        self._whole: Format = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._names: set[str] = set()

    def write(self, wanted: str, rows: Iterable[Sequence[object]], *, widths: Sequence[int]) -> str:
        """One sheet, its rows in their order; returns what it is called."""
        name = self._name(wanted)
        sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        # On paper as wide as a sheet, with the headings on each.
        sheet.set_paper(_LETTER)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        place = 0
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                self._cell(sheet, place, column, value)
        sheet.autofilter(0, 0, place, len(widths) - 1)
        return name

    def _cell(self, sheet: Worksheet, row: int, column: int, value: object) -> None:
        if value is None or value == "":
            return
        if isinstance(value, int | float):
            sheet.write_number(row, column, value, self._whole if isinstance(value, int) else self._number)
            return
        sheet.write_string(row, column, _writable(str(value)), self._text if row else self._heading)

    def _name(self, wanted: str) -> str:
        """A name that a spreadsheet takes, and that no other sheet has, whatever its case."""
        name = _NOT_IN_NAMES.sub(" ", wanted)[:_LONGEST_NAME].strip() or "–"
        number = 2
        while name.casefold() in self._names:
            ending = f" {number}"
            name = name[: _LONGEST_NAME - len(ending)].rstrip() + ending
            number += 1
        self._names.add(name.casefold())
        return name


def _writable(text: str) -> str:
    """A text as a cell can hold it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("", lines)[:_LONGEST_CELL]


def _about(page: ReportPage) -> list[tuple[Cell, ...]]:
    told: list[tuple[Cell, ...]] = [(_("What"), _("Value"))]
    told += [
        (_("Report"), localised(page.period.title)),
        (_("Docket"), localised(page.period.docket_title)),
        (_("Address"), address(page)),
        *((fact.label, fact.value) for fact in facts(page)),
    ]
    if page.version and page.version.document_digest:
        told.append((_("JSON in this language (SHA-256)"), page.version.document_digest))
    told.append((_("Licence"), LICENCE))
    return told + [(_("Limits"), text) for text in limits_of_use()]


def _first_page(section: Section) -> list[tuple[Cell, ...]]:
    told: list[tuple[Cell, ...]] = [(_("What"), _("Number"), _("Note"))]
    for block in section.blocks:
        if isinstance(block, Facts):
            told += [_fact(fact) for fact in block.items]
        elif isinstance(block, Table):
            told += [(block.title,), *_told_rows(block)]
        elif isinstance(block, Points):
            told += [(block.title,), *((item,) for item in block.items)]
        elif isinstance(block, Text):
            told.append((block.text,))
    return told


def _fact(fact: Fact) -> tuple[Cell, ...]:
    plain = fact.value.replace(",", "")
    return fact.label, int(plain) if plain.isdecimal() else fact.value, fact.note


def _told_rows(table: Table) -> Iterable[tuple[Cell, ...]]:
    headings = {column.name: column.label for column in table.columns}
    for row in table.rows:
        label = f"{row.label} – {headings[row.by]}" if table.is_crossed else row.label
        yield label, row.count, row.why if row.count is None else row.share


def _groups(sections: Iterable[Section]) -> list[tuple[str, list[Table]]]:
    """The tables by their id, which is the same in every language and version."""
    groups: dict[str, list[Table]] = {}
    for _section, table in tables(sections):
        if not table.is_repeated:
            groups.setdefault(table.id, []).append(table)
    return list(groups.items())


def _sheet_rows(called: Mapping[str, str]) -> Iterable[tuple[Cell, ...]]:
    """Which section stands on which sheet, where the sheet is called otherwise."""
    for section, name in called.items():
        if name != section:
            yield "sheet", name, _("The numbers of the section “%(section)s”.", section=section)


def _counted(table: Table) -> str:
    """What the numbers of a table count, as its own column says where it has only one."""
    if table.is_crossed:
        return str(_("Number") if table.id in MIXED else _("Comments"))
    own = [column.label for column in table.columns if column.name == "count"]
    return own[0] if own else str(_("Comments"))


def _numbers(group: Sequence[Table]) -> Iterable[tuple[Cell, ...]]:
    """One row a number, as in the CSV, with the headings of these tables. Long, so that it can be sorted."""
    first = group[0]
    counted = _counted(first)
    # No two columns of a sheet have one heading.
    heading = " / ".join(dict.fromkeys(table.heading for table in group))
    heading = heading if heading != counted else _("What is counted")
    about = (heading, _("Column")) if first.is_crossed else (heading,)
    yield (
        *about,
        counted, _("Of"), _("Percent"), _("Checked percent"), _("Low percent"), _("High percent"),
        _("Labels"), _("Not told"), _("Note"), _("Comments behind it"), _("Filter"), _("Table"), _("Key"),
    )  # fmt: skip
    for table in group:
        headings = {column.name: column.label for column in table.columns}
        for row in table.rows:
            names = (row.label, headings.get(row.by, "")) if first.is_crossed else (row.label,)
            yield (
                *names, row.count, row.base, _percent(row), row.checked, row.low, row.high,
                row.labels, _("yes") if row.hidden else None, row.why, row.href, row.how, table.title,
                _key(table, row),
            )  # fmt: skip
        if table.note:
            yield (table.note,)


def _percent(row: Row) -> float | None:
    """The share in percent with one decimal: a few of many are not none."""
    if row.percent is None or row.count is None or not row.base:
        return row.percent
    return round(100 * row.count / row.base, 1)


def _key(table: Table, row: Row) -> str:
    return "|".join(part for part in (table.id, table.within, row.key, row.by) if part)


def _widths(group: Sequence[Table]) -> tuple[int, ...]:
    about = (44, 28) if group[0].is_crossed else (44,)
    return (*about, 12, 12, 10, 10, 10, 10, 10, 10, 28, 60, 40, 40, 40)
