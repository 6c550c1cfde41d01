"""Personal data is shown where it stands, and no character of the text is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.moderation.marks import mark


def test_tells_where_personal_data_stands() -> None:
    marked = mark("Write to ana@example.org about it.")

    assert [(piece.text, piece.kind) for piece in marked.beginning] == [
        ("Write to ", None),
        ("ana@example.org", "email"),
        (" about it.", None),
    ]
    assert marked.kinds == ("email",)


def test_tells_each_kind_once() -> None:
    assert mark("a@example.org and b@example.org").kinds == ("email",)


def test_a_text_of_ordinary_length_is_shown_whole() -> None:
    marked = mark("word " * 300)

    assert (marked.rest, marked.rest_length) == ((), 0)


def test_a_long_text_is_cut_between_two_words() -> None:
    marked = mark("word " * 1000)

    assert marked.beginning[0].text.endswith("word")
    assert marked.rest_length == 5000 - len(marked.beginning[0].text)


def test_personal_data_is_never_cut_in_two() -> None:
    text = "x" * 1190 + " someone.with.a.long.name@example.org " + "y" * 900
    marked = mark(text)

    assert [piece.text for piece in marked.rest if piece.kind] == ["someone.with.a.long.name@example.org"]


@given(st.text(max_size=3000), st.integers(1, 400))
def test_no_character_is_lost_or_added(text: str, shown: int) -> None:
    marked = mark(text, shown)

    assert "".join(piece.text for piece in (*marked.beginning, *marked.rest)) == text


@pytest.mark.parametrize("text", ["", " ", "\u202e", "ﬁﬁﬁ 555-12-3456", "a\u0301" * 50 + " ana@example.org"])
def test_odd_texts_stay_as_they_are(text: str) -> None:
    assert "".join(piece.text for piece in mark(text).beginning) == text
