"""One folded view of a text, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.analysis.folding import MAX_ANALYSED_CHARACTERS, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Perfíl RACIAL", "perfil racial"),
        ("isn’t “fine” — no", 'isn\'t "fine" - no'),
        ("se\u0301 fue", "se fue"),
        ("one\x00two\ud800three", "one two three"),
        ("safe\u202etxt\u200b", "safetxt"),
        ("ＶＯＴＥ", "vote"),
    ],
)
def test_what_reads_the_same_is_the_same(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "word", "original"),
    [
        ("¡ño… adiós!", "adios", "adiós"),
        ("ade\u0301n fin", "aden", "ade\u0301n"),
        ("\u202eshown\u202c here", "here", "here"),
        ("ﬁne ﬁt", "fit", "ﬁt"),
    ],
)
def test_a_span_leads_back_to_the_text_as_it_was_given(text: str, word: str, original: str) -> None:
    folded = fold(text)
    start = folded.text.index(word)

    begin, end = folded.original(start, start + len(word))

    assert text[begin:end].strip("\u202c ") == original


@given(st.text())
def test_every_text_folds_to_two_of_one_length_and_spans_stay_inside(text: str) -> None:
    folded = fold(text)

    assert len(folded.cased) == len(folded.text)
    for place in range(len(folded.text)):
        begin, end = folded.original(place, place + 1)
        assert 0 <= begin < end <= len(text)


def test_only_the_beginning_of_a_huge_text_is_looked_at() -> None:
    assert len(fold("a" * (MAX_ANALYSED_CHARACTERS + 5)).text) == MAX_ANALYSED_CHARACTERS
