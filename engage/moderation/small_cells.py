"""Tables in which nobody in a small group can be told. Pure.

A count from 1 to 9 is not shown (k = 10), and neither is whatever it could be computed from: in every row and
column whose total is told, the counts that are hidden are at least two and add up to ten or more, so that the
total gives none of them away (complementary suppression: Cox 1980, doi:10.1080/01621459.1980.10477481).
Groups of fewer than ten in all are put together before.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

K = 10

Name = TypeVar("Name", bound=Hashable)
Row = tuple[int, ...]


def fold_small(rows: Mapping[Name, Row], rest: Name) -> dict[Name, Row]:
    """Put the groups with fewer than K in all into one, ``rest``; and the next larger ones, until it has K.

    The groups must share out the whole: what is in no other group is in the rest. Order is kept.
    """
    totals = {name: sum(row) for name, row in rows.items()}
    small = {name for name, total in totals.items() if 0 < total < K}
    if not small:
        return {name: row for name, row in rows.items() if totals[name]}
    # Sorting keeps the order of equal ones.
    others = sorted((name for name in rows if totals[name] >= K), key=totals.__getitem__)
    while sum(totals[name] for name in small) < K and others:
        small.add(others.pop(0))
    folded = {name: row for name, row in rows.items() if name not in small and totals[name]}
    together = tuple(sum(column) for column in zip(*(rows[name] for name in small), strict=True))
    return folded | {rest: together}


def hidden_cells(rows: Sequence[Row], *, columns_add_up: bool = True) -> set[tuple[int, int]]:
    """The places (row, column) that are not to be shown where the totals of rows are.

    ``columns_add_up``: the totals of columns are told too, and the rows share them out.
    """
    if not rows:
        return set()
    height, width = len(rows), len(rows[0])
    hidden = {(row, column) for row in range(height) for column in range(width) if 0 < rows[row][column] < K}
    lines = [[(row, column) for column in range(width)] for row in range(height)]
    if columns_add_up:
        lines += [[(row, column) for row in range(height)] for column in range(width)]
    while True:
        added = {more for line in lines if (more := _one_more(rows, line, hidden)) is not None}
        if not added:
            return hidden
        hidden |= added


def _one_more(
    rows: Sequence[Row], line: Sequence[tuple[int, int]], hidden: set[tuple[int, int]]
) -> tuple[int, int] | None:
    """The count that has to be hidden besides, so that a line's total gives nothing away; the smallest."""
    there = [place for place in line if place in hidden]
    if not there or (len(there) > 1 and sum(rows[row][column] for row, column in there) >= K):
        return None
    shown = [place for place in line if place not in hidden]
    if not shown:
        return None
    # A count of none is hidden only where there is nothing else.
    return min(shown, key=lambda place: (rows[place[0]][place[1]] == 0, rows[place[0]][place[1]], place))
