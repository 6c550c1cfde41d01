"""Concerns in two periods, side by side and nothing more."""

from __future__ import annotations

from engage.oversight.compare import Counted, compare


def counted(base: int, **numbers: int) -> list[Counted]:
    return [Counted(code, n, base) for code, n in numbers.items()]


def test_a_concern_of_one_period_only_stands_beside_none_of_the_other() -> None:
    rows = compare(counted(100, cost=25), counted(200, trust=50), bases=(100, 200))

    assert [(row.code, row.before.n, row.after.n, row.points) for row in rows] == [
        ("trust", 0, 50, 25),
        ("cost", 25, 0, -25),
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


def test_of_fewer_than_fifty_comments_no_difference_is_told() -> None:
    few = compare(counted(49, cost=10), counted(900, cost=90), bases=(49, 900))
    enough = compare(counted(50, cost=10), counted(900, cost=90), bases=(50, 900))

    assert [row.points for row in few] == [None]
    assert [row.points for row in enough] == [-10]
