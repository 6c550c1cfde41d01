"""Tables in which nobody in a small group can be told. Pure.

A count from 1 to 9 is not shown (k = 10). Where the total of its column is told as well, the counts that are
hidden there are at least two and add up to ten or more, so that the total gives none of them away
(complementary suppression: Cox 1980, doi:10.1080/01621459.1980.10477481). The total of a row with a hidden
count must not be told: see who calls this.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

K = 10

Name = TypeVar("Name", bound=Hashable)
Row = tuple[int, ...]
Place = tuple[int, int]


def fold_small(totals: Mapping[Name, int]) -> set[Name]:
    """The groups of fewer than K: to be told together, as one. A single one is left as it is."""
    small = {name for name, total in totals.items() if total < K}
    return small if len(small) > 1 else set()


def hidden_cells(rows: Sequence[Row], *, columns_add_up: bool = True) -> set[Place]:
    """The places (row, column) that are not to be shown.

    ``columns_add_up``: the totals of columns are told too, and the rows share them out.
    """
    width = len(rows[0]) if rows else 0
    hidden = {
        (row, column) for row in range(len(rows)) for column in range(width) if 0 < rows[row][column] < K
    }
    for column in range(width) if columns_add_up else ():
        places = [(row, column) for row in range(len(rows))]
        while (more := _one_more(rows, places, hidden)) is not None:
            hidden.add(more)
    return hidden


def _one_more(rows: Sequence[Row], places: Sequence[Place], hidden: set[Place]) -> Place | None:
    """The count that has to be hidden besides, so that a column's total gives nothing away; the smallest."""
    there = [place for place in places if place in hidden]
    if not there or (len(there) > 1 and sum(rows[row][column] for row, column in there) >= K):
        return None
    # A count of none is hidden only where there is nothing else.
    shown = [place for place in places if place not in hidden]
    return min(
        shown, key=lambda place: (not rows[place[0]][place[1]], rows[place[0]][place[1]]), default=None
    )
