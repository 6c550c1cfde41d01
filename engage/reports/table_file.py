"""The report as one table (CSV), a row a number, and the dictionary of its columns and sections."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from engage.reports.document import sections_of
from engage.reports.document.blocks import Row, Section, Table, tables
from engage.reports.document.method import limits_of_use
from engage.reports.page import ReportPage
from engage.reports.table_words import SEVERAL
from engage.web.cells import safe_cell

COLUMNS = (
    "section", "key", "label", "within", "count", "base", "percent", "comments",
    "checked_percent", "low_percent", "high_percent", "labels",
    "within_label", "hidden", "why", "how", "part", "table",
)  # fmt: skip
"""Programs know the columns by their names and by their places: a new one comes last."""


def as_csv(page: ReportPage) -> str:
    """The report as one row a number. No cell begins as a formula does."""
    return _written([COLUMNS, *number_rows(sections_of(page))])


def dictionary(page: ReportPage) -> str:
    """What each column and each section of the table means, with licence and limits, as CSV."""
    return _written(dictionary_rows(sections_of(page)))


def number_rows(sections: Iterable[Section]) -> Iterator[tuple[object, ...]]:
    """Every number that the sections tell, once, in the columns of COLUMNS."""
    for _section, table in tables(sections):
        if not table.is_repeated:
            headings = {column.name: column.label for column in table.columns}
            for row in table.rows:
                yield _cells(table, row, headings)


def dictionary_rows(sections: Iterable[Section]) -> list[tuple[object, ...]]:
    """What the table's columns mean, what its sections count, and what must travel with numbers."""
    listed: list[tuple[object, ...]] = [("kind", "name", "meaning")]
    listed += [("column", name, meaning) for name, meaning in _columns().items()]
    titles: dict[str, list[str]] = {}
    for _section, table in tables(sections):
        if not table.is_repeated:
            titles.setdefault(table.id, []).append(table.title)
    listed += [("section", name, _meaning(name, told)) for name, told in titles.items()]
    listed += [("limit", str(number), text) for number, text in enumerate(limits_of_use(), 1)]
    return listed


def _meaning(section: str, titles: Sequence[str]) -> str:
    """What a section counts: as its table says, or as all its tables do."""
    if section in SEVERAL:
        return str(SEVERAL[section])
    return " / ".join(dict.fromkeys(titles))


def _columns() -> dict[str, str]:
    meanings = (
        _("Of which kind the number is: the kinds are listed below as sections."),
        _("What is counted, as a code that is the same in every language and version."),
        _("What is counted, in words."),
        _("Of what it is a part: the code of a concern, a position, a letter or a meeting."),
        _(
            "How many: comments, unless the section or “label” names something else, such as residents or "
            "bodies. Empty where the number is not told."
        ),
        _("Of how many the share is a share: of the same things that are counted."),
        _("The share in percent: whole in the CSV, rounded half up; with one decimal in the spreadsheet."),
        _("Where exactly these comments can be read."),
        _("The share as people's labels mend it, in percent. Empty where there are fewer than 100 labels."),
        _("The lower end of the range in which the true share lies in 95 of 100 draws, in percent."),
        _("The upper end of that range."),
        _("How many comments people labelled for it."),
        _("Of what it is a part, in words."),
        _(
            "“yes” where the number is not told because it is small, or because a small one could be "
            "worked out."
        ),
        _("Why a number is not told, or what else must be said of it."),
        _("The filter of the list of comments that finds those that are counted."),
        _("Which of several tables of the section: the code of a clause, a question or a kind of groups."),
        _("The title of the table in which the number stands."),
    )
    return dict(zip(COLUMNS, map(str, meanings), strict=True))


def _cells(table: Table, row: Row, headings: dict[str, str]) -> tuple[object, ...]:
    """In a table with two dimensions the column is what is counted, and the row is what it is within."""
    if table.is_crossed:
        key, label, within, within_label = row.by, headings.get(row.by, ""), row.key, row.label
    else:
        key, label, within, within_label = row.key, row.label, table.within, ""
    return (
        table.id, key, label, within, row.count, row.base, row.percent, row.href,
        row.checked, row.low, row.high, row.labels,
        within_label, "yes" if row.hidden else "", row.why, row.how, table.within, table.title,
    )  # fmt: skip


def _written(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([safe_cell("" if cell is None else cell) for cell in row] for row in rows)
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return "\ufeff" + buffer.getvalue()
