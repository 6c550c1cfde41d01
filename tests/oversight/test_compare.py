"""Concerns in two periods, side by side and nothing more."""

from __future__ import annotations

from engage.oversight.compare import Counted, compare


def counted(base: int, **numbers: int) -> list[Counted]:
    return [Counted(code, n, base) for code, n in numbers.items()]


def test_a_concern_of_one_period_only_stands_beside_none_of_the_other() -> None:
    rows = compare(counted(20, cost=5), counted(40, trust=10), bases=(20, 40))

    assert [(row.code, row.before.n, row.after.n, row.points) for row in rows] == [
        ("trust", 0, 10, 25),
        ("cost", 5, 0, -25),
    ]
    assert [row.places for row in rows] == [(None, 1), (1, None)]


def test_equally_frequent_concerns_share_a_place() -> None:
    rows = compare(counted(10, a=4, b=4, c=1), counted(10, a=1, b=2, c=3), bases=(10, 10))

    assert {row.code: row.places for row in rows} == {"c": (3, 1), "b": (1, 2), "a": (1, 3)}


def test_the_rest_comes_last_however_frequent_it_is() -> None:
    rows = compare(counted(10, other=9, cost=1), counted(10, other=9, cost=1), bases=(10, 10), last="other")

    assert [row.code for row in rows] == ["cost", "other"]


def test_what_neither_period_has_is_left_out() -> None:
    assert compare(counted(10, cost=0), [], bases=(10, 10)) == ()
