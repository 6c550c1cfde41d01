"""Many phrases found in one pass."""

from __future__ import annotations

import pytest

from engage.analysis.phrases import BadPhrase, Phrases
from engage.analysis.reading import read


def _found(phrase: str, text: str, language: str = "en") -> bool:
    return any(True for _ in Phrases([phrase], language).find(read(text).words))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("racial profile", "RACIAL PROFILING happens"),
        ("afraid|scared to report", "they were scared to report it"),
        ("deport*", "Deportations rise"),
        ("take ... husband", "they will take away my dear husband"),
        ("=sheriff", "the sheriff’s office"),
        ("can't vote", "I can’t vote"),
    ],
)
def test_a_phrase_is_found_whatever_the_form_of_its_words(phrase: str, text: str) -> None:
    assert _found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("=ice", "nice rice icy"),
        ("jail only", "only the jail"),
        ("take ... husband", "take one two three four five husband"),
        ("=testify", "she testified"),
    ],
)
def test_other_words_are_not_taken_for_it(phrase: str, text: str) -> None:
    assert not _found(phrase, text)


def test_spanish_words_match_with_and_without_accents() -> None:
    assert _found("separación familiar", "la separacion familiar", "es")
    assert _found("separacion familiar", "La Separación Familiar", "es")


def test_a_span_says_which_phrase_and_where() -> None:
    reading = read("No, la policía… sí")
    phrases = Phrases(["policia"], "es")

    (found,) = phrases.find(reading.words)
    span = reading.span(found, phrases.texts[found.phrase])

    assert "No, la policía… sí"[span.start : span.end] == "policía"
    assert span.cue == "policia"


@pytest.mark.parametrize("phrase", ["", "   ", "... word", "word ...", "a|", "two!words", "=pre*", "a " * 13])
def test_a_phrase_against_the_grammar_is_refused_and_named(phrase: str) -> None:
    with pytest.raises(BadPhrase):
        Phrases([phrase], "en")
