"""Which numbers of a report are not told, so that no small group of people can be worked out. Pure.

What is protected is what *few people of one kind said*: a table that crosses a trait of those who wrote
(district, language, channel, time) with what they said (position, concern). What is told exactly, however
small, and why:

- what was said: positions, tones, concerns, clauses, and the crosses among these. The words are public, one
  by one, and a report that hid a rare concern would hide an opinion;
- how many wrote, by district, language, channel and day. That tells who was heard, which is what a report
  must be honest about, and nothing of what anybody said.

The promise, to somebody who knows all of that and every cell that is told: a hidden cell below K could as
well be K or more (or all of its column, where the column has fewer). So could the number of those of a column
who did *not* raise a concern. It holds for positions and concerns that K people of one position share: of
rarer ones nothing is split. This is what a report can do, and not more: comments are public with what their
writers told of themselves, and whoever reads them can count. Suppression keeps a table, a chart or a print
from doing it for them, in a form that outlives the comment; it makes nobody anonymous.

*Positions by a trait.* Support and oppose are told by column. The other positions are, where each has K in
every column; else they are one row, the rest, that is not told. ``engage.survey.suppression`` decides about
these rows, which share everybody out. Columns with too few people are *apart*: hidden whole, with others
until they are K together.

*Concerns by a trait* share nobody out: a comment raises any number of them. Each is a table of its own,
raised or not, tied to the others by the positions of who raises it. A hidden cell can be as much as can flow
to it: from each position as many as raise the concern, through each cell of the positions as many as there
are (N), to each told column as many as told. By Hoffman's circulation theorem numbers of such flows exist
where for every set A of positions

    Σ over told columns of max(0, told − N[not A]) + max(0, wanted − N[not A, its column]) ≤ raised by A,
    raised by A ≤ Σ over told columns of min(told, N[A]) + Σ over hidden columns of N[A].

This is asked of every small cell with the true N, and, with nothing wanted, of every table N in which a
hidden position is K: so nothing told of a concern says that it is not. Where an answer is no, more cells of
the concern are hidden, the smallest first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engage.survey.suppression import K, hidden_cells, hidden_in_line, raised

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.int64]

Counts = Sequence[int]
Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PositionsHidden:
    """Of a table of positions (rows) by a trait (columns): ``cells`` are hidden, ``apart`` the columns that
    are hidden whole.

    ``worlds`` are tables that an attacker cannot tell from the true one, one for each small group that is
    hidden: positions by columns, those apart in one column at the end.
    """

    cells: frozenset[tuple[int, int]]
    apart: tuple[int, ...]
    worlds: tuple[tuple[tuple[int, ...], ...], ...] = ()


def hidden_positions(
    table: Sequence[Counts], *, sides: Collection[int], vague_columns: Collection[int] = ()
) -> PositionsHidden:
    """What to hide of a table without empty rows or columns.

    ``sides`` are the rows that are told if they can be. Vague columns tell nothing of a person, such as “no
    district given”: they are set apart first.

    Rows are taken in the order of their numbers, and where two sides have the same numbers each world stands
    there with both ways to exchange them: nothing is hidden because of which side is named first.
    """
    order = sorted(range(len(table)), key=lambda row: (list(table[row]), row))
    found = _hidden_in_order(
        [table[row] for row in order], {order.index(row) for row in sides}, set(vague_columns)
    )
    worlds = [_in_order(world, order) for world in found.worlds]
    same = [(one, other) for one in sides for other in sides if one < other and table[one] == table[other]]
    for one, other in same:
        worlds += [_exchanged(world, one, other) for world in worlds]
    cells = frozenset((order[row], column) for row, column in found.cells)
    return PositionsHidden(cells, found.apart, tuple(dict.fromkeys(worlds)))


def _in_order(world: tuple[Group, ...], order: Sequence[int]) -> tuple[Group, ...]:
    """The rows at the places from which they were taken."""
    return tuple(row for _, row in sorted(zip(order, world, strict=True), key=lambda pair: pair[0]))


def _exchanged(world: tuple[Group, ...], one: int, other: int) -> tuple[Group, ...]:
    rows = list(world)
    rows[one], rows[other] = rows[other], rows[one]
    return tuple(rows)


def _hidden_in_order(
    table: Sequence[Counts], sides: Collection[int], vague_columns: Collection[int]
) -> PositionsHidden:
    columns = range(len(table[0]) if table else 0)
    totals = [sum(row[column] for row in table) for column in columns]
    apart = tuple(sorted(hidden_in_line(totals, dear=set(columns) - set(vague_columns))))
    own = [column for column in columns if column not in apart]
    groups = _groups(table, own, sides)
    together = _summed(_summed(table, groups, [(column,) for column in columns]), None, _columns(own, apart))
    if not own or any(sum(row) < K for row in together):
        everything = frozenset((row, column) for row in range(len(table)) for column in columns)
        return PositionsHidden(everything, tuple(columns))
    hidden = _hidden_alike(together)
    cells = {
        (row, column)
        for group, place in hidden
        for row in groups[group]
        for column in _columns(own, apart)[place]
    }
    cells |= {(row, column) for group in groups if len(group) > 1 for row in group for column in columns}
    cells |= {(row, column) for row in range(len(table)) for column in apart}
    fine = _summed(table, None, _columns(own, apart))
    worlds = (
        _spread(fine, together, raised(together, hidden, place), groups)
        for place in sorted(hidden)
        if together[place[0]][place[1]] < K
    )
    return PositionsHidden(frozenset(cells), apart, tuple(worlds))


def _groups(table: Sequence[Counts], own: Collection[int], sides: Collection[int]) -> list[Group]:
    """The rows that are told one by one, and the others as one."""
    alone = [
        row
        for row, counts in enumerate(table)
        if sum(counts) >= K and (row in sides or all(counts[column] >= K for column in own))
    ]
    rest = tuple(row for row in range(len(table)) if row not in alone)
    return [*((row,) for row in alone), *([rest] if rest else [])]


def _columns(own: Sequence[int], apart: Group) -> list[Group]:
    return [*((column,) for column in own), *([apart] if apart else [])]


def _summed(
    table: Sequence[Counts], rows: Sequence[Group] | None, columns: Sequence[Group]
) -> list[list[int]]:
    """A table with groups of its rows and columns as one; None leaves every row alone."""
    alone = [(row,) for row in range(len(table))]
    return [
        [sum(table[row][column] for row in group for column in places) for places in columns]
        for group in (rows or alone)
    ]


def _hidden_alike(table: Sequence[list[int]]) -> frozenset[tuple[int, int]]:
    """What suppression hides, in whatever order the rows are: no position is hidden for its name."""
    order = sorted(range(len(table)), key=lambda row: table[row])
    found = hidden_cells([table[row] for row in order])
    twins = [[other for other in range(len(table)) if table[other] == table[row]] for row in order]
    return frozenset((twin, column) for row, column in found for twin in twins[row])


def _spread(
    fine: Sequence[list[int]],
    before: Sequence[list[int]],
    after: Sequence[list[int]],
    groups: Sequence[Group],
) -> tuple[tuple[int, ...], ...]:
    """A table of groups as one of rows: who moves within a group is of the row that has most to give."""
    world = [list(row) for row in fine]
    for group, was, will in zip(groups, before, after, strict=True):
        change = [new - old for new, old in zip(will, was, strict=True)]
        for taker in (place for place, n in enumerate(change) if n > 0):
            while change[taker] > 0:
                giver = min(range(len(change)), key=lambda place: change[place])
                row = max(group, key=lambda row: world[row][giver])
                n = min(change[taker], -change[giver], world[row][giver])
                world[row][giver] -= n
                world[row][taker] += n
                change[giver] += n
                change[taker] -= n
    return tuple(map(tuple, world))


class ConcernsHidden:
    """Decides for one concern after another which of its cells are hidden."""

    def __init__(self, table: Sequence[Counts], positions: PositionsHidden) -> None:
        import numpy as np

        self._people = np.asarray(table, dtype=np.int64)
        self._columns = self._people.sum(axis=0)
        self._apart = set(positions.apart)
        self._own = [column for column in range(len(self._columns)) if column not in self._apart]
        sets = np.arange(1 << len(table))
        self._sets = (sets[:, None] >> np.arange(len(table))) & 1
        self._without = (1 - self._sets) @ self._people
        shape = len(positions.worlds), len(table), len(self._own) + bool(self._apart)
        worlds = np.asarray(positions.worlds, np.int64).reshape(shape)
        self._in_worlds, self._not_in_worlds = self._sets @ worlds, (1 - self._sets) @ worlds

    def hidden(self, cells: Counts, by_position: Counts) -> frozenset[int]:
        """The columns to hide of a concern that is raised ``by_position`` and, in each column, ``cells``."""
        import numpy as np

        everything = frozenset(range(len(self._columns)))
        said, raised_by = np.asarray(cells, np.int64), np.asarray(by_position, np.int64)
        sides = [(said, raised_by), (self._columns - said, self._people.sum(axis=1) - raised_by)]
        if any(raised.max(initial=0) < K for _, raised in sides):
            return everything
        hidden = {int(place) for side, _ in sides for place in np.flatnonzero(side < K)} | self._apart
        spare = sorted(everything - hidden, key=lambda place: (cells[place], place))
        while spare and not self._is_safe(sides, hidden):
            hidden.add(spare.pop(0))
        return everything if not spare else frozenset(hidden)

    def _is_safe(self, sides: Sequence[tuple[Array, Array]], hidden: set[int]) -> bool:
        return all(
            self._can_be_more(said, raised, hidden) for said, raised in sides
        ) and self._tells_no_world(*sides[0], hidden)

    def _can_be_more(self, said: Array, raised: Array, hidden: set[int]) -> bool:
        """Whether each small cell among the hidden could be K, or all of its column."""
        import numpy as np

        is_told = np.ones(len(said), dtype=bool)
        is_told[list(hidden)] = False
        small = np.flatnonzero(~is_told & (said < K))
        taken = np.maximum(0, said[is_told] - self._without[:, is_told]).sum(axis=1)
        wanted = np.minimum(K, self._columns[small])
        needed = taken[:, None] + np.maximum(0, wanted - self._without[:, small])
        return bool((needed <= (self._sets @ raised)[:, None]).all())

    def _tells_no_world(self, said: Array, raised: Array, hidden: set[int]) -> bool:
        """Whether what is told could be in each of the worlds too."""
        import numpy as np

        if not len(self._in_worlds):
            return True
        told = [place for place, column in enumerate(self._own) if column not in hidden]
        others = [place for place in range(self._in_worlds.shape[2]) if place not in told]
        numbers, limit = said[[self._own[place] for place in told]], self._sets @ raised
        least = np.maximum(0, numbers - self._not_in_worlds[:, :, told]).sum(axis=2)
        most = np.minimum(numbers, self._in_worlds[:, :, told]).sum(axis=2)
        most = most + self._in_worlds[:, :, others].sum(axis=2)
        return bool((least <= limit).all() and (limit <= most).all())
