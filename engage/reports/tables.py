"""Concerns and positions by district, language, channel and time, with small cells left out. Pure.

What is hidden here is None: nobody who gets a table can tell what it was. See reports.hiding for what is
promised, and why the numbers without a trait stay exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engage.analysis import UNKNOWN
from engage.comments.filters import UNSTATED, CommentFilter
from engage.comments.models import Position
from engage.reports.behind import criteria
from engage.reports.hiding import ConcernsHidden, PositionsHidden, hidden_positions
from engage.reports.inputs import DistrictFacts, Numbers
from engage.reports.measures import TallyKey, tally_key
from engage.reports.summary import Line, Summary, days_of

BUSY = 100
"""With so many comments a day, time is told by days; else by months, of which more can be told."""

SIDES = frozenset({Position.SUPPORT, Position.OPPOSE})
"""The positions that are told one by one; others where each has people enough everywhere."""

_VAGUE = frozenset({UNSTATED, UNKNOWN})


@dataclass(frozen=True, slots=True)
class Row:
    """What was said: all comments that say it, and those of each column; None is not told."""

    line: Line
    cells: tuple[Line | None, ...]

    @property
    def tells_nothing(self) -> bool:
        """Whether all cells are hidden."""
        return all(cell is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Crosstab:
    """One table. ``of`` is positions or concerns; ``by`` districts, languages, channels, months or days.

    Shares are of the columns' comments. ``columns`` are those that can be told apart; ``apart`` have too few
    comments, or stand in for them. ``rows`` are those of which anything is told; ``untold`` the others.
    """

    of: str
    by: str
    columns: tuple[Line, ...]
    apart: tuple[Line, ...]
    rows: tuple[Row, ...]
    untold: tuple[Line, ...]

    def row(self, key: str) -> Row | None:
        """The row of a position or a concern, None where nothing is told of it."""
        return next((row for row in self.rows if row.line.key == key), None)

    @property
    def hides(self) -> bool:
        """Whether anything is not told."""
        return bool(self.apart or self.untold) or any(None in row.cells for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Trait:
    """By what is split: the columns, and each one's value as tallies have it."""

    by: str
    dimension: str
    columns: tuple[Line, ...]
    values: tuple[str, ...]


def is_told_by_day(numbers: Numbers) -> bool:
    """Whether crosses with time are told by days. Decided by what is exact, so it gives nothing away."""
    days, by_month = days_of(numbers)
    return not by_month and bool(days) and sum(line.n for line in days) >= BUSY * len(days)


def tables_of(summary: Summary, numbers: Numbers, districts: Sequence[DistrictFacts]) -> tuple[Crosstab, ...]:
    """All tables of a report: for each trait one of the positions and one of the concerns."""
    ids = {place.code: str(place.id) for place in districts}
    codes = {number: code for code, number in ids.items()}
    found: list[Crosstab] = []
    for trait in _traits(summary, ids):
        found += _Tables(summary, numbers, trait, codes).both()
    return tuple(found)


def every_cell(tables: Sequence[Crosstab]) -> list[Line]:
    """All numbers that the tables tell."""
    return [cell for table in tables for row in table.rows for cell in row.cells if cell is not None]


def _traits(summary: Summary, ids: Mapping[str, str]) -> list[_Trait]:
    districts = summary.districts
    traits = [
        _Trait("districts", "district", districts, tuple(ids.get(line.key, line.key) for line in districts))
    ]
    for by, dimension, lines in (
        ("languages", "language", summary.languages),
        ("channels", "channel", summary.channels),
        time_of(summary),
    ):
        traits.append(_Trait(by, dimension, lines, tuple(line.key for line in lines)))
    return traits


def time_of(summary: Summary) -> tuple[str, str, tuple[Line, ...]]:
    """By what spans of time something is told: label, dimension, and the spans in which comments came."""
    days = tuple(line for line in summary.days if line.n)
    if summary.by_month:
        return "months", "month", days
    if is_told_by_day(summary.count.numbers):
        return "days", "day", days
    months: dict[str, int] = {}
    for line in days:
        month = line.key[: len("2026-10")]
        months[month] = months.get(month, 0) + line.n
    return "months", "month", tuple(Line(key, n, CommentFilter(month=key)) for key, n in months.items())


class _Tables:
    """The two tables of one trait."""

    def __init__(
        self, summary: Summary, numbers: Numbers, trait: _Trait, districts: Mapping[str, str]
    ) -> None:
        self._summary = summary
        self._numbers = numbers
        self._trait = trait
        self._districts = districts
        self._positions = [line for line in summary.positions if any(self._cells("position", line.key))]
        self._people = [self._cells("position", line.key) for line in self._positions]
        self._hidden: PositionsHidden = hidden_positions(
            self._people,
            sides=[place for place, line in enumerate(self._positions) if line.key in SIDES],
            vague_columns=[place for place, line in enumerate(trait.columns) if line.key in _VAGUE],
        )

    def both(self) -> tuple[Crosstab, Crosstab]:
        """Positions first: what can be told of them decides what can be told of concerns."""
        rows = [
            self._row("position", line, {column for place, column in self._hidden.cells if place == row})
            for row, line in enumerate(self._positions)
        ]
        return self._table("positions", rows), self._table("concerns", self._concerns())

    def _concerns(self) -> list[Row]:
        if not self._people:
            return []
        hidden = ConcernsHidden(self._people, self._hidden)
        return [
            self._row(
                "concern",
                concern.line,
                hidden.hidden(
                    self._cells("concern", concern.key),
                    [
                        self._numbers.get(tally_key(("concern", "position"), (concern.key, line.key)), 0)
                        for line in self._positions
                    ],
                ),
            )
            for concern in self._summary.concerns
        ]

    def _table(self, of: str, rows: Sequence[Row]) -> Crosstab:
        columns = self._trait.columns
        told = [place for place in range(len(columns)) if any(row.cells[place] is not None for row in rows)]
        return Crosstab(
            of=of,
            by=self._trait.by,
            columns=tuple(columns[place] for place in told),
            apart=tuple(line for place, line in enumerate(columns) if place not in told),
            rows=tuple(
                Row(row.line, tuple(row.cells[place] for place in told))
                for row in rows
                if not row.tells_nothing
            ),
            untold=tuple(row.line for row in rows if row.tells_nothing),
        )

    def _row(self, dimension: str, line: Line, hidden: frozenset[int] | set[int]) -> Row:
        counts = self._cells(dimension, line.key)
        return Row(
            line,
            tuple(
                None if place in hidden else self._line(dimension, line.key, place, n)
                for place, n in enumerate(counts)
            ),
        )

    def _line(self, dimension: str, key: str, place: int, n: int) -> Line:
        column = self._trait.columns[place]
        behind = criteria(self._name(dimension, key, self._trait.values[place]), self._districts)
        return Line(column.key, n, CommentFilter() if behind is None else behind, column.n)

    def _cells(self, dimension: str, key: str) -> list[int]:
        return [self._numbers.get(self._name(dimension, key, value), 0) for value in self._trait.values]

    def _name(self, dimension: str, key: str, value: str) -> TallyKey:
        return tally_key((dimension, self._trait.dimension), (key, value))
