"""Tracking numbers: many, and easy to type."""

from __future__ import annotations

import re

import pytest

from engage.comments.tracking import new_tracking_number, tidy_tracking_number


def test_numbers_have_one_shape_and_do_not_repeat() -> None:
    numbers = {new_tracking_number() for _ in range(1000)}

    assert len(numbers) == 1000
    assert all(
        re.fullmatch(r"[2-9a-hjkmnp-z]{3}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}", one) for one in numbers
    )


@pytest.mark.parametrize(
    "typed",
    [
        "abc-def2-3456",
        "ABC-DEF2-3456",
        " abc def2 3456 ",
        "abcdef23456",
        "abc.def2—3456",
        "a b c\tdef2_3456\n",
    ],
)
def test_a_number_is_known_however_it_is_typed(typed: str) -> None:
    assert tidy_tracking_number(typed) == "abc-def2-3456"


@pytest.mark.parametrize(
    "typed", ["", "abc", "abc-def2-34567", "abc-def2-345o", "abc-def2-34é6", "\x00" * 11, "-" * 11]
)
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert tidy_tracking_number(typed) == ""
