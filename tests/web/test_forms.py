"""What is done to every text that somebody types, whatever is in it."""

from __future__ import annotations

import time

import pytest

from engage.web.forms import clean_text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("nul\x00 and bell\x07 and \x9f", "nul and bell and"),
        ("half \ud83d a pair", "half  a pair"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("e\u0301", "é"),
        ("😀 👩‍👩‍👧 العربية \u202e", "😀 👩‍👩‍👧 العربية \u202e"),
    ],
)
def test_typed_text_loses_only_what_no_text_needs(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_nothing_typed_stays_nothing() -> None:
    assert clean_text(None) is None


def test_a_letter_with_endless_marks_costs_no_endless_time() -> None:
    endless = "a" + "\u0301\u0316" * 500_000
    started = time.process_time()

    assert clean_text(endless) == endless

    # Composing this would take a quarter of an hour.
    assert time.process_time() - started < 5
