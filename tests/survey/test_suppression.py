"""Somebody who knows every number that is told, and solves for the others, finds no count below ten."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from engage.survey.suppression import K, Place, hidden_cells, hidden_choices, hidden_in_line, room

Row = list[int]


def reach(table: Sequence[Sequence[int]], hidden: frozenset[Place], place: Place, sign: int) -> int:
    """The most (sign -1: the least) that a hidden cell can be, all totals and all told cells known."""
    height, width = len(table), len(table[0])
    known = np.array(table, float)
    free = np.array([[(row, column) in hidden for column in range(width)] for row in range(height)])
    low, high = np.where(free, 0, known).ravel(), np.where(free, np.inf, known).ravel()
    sums = [np.zeros((height, width)) for _ in range(height + width)]
    for row in range(height):
        sums[row][row, :] = 1
    for column in range(width):
        sums[height + column][:, column] = 1
    matrix = np.array([one.ravel() for one in sums])
    totals = matrix @ known.ravel()
    wanted = np.zeros((height, width))
    wanted[place] = -sign
    found = milp(
        wanted.ravel(),
        constraints=LinearConstraint(matrix, totals, totals),
        bounds=Bounds(low, high),
        integrality=np.ones(height * width),
    )
    assert found.success, found.message
    return round(-sign * float(found.fun))


def tables(most: int = 60) -> st.SearchStrategy[list[Row]]:
    """Tables of which every row and column has K or more, as those that are told have."""
    shape = st.tuples(st.integers(2, 5), st.integers(2, 5))
    of = shape.flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 12) | st.integers(0, most), min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    )
    return of.filter(
        lambda table: (
            all(sum(row) >= K for row in table) and all(sum(c) >= K for c in zip(*table, strict=True))
        )
    )


@settings(max_examples=40, deadline=None)
@given(tables())
@example([[3, 50], [40, 60]])
@example([[0, 10], [10, 0]])
@example([[0, 10, 30], [10, 0, 30], [40, 40, 9]])
def test_no_small_cell_of_a_table_can_be_told_from_one_of_ten(table: list[Row]) -> None:
    hidden = hidden_cells(table)

    for row, cells in enumerate(table):
        for column, count in enumerate(cells):
            assert count >= K or (row, column) in hidden
            if count < K:
                assert reach(table, hidden, (row, column), 1) >= K
                assert count + room(table, hidden, (row, column)) >= K


@settings(max_examples=25, deadline=None)
@given(tables())
def test_the_network_finds_what_an_integer_programme_finds(table: list[Row]) -> None:
    """Whatever is hidden, safely or not."""
    hidden = frozenset(
        (row, column) for row, cells in enumerate(table) for column, count in enumerate(cells) if count < K
    )

    for place in sorted(hidden):
        most = reach(table, hidden, place, 1) - table[place[0]][place[1]]
        assert room(table, hidden, place) == min(most, K)


def test_an_attacker_finds_what_only_the_small_cells_hide() -> None:
    """The control: without the second step the same attack succeeds."""
    table = [[3, 50], [40, 60]]

    assert reach(table, frozenset({(0, 0)}), (0, 0), 1) == 3
    assert reach(table, hidden_cells(table), (0, 0), 1) >= K


def test_a_table_without_small_cells_is_told_whole() -> None:
    assert hidden_cells([[10, 20], [30, 40]]) == frozenset()


def test_what_is_hidden_besides_tells_of_the_fewest_people() -> None:
    table = [[5, 100, 100], [100, 11, 100], [100, 100, 12], [100, 100, 100]]

    hidden = hidden_cells(table)

    assert (0, 0) in hidden
    assert sum(table[row][column] for row, column in hidden) < 330


def test_the_same_table_is_hidden_the_same_way_every_time() -> None:
    table = [[5, 20, 20, 7], [20, 20, 20, 20], [3, 20, 20, 20]]

    assert len({hidden_cells(table) for _ in range(5)}) == 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.data())
def test_a_line_hides_two_counts_that_share_ten(counts: list[int], data: st.DataObject) -> None:
    forced = data.draw(st.sets(st.integers(0, len(counts) - 1), max_size=2))

    hidden = hidden_in_line(counts, forced=forced)

    assert {place for place, count in enumerate(counts) if count < K} | forced <= hidden
    if hidden and len(counts) > 1 and sum(counts) >= K:
        # Each may be all of the sum, since another can be nothing.
        assert len(hidden) >= 2
        assert sum(counts[place] for place in hidden) >= K


def test_a_line_hides_last_what_other_results_hang_on() -> None:
    assert hidden_in_line([300, 200, 3]) == {1, 2}
    assert hidden_in_line([300, 200, 3], dear={1}) == {0, 2}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_of_several_choices_neither_who_chose_nor_who_did_not_can_be_few(data: st.DataObject) -> None:
    of = data.draw(st.integers(K, 60))
    number = data.draw(st.integers(2, 5))
    most = data.draw(st.integers(1, number))
    people = data.draw(
        st.lists(st.sets(st.integers(0, number - 1), min_size=1, max_size=most), min_size=of, max_size=of)
    )
    chosen = [sum(choice in one for one in people) for choice in range(number)]

    hidden = hidden_choices(chosen, of=of, most=most)

    told = sum(count for choice, count in enumerate(chosen) if choice not in hidden)
    for choice, count in enumerate(chosen):
        if choice not in hidden:
            assert count >= K
            assert of - count >= K
        else:
            # It could be ten: nobody chose the others that are hidden, and all told ones leave so much room.
            assert min(of, most * of - told) >= K


def test_two_choices_do_not_tell_how_few_made_both() -> None:
    assert hidden_choices([60, 45], of=100) == {0, 1}
    assert hidden_choices([60, 55], of=100) == frozenset()


def test_rows_hidden_in_their_line_are_protected_as_one() -> None:
    """The sum of the two is what subtraction leaves; its small cell needs others hidden beside it."""
    table = [[4, 3, 5], [2, 5, 9], [50, 40, 60], [70, 30, 20]]

    hidden = hidden_cells(table, shut_rows={0, 1})

    assert {(row, column) for row in (0, 1) for column in range(3)} <= hidden
    joined = [[6, 8, 14], [50, 40, 60], [70, 30, 20]]
    there = {(max(row - 1, 0), column) for row, column in hidden}
    for column in (0, 1):
        assert reach(joined, frozenset(there), (0, column), 1) >= K
