"""Agreement of two people, against numbers worked out by hand."""

from __future__ import annotations

import pytest

from engage.labelling.agreement import agreement


def test_is_what_the_textbook_says() -> None:
    """Fifty grant proposals, two readers: 35 of 50 equal, by chance .5, so kappa .4."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15

    found = agreement(pairs)

    assert (found.answers, found.equal) == (50, 35)
    assert found.kappa == pytest.approx(0.4)


def test_is_one_where_all_agree_and_below_nothing_where_all_differ() -> None:
    assert agreement([("a", "a"), ("b", "b")]).kappa == 1
    assert agreement([("a", "b"), ("b", "a")]).kappa == -1


def test_has_no_kappa_where_there_is_nothing_to_agree_about() -> None:
    assert agreement([]).kappa is None
    assert agreement([("a", "a")] * 5).kappa is None
