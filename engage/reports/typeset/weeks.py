"""Many days in print: the picture has them all, the table beside it weeks or months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _

from engage.reports.document.blocks import Row, Table
from engage.web.locale import day

MOST_DAYS = 14
"""As many days stand one by one."""

MOST_WEEKS = 14


def is_long(table: Table) -> bool:
    """Whether a table of days or months is too long to be printed row by row."""
    return table.chart == "time" and len(table.rows) > MOST_DAYS and all(map(_is_day, table.rows))


def summed(table: Table) -> Table:
    """The table with one row a week (Monday to Sunday), or a month where that were too many."""
    weeks = _groups(table.rows, by_week=True)
    is_weekly = len(weeks) <= MOST_WEEKS
    groups = weeks if is_weekly else _groups(table.rows, by_week=False)
    return replace(
        table,
        heading=_("Week from") if is_weekly else _("Month"),
        columns=tuple(column for column in table.columns if column.name == "count"),
        rows=tuple(_row(first, rows, is_weekly=is_weekly) for first, rows in groups.items()),
        note=" ".join(
            part for part in (table.note, _("The single days are in the spreadsheet of this report.")) if part
        ),
    )


def _is_day(row: Row) -> bool:
    if row.count is None:
        return False
    try:
        date.fromisoformat(row.key)
    except ValueError:
        return False
    return True


def _groups(rows: Sequence[Row], *, by_week: bool) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = {}
    for row in rows:
        here = date.fromisoformat(row.key)
        first = here - timedelta(days=here.weekday()) if by_week else here.replace(day=1)
        found.setdefault(first, []).append(row)
    return found


def _row(first: date, rows: Sequence[Row], *, is_weekly: bool) -> Row:
    """A week is called by its first day that is told of, so that none begins before the comments do."""
    begins = max(first, date.fromisoformat(rows[0].key))
    label = day(begins) if is_weekly else format_date(first, "LLLL y")
    return Row(key=first.isoformat(), label=label, count=sum(row.count or 0 for row in rows))
