"""Tables from which no small group can be worked out. Pure.

A count of people from 0 to 9 is not told (k = 10), and none of the numbers that are told gives it away: not
by subtraction, not by solving all tables of a form together. What is promised of every hidden count below
ten, with the totals known and counts known to be whole and not negative, is that it could as well be ten or
more: nobody can tell which of the hidden counts are the small ones. A count of none is hidden like a nine:
"nobody in the east said yes" says of everybody in the east that they did not.

*Lines* (one question): the counts of a line share out a total that is told. Hidden are the small ones, and
then the smallest of the others, until two are hidden that add up to ten. Each may then be 0 to that sum.

*Tables* (a question by another): all their totals count as known, those hidden in a line too, so that tables
which share a line need not be solved together. That is allowed because of two rules. A value hidden in its
line is hidden in the whole row (column) of every table, so that people can be moved between the hidden
values of a line without any told number changing. And hidden rows are protected as one row, the sum that
whoever subtracts is left with. Within a table, the hidden cells are arcs of a network between rows and
columns; by how much a cell may be more than it is, is the greatest flow from its column back to its row
(Cox 1995, doi:10.1080/01621459.1995.10476638). Where it does not reach ten, the cells of the cheapest
augmenting path are hidden too, cheapest being those that tell of the fewest people (the shortest-path
heuristic of Kelly, Golden & Assad 1992, doi:10.1002/net.3230220407).

What an attacker knows beside the tables, such as how they answered themselves, narrows a range by that much.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence

K = 10
"""Counts below this are not told."""

Place = tuple[int, int]
Table = Sequence[Sequence[int]]


def hidden_in_line(
    counts: Sequence[int], *, forced: Collection[int] = (), dear: Collection[int] = ()
) -> frozenset[int]:
    """The places to hide among counts that share out a told total.

    ``forced`` are to be hidden whatever they are. ``dear`` are hidden last, because other results hang on
    them. Where the total itself is below K all are hidden, and the total must be too: by whoever calls.
    """
    hidden = set(forced) | {place for place, count in enumerate(counts) if count < K}
    spare = sorted(set(range(len(counts))) - hidden, key=lambda place: (place in dear, counts[place], place))
    while hidden and spare and not _is_enough([counts[place] for place in hidden]):
        hidden.add(spare.pop(0))
    if not _is_enough([counts[place] for place in hidden]):
        # A single place is the total itself.
        return frozenset(range(len(counts))) if hidden else frozenset()
    return frozenset(hidden)


def _is_enough(hidden: Sequence[int]) -> bool:
    return len(hidden) > 1 and sum(hidden) >= K


def hidden_choices(
    chosen: Sequence[int], *, of: int, most: int | None = None, is_vague: bool = False
) -> frozenset[int]:
    """The places to hide among choices of which ``of`` people made one or more each, at most ``most``.

    Who did not choose is a group like who did. Two choices alone give away how many made both. Where nearly
    all chose as many as they could, the sum of all is known, and what is told must leave room for ten people
    who chose otherwise: or chose nothing, where ``of`` itself is not told (``is_vague``).
    """
    if of < K:
        return frozenset(range(len(chosen)))
    hidden = {place for place, count in enumerate(chosen) if count < K or of - count < K}
    if len(chosen) == 2 and sum(chosen) - of < K:
        hidden = {0, 1}
    spare = sorted(set(range(len(chosen))) - hidden, key=lambda place: (chosen[place], place))
    while (hidden or is_vague) and most and spare and most * (of - K) < sum(chosen[place] for place in spare):
        hidden.add(spare.pop(0))
    return frozenset(hidden)


def hidden_cells(
    table: Table, *, shut_rows: Collection[int] = (), shut_columns: Collection[int] = ()
) -> frozenset[Place]:
    """The places (row, column) to hide in a table whose totals of rows and columns may all be known.

    ``shut_rows`` and ``shut_columns`` are hidden whole: the totals of each group are not told, and add up to
    K or more.
    """
    rows, columns = _grouped(len(table), shut_rows), _grouped(len(table[0]) if table else 0, shut_columns)
    cells = [[sum(table[r][c] for r in row for c in column) for column in columns] for row in rows]
    if any(sum(row) < K for row in cells) or any(sum(column) < K for column in zip(*cells, strict=True)):
        return frozenset((r, c) for r in range(len(table)) for c in range(len(table[0])))
    hidden = {
        (r, c)
        for r, row in enumerate(rows)
        for c, column in enumerate(columns)
        if cells[r][c] < K or set(row) & set(shut_rows) or set(column) & set(shut_columns)
    }
    # The largest of the small first: what protects it protects most of the others.
    small = [(r, c) for r, row in enumerate(cells) for c, count in enumerate(row) if count < K]
    for place in sorted(small, key=lambda place: (-cells[place[0]][place[1]], place)):
        _protect(cells, hidden, place)
    return frozenset((r, c) for row, column in hidden for r in rows[row] for c in columns[column])


def room(table: Table, hidden: Collection[Place], place: Place) -> int:
    """By how much a hidden cell may be more than it is, K at most, to somebody who knows all else told."""
    return _push([list(row) for row in table], set(hidden), place, K, may_open=False)


def raised(table: Table, hidden: Collection[Place], place: Place) -> list[list[int]]:
    """The table as it would be if this hidden cell were K, or as near as nothing else that is told allows."""
    left = [list(row) for row in table]
    count = table[place[0]][place[1]]
    left[place[0]][place[1]] = count + _push(left, set(hidden), place, K - count, may_open=False)
    return left


def _grouped(number: int, shut: Collection[int]) -> list[tuple[int, ...]]:
    """The rows (or columns) one by one, those that are shut as one."""
    alone: list[tuple[int, ...]] = [(place,) for place in range(number) if place not in shut]
    return [*alone, tuple(sorted(shut))] if shut else alone


def _protect(cells: list[list[int]], hidden: set[Place], place: Place) -> None:
    """Hide more, until the cell at this place could be K."""
    _push([list(row) for row in cells], hidden, place, K - cells[place[0]][place[1]], may_open=True)


def _push(left: list[list[int]], hidden: set[Place], place: Place, wanted: int, *, may_open: bool) -> int:
    """Raise the cell at ``place`` by ``wanted`` or as far as hidden cells allow; returns how far.

    ``left`` is what each cell still holds, and is changed on the way. With ``may_open`` other cells are
    hidden where that is needed.
    """
    raised = 0
    while raised < wanted:
        path = _cheapest(left, hidden, place, may_open=may_open)
        if path is None:
            break
        taken, given = path[::2], path[1::2]
        step = min(wanted - raised, *(left[row][column] for row, column in taken))
        for row, column in taken:
            left[row][column] -= step
        for row, column in given:
            left[row][column] += step
        hidden.update(path)
        raised += step
    return raised


def _cheapest(
    left: list[list[int]], hidden: set[Place], place: Place, *, may_open: bool
) -> list[Place] | None:
    """The cells by which one more at ``place`` is made up for: less, more, less … from its column to its row.

    Dijkstra's algorithm; nodes are rows (0, r) and columns (1, c).
    """
    source, target = (1, place[1]), (0, place[0])
    cost: dict[Place, int] = {source: 0}
    came: dict[Place, tuple[Place, Place]] = {}
    waiting = [(0, source)]
    while waiting:
        so_far, node = heapq.heappop(waiting)
        if node == target:
            return _walked(came, source, target)
        if so_far > cost[node]:
            continue
        for cell, other, price in _arcs(left, hidden, node):
            if cell == place or (price and not may_open):
                continue
            if so_far + price < cost.get(other, so_far + price + 1):
                cost[other], came[other] = so_far + price, (node, cell)
                heapq.heappush(waiting, (so_far + price, other))
    return None


def _arcs(left: list[list[int]], hidden: set[Place], node: Place) -> list[tuple[Place, Place, int]]:
    """Where one can go from a row (to more in a cell) or a column (to less): cell, node and price."""
    is_column, number = node
    if is_column:
        cells = [(row, number) for row in range(len(left)) if left[row][number] > 0]
        return [(cell, (0, cell[0]), _price(left, hidden, cell)) for cell in cells]
    cells = [(number, column) for column in range(len(left[0]))]
    return [(cell, (1, cell[1]), _price(left, hidden, cell)) for cell in cells]


def _price(left: list[list[int]], hidden: set[Place], cell: Place) -> int:
    return 0 if cell in hidden else left[cell[0]][cell[1]] + 1


def _walked(came: dict[Place, tuple[Place, Place]], source: Place, target: Place) -> list[Place]:
    path, node = [], target
    while node != source:
        node, cell = came[node]
        path.append(cell)
    return path[::-1]
