"""Which numbers of a report are not told, so that no small group of people can be worked out. Pure.

What is protected is what *few people of one kind said*: a table that crosses a trait of those who wrote
(district, language, channel, time) with what they said (position, concern). What is told exactly, however
small, and why:

- what was said: positions, tones, concerns, clauses, and the crosses among these. The words are public, one
  by one, and a report that hid a rare concern would hide an opinion;
- how many wrote, by district, language, channel and day. That tells who was heard, which is what a report
  must be honest about, and nothing of what anybody said.

The promise, to somebody who knows all of that and every cell that is told: a hidden cell that is below K
could as well be K or more (or everybody of its column, where the column has fewer). So could the number of
those in the same column who did not raise the concern. This is what a report can do, and not more: comments
are public with what their writers told of themselves, and whoever reads them can count. Suppression keeps a
table, a chart or a print from doing it for them, in a form that outlives the comment; it is no anonymity.

*Positions by a trait* share everybody out, so ``engage.survey.suppression`` decides. Columns with too few
people are *apart*: hidden whole, with others until they are K together.

*Concerns by a trait* do not: a comment raises any number of them. Each concern is a table of its own, raised
or not raised, tied to the others by the positions. Where any position is hidden in a column, no concern is
told there: people may then be moved between such columns, with all that they raise, and no told number
changes. In the other columns the positions are known. There a hidden cell can be as much as can flow to it:
from each position as many as raise the concern, through each cell of the table of positions as many as there
are, to each column that is told exactly as many as told. By Hoffman's circulation theorem it can be K where
for every set A of positions, N being the numbers of people,

    Σ over told columns of max(0, told − N[not A]) + max(0, K − N[not A, its column]) ≤ raised by A.

Where that fails for a small cell, more cells of the concern are hidden, beginning with the smallest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engage.survey.suppression import K, hidden_cells, hidden_in_line

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.int64]

Counts = Sequence[int]


@dataclass(frozen=True, slots=True)
class PositionsHidden:
    """Of a table of positions (rows) by a trait (columns): ``cells`` that are hidden, ``apart`` the columns
    that are hidden whole, ``closed`` the columns in which no concern is told.
    """

    cells: frozenset[tuple[int, int]]
    apart: frozenset[int]
    closed: frozenset[int]


def hidden_positions(
    table: Sequence[Counts], *, vague_rows: Collection[int] = (), vague_columns: Collection[int] = ()
) -> PositionsHidden:
    """What to hide of a table without empty rows or columns.

    Vague are the values that tell nothing of a person, such as “no district given”: they are hidden first.
    """
    # In the order of what they count, not of their names: no position is hidden for being called as it is.
    order = sorted(range(len(table)), key=lambda row: (row not in vague_rows, tuple(table[row])))
    sorted_table = [table[row] for row in order]
    rows, columns = len(table), len(table[0]) if table else 0
    rare = _shut([sum(row) for row in sorted_table], [order.index(row) for row in vague_rows])
    apart = _shut([sum(column) for column in zip(*table, strict=True)], vague_columns)
    everything = frozenset(range(columns))
    if len(rare) == rows or len(apart) == columns:
        cells = frozenset((row, column) for row in range(rows) for column in range(columns))
        return PositionsHidden(cells, everything, everything)
    found = hidden_cells(sorted_table, shut_rows=rare, shut_columns=apart)
    # Two rows that count the same are hidden alike.
    twins = [[other for other in range(rows) if sorted_table[other] == row] for row in sorted_table]
    found |= {(twin, column) for row, column in found for twin in twins[row]}
    hidden_in = [
        len({-1 if row in rare else row for row, place in found if place == column}) for column in everything
    ]
    return PositionsHidden(
        frozenset((order[row], column) for row, column in found),
        apart,
        # One that is hidden alone in its column can be read off: then all of the column are known.
        frozenset(column for column in everything if hidden_in[column] > 1 or column in apart),
    )


def _shut(totals: Counts, vague: Collection[int]) -> frozenset[int]:
    return hidden_in_line(totals, dear=set(range(len(totals))) - set(vague))


class ConcernsHidden:
    """Decides for one concern after another which of its cells are hidden."""

    def __init__(self, table: Sequence[Counts], positions: PositionsHidden) -> None:
        import numpy as np

        self._people = np.asarray(table, dtype=np.int64)
        self._columns = self._people.sum(axis=0)
        self._closed = positions.closed
        subsets = np.arange(1 << len(table))
        self._subsets = (subsets[:, None] >> np.arange(len(table))) & 1
        self._not_in = (1 - self._subsets) @ self._people

    def hidden(self, cells: Counts, by_position: Counts) -> frozenset[int]:
        """The columns to hide of a concern that is raised ``by_position`` and, in each column, ``cells``."""
        import numpy as np

        everything = frozenset(range(len(self._columns)))
        sides = [
            (np.asarray(cells, np.int64), np.asarray(by_position, np.int64)),
            (self._columns - np.asarray(cells), self._people.sum(axis=1) - np.asarray(by_position)),
        ]
        if any(raised.max(initial=0) < K for _, raised in sides):
            return everything
        small = {int(place) for said, _ in sides for place in np.flatnonzero(said < K)}
        hidden = small | self._closed
        spare = sorted(everything - hidden, key=lambda place: (cells[place], place))
        while spare and not all(self._is_safe(*side, hidden) for side in sides):
            hidden.add(spare.pop(0))
        return everything if not spare else frozenset(hidden)

    def _is_safe(self, said: Array, raised: Array, hidden: set[int]) -> bool:
        """Whether each small cell among the hidden could be K, or all of its column."""
        import numpy as np

        is_told = np.ones(len(said), dtype=bool)
        is_told[list(hidden)] = False
        small = np.flatnonzero(~is_told & (said < K))
        taken = np.maximum(0, said[is_told] - self._not_in[:, is_told]).sum(axis=1)
        wanted = np.minimum(K, self._columns[small])
        needed = taken[:, None] + np.maximum(0, wanted - self._not_in[:, small])
        return bool((needed <= (self._subsets @ raised)[:, None]).all())
