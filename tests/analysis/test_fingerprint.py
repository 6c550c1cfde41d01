"""“The same text” as one thing everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.analysis.fingerprint import fingerprint, normalise

TEXT = "Please don't sign the agreement — it's wrong."


@pytest.mark.parametrize(
    "same",
    [
        "PLEASE DON’T SIGN THE AGREEMENT it’s wrong",
        "  Please   don't\n\nsign the agreement,   it's wrong ",
        "<p>Please don&#39;t sign <b>the agreement</b></p> - it&rsquo;s wrong.",
        "Pléase dön't sign the agreement. It's wrong!!!",
    ],
)
def test_texts_that_read_the_same_have_one_fingerprint(same: str) -> None:
    assert fingerprint(same) == fingerprint(TEXT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vote yes", "Vote no"),
        ("👍", "👎"),
        ("a" * 200_000 + " yes", "a" * 200_000 + " no"),
        ("nothing < something", "nothing > everything"),
    ],
)
def test_texts_that_differ_have_two(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_never_changes_because_it_is_stored() -> None:
    assert fingerprint("Vote no") == "b3afc70f3eb12ed98cd02e617680599b9c1f44d7afbe244c56540308b9e67b0a"


def test_half_a_character_has_a_fingerprint_too() -> None:
    assert len(fingerprint("\ud800")) == 64


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=60))
def test_the_short_way_for_western_texts_gives_what_the_long_way_gives(text: str) -> None:
    assert normalise(text) == normalise(f"{text} \u2603")
