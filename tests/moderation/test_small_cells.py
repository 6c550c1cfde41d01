"""What is hidden in a table, so that nobody in a small group can be told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engage.moderation.small_cells import K, fold_small, hidden_cells


def test_small_counts_are_hidden_and_one_more_with_them() -> None:
    assert hidden_cells([(3, 50), (40, 60), (20, 70)]) == {(0, 0), (2, 0)}


def test_two_small_counts_hide_a_third_where_they_would_be_fewer_than_ten() -> None:
    assert hidden_cells([(2, 0), (3, 0), (40, 0), (90, 0)]) == {(0, 0), (1, 0), (2, 0)}


def test_counts_of_none_are_shown_unless_there_is_nothing_else_to_hide_behind() -> None:
    assert hidden_cells([(12, 0), (5, 0), (6, 0), (0, 0)]) == {(1, 0), (2, 0)}
    assert hidden_cells([(5,), (0,)]) == {(0, 0), (1, 0)}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=8))
def test_no_hidden_count_can_be_computed_from_the_total_of_its_column(rows: list[tuple[int, int]]) -> None:
    hidden = hidden_cells(rows)

    for row, counts in enumerate(rows):
        for column, count in enumerate(counts):
            assert (row, column) in hidden or not 0 < count < K
    for column in range(2):
        there = [row for row in range(len(rows)) if (row, column) in hidden]
        all_are_hidden = len(there) == len(rows)
        assert (
            not there or all_are_hidden or (len(there) > 1 and sum(rows[row][column] for row in there) >= K)
        )


def test_small_groups_are_told_together_and_a_single_one_by_itself() -> None:
    assert fold_small({"en": 300, "es": 200, "fr": 3, "ht": 9}) == {"fr", "ht"}
    assert fold_small({"en": 300, "fr": 3}) == set()
