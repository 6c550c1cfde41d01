"""Figures are what their names say."""

from __future__ import annotations

import pytest

from engage.evaluation import measures
from engage.evaluation.pairs import pair_scores


def test_macro_f1_is_the_mean_over_the_labels() -> None:
    truth, found = ["pos", "pos", "neg", "neu"], ["pos", "neg", "neg", "none"]

    assert measures.macro_f1(truth, found, ("pos", "neu", "neg")) == pytest.approx((2 / 3 + 0 + 2 / 3) / 3)


def test_micro_scores_count_every_label_of_every_text() -> None:
    both = measures.micro_scores([{"a", "b"}, set(), {"c"}], [{"a"}, {"b"}, {"c"}])

    assert (both.precision, both.recall) == (2 / 3, 2 / 3)
    assert both.f1 == pytest.approx(2 / 3)


def test_correlation_is_one_for_what_rises_together_and_none_for_what_does_not_vary() -> None:
    assert measures.pearson([1, 2, 3], [10, 20, 30]) == pytest.approx(1)
    assert measures.pearson([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert measures.pearson([1, 2, 3], [5, 5, 5]) == 0


def test_a_confusion_counts_what_was_taken_for_what() -> None:
    rows = measures.confusion(
        ["pos", "pos", "neg"], ["neg", "none", "neg"], ("pos", "neg"), ("pos", "neg", "none")
    )

    assert rows == ((0, 1, 1), (0, 1, 0))


def test_pairs_are_those_put_together_rightly() -> None:
    scores = pair_scores(["a", "a", "a", None, None], ["x", "x", None, "x", None])

    assert (scores.precision, scores.recall) == (1 / 3, 1 / 3)
