"""An indicator in words and addresses, used by its page, by the record's page and by its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.dockets.models import Docket
from engage.meetings.models import Meeting
from engage.oversight import words
from engage.oversight.figures import first_months
from engage.oversight.models import Indicator, Unit
from engage.oversight.promises import PromiseYear, is_missed, promise_years
from engage.oversight.queries import MOST_TOLD_APART, Watched
from engage.oversight.stretches import Stretch
from engage.oversight.told import (
    ADDING_UNITS,
    REST,
    SMALL_UNITS,
    TOTAL,
    Cell,
    State,
    ToldStretch,
    ToldVersion,
)
from engage.oversight.values import said
from engage.web.locale import site_day

MOST_NAMED = 3
"""So many late stretches are named one by one; the table has them all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column: the number of its pattern (None: not told), and its share of the chart's height."""

    pattern: int | None
    bottom: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch in a chart. Only numbers that are told have a height."""

    label: str
    state: str
    pieces: tuple[Piece, ...]
    is_break: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart draws: its columns, its highest mark, the names of the patterns, and a description."""

    columns: tuple[Column, ...]
    top: str
    legend: tuple[str, ...]
    description: str
    has_hidden: bool
    has_missing: bool
    has_break: bool


class IndicatorPage:
    """One indicator for everybody. ``meetings`` are those that this site counted, by stretch."""

    def __init__(
        self, docket: Docket, watched: Watched, meetings: dict[Stretch, list[Meeting]] | None = None
    ) -> None:
        self.docket = docket
        self.watched = watched
        self.indicator: Indicator = watched.indicator
        self.today = watched.today
        self.meetings = meetings or {}

    @property
    def unit(self) -> Unit:
        """What is counted."""
        return self.indicator.unit

    @property
    def is_small(self) -> bool:
        """Whether small numbers are not told."""
        return self.unit in SMALL_UNITS

    @property
    def has_bounds(self) -> bool:
        """Whether a number is told as below another."""
        versions = (version for row in self.watched.stretches for version in row.versions)
        return any(cell.below is not None for version in versions for cell in version.cells.values())

    @property
    def unit_name(self) -> str:
        """What is counted, in a word."""
        return str(words.UNIT_NAMES[self.unit])

    @property
    def after_number(self) -> str:
        """What stands after a value."""
        return words.after_number(self.unit)

    @property
    def latest(self) -> ToldStretch | None:
        """The last stretch with figures."""
        return self.watched.latest

    @property
    def latest_said(self) -> str:
        """The last value in words."""
        current = self.latest.current if self.latest else None
        return words.cell(current.total, self.unit) if current else ""

    @property
    def keys(self) -> list[str]:
        """The columns of the table: categories, the rest where there ever is one, the total."""
        known = [category.key for category in self.indicator.categories]
        versions = [version for row in self.watched.stretches for version in row.versions]
        has_rest = any(REST in version.cells for version in versions)
        return [*known, *([REST] if has_rest else []), TOTAL]

    def name(self, key: str) -> str:
        """What a category is called."""
        return words.category_name(self.indicator, key)

    def said(self, version: ToldVersion, key: str) -> str:
        """A value of a version in words; empty where it has none, as what is in no category."""
        told = version.cells.get(key)
        if told is None:
            return str(words.cell(version.total, self.unit)) if version.is_kept_back else ""
        return words.cell(told, self.unit)

    def is_break(self, row: ToldStretch) -> bool:
        """Whether a stretch is the first that is measured in a new way."""
        return any(
            method.number > 1 and method.valid_from == row.stretch.first_on
            for method in self.indicator.methods
        )

    def days_late(self, row: ToldStretch) -> int:
        """How many days after they were due the first figures of a stretch came; 0 for those in time, and for
        those that were due before residents could read of the indicator at all.
        """
        shown_at = self.indicator.published_at
        if not row.versions or shown_at is None or row.due_on < site_day(shown_at):
            return 0
        return max(0, (site_day(row.versions[0].published_at) - row.due_on).days)

    def is_missed(self, row: ToldStretch) -> bool:
        """Whether nothing happened in a stretch for which something was promised."""
        value = row.current.total.hundredths if row.current else None
        return value is not None and is_missed(row.stretch, value, self.indicator.promised)

    @property
    def missed(self) -> list[ToldStretch]:
        """The stretches in which nothing happened though it was promised, the last first."""
        return [row for row in reversed(self.watched.published) if self.is_missed(row)]

    def missing(self, version: ToldVersion | None) -> list[str]:
        """The categories that its total may be without, as they were not collected. None where no category
        was: then the total was counted by itself.
        """
        if version is None or self.unit not in ADDING_UNITS or version.total.hundredths is None:
            return []
        known = [category.key for category in self.indicator.categories]
        cells = version.cells
        found = [key for key in known if key in cells and cells[key].state is State.NOT_COLLECTED]
        return found if len(found) < len(known) else []

    def missing_names(self, version: ToldVersion | None) -> str:
        """Their names in one line; empty where the total has all."""
        return ", ".join(self.name(key) for key in self.missing(version))

    def change(self, row: ToldStretch) -> str:
        """The latest value against the one before, where both are told and measured in the same way, the same
        categories were collected, the one follows the other, and none of them was cut short.
        """
        rows = self.watched.published
        place = rows.index(row) if row in rows else 0
        if place == 0 or row.current is None:
            return ""
        before = rows[place - 1]
        if before.current is None:
            return ""
        if not before.stretch.is_like(row.stretch) or not self._are_alike(before.current, row.current):
            return ""
        now, then = row.current.total.hundredths, before.current.total.hundredths
        if now is None or then is None:
            return ""
        sign = "+" if now > then else "−" if now < then else "±"
        return f"{sign}{said(abs(now - then), self.unit)}"

    def _are_alike(self, one: ToldVersion, other: ToldVersion) -> bool:
        """Whether two totals count the same in the same way."""
        return one.method == other.method and self.missing(one) == self.missing(other)

    @property
    def has_new_method(self) -> bool:
        """Whether the last two published stretches were measured in different ways."""
        methods = [row.current.method for row in self.watched.published[-2:] if row.current]
        return len(set(methods)) > 1

    @property
    def has_other_parts(self) -> bool:
        """Whether not the same categories were collected for the last two published stretches."""
        missing = [self.missing(row.current) for row in self.watched.published[-2:]]
        return any(one != missing[0] for one in missing)

    @property
    def promise(self) -> list[PromiseYear]:
        """What was promised beside what happened, for the years of this page; nothing where nothing was."""
        if self.indicator.promised is None:
            return []
        figures = [
            (row.stretch, row.current.total.hundredths)
            for row in self.watched.published
            if row.current and row.current.total.hundredths is not None
        ]
        every = promise_years(
            figures,
            self.indicator.promised,
            starts_on=self.indicator.starts_on,
            ended_on=self.indicator.ended_on,
            today=self.today,
            first_months=first_months(self.indicator),
        )
        return [year for year in every if self.watched.window.has_year(year.year)]

    @property
    def overdue(self) -> list[ToldStretch]:
        """The first of the stretches of this page that are late."""
        return self.watched.overdue[:MOST_NAMED]

    @property
    def more_overdue(self) -> int:
        """How many more are late, also on other pages."""
        return max(0, self.watched.standing.overdue - len(self.overdue))

    @property
    def chart(self) -> Chart:
        """The figures as columns, the earliest first."""
        rows = self.watched.stretches
        totals = [row.current.total.hundredths for row in rows if row.current]
        top = max([100, *(total for total in totals if total is not None)])
        legend = self._legend()
        columns = tuple(self._column(row, top, bool(legend)) for row in rows)
        return Chart(
            columns=columns,
            top=said(top, self.unit),
            legend=tuple(self.name(key) for key in legend),
            description=self._described(rows),
            has_hidden=any(
                column.state in (State.HIDDEN, State.BELOW)
                or any(piece.pattern is None for piece in column.pieces)
                for column in columns
            ),
            has_missing=any(column.state == State.NOT_COLLECTED for column in columns),
            has_break=any(column.is_break for column in columns),
        )

    def _legend(self) -> list[str]:
        """The categories that are stacked; none where a chart could not tell them apart."""
        keys = [key for key in self.keys if key != TOTAL]
        return keys if 0 < len(keys) <= MOST_TOLD_APART and self.unit in ADDING_UNITS else []

    def _column(self, row: ToldStretch, top: int, is_stacked: bool) -> Column:
        total = row.current.total if row.current else Cell(State.NOT_COLLECTED)
        pieces: tuple[Piece, ...] = ()
        if total.hundredths and row.current:
            parts = self._parts(row.current, total.hundredths) if is_stacked else [(0, total.hundredths)]
            pieces = tuple(_stacked(parts, top))
        return Column(words.when(row.stretch), total.state, pieces, self.is_break(row))

    def _parts(self, version: ToldVersion, total: int) -> list[tuple[int | None, int]]:
        """The told numbers, from the bottom, and what is left of the total: the sum of those hidden."""
        told = [
            (place, cell.hundredths)
            for place, key in enumerate(self._legend())
            if (cell := version.cells.get(key)) and cell.hundredths
        ]
        left = total - sum(value for _place, value in told)
        return [*told, *([(None, left)] if left else [])]

    def _described(self, rows: Sequence[ToldStretch]) -> str:
        said = []
        for row in rows:
            value = words.cell(row.current.total, self.unit) if row.current else str(words.MISSING)
            start = f"{words.BREAK}: " if self.is_break(row) else ""
            said.append(f"{start}{words.when_inside(row.stretch)}: {value}")
        return "; ".join(said)


def _stacked(parts: Sequence[tuple[int | None, int]], top: int) -> list[Piece]:
    pieces, bottom = [], 0.0
    for pattern, value in parts:
        height = value / top
        pieces.append(Piece(pattern, bottom, height))
        bottom += height
    return pieces
