"""How many years of school a text asks for: roughly, and never of too few words."""

from __future__ import annotations

import time

import pytest

from engage.analysis.readability import readability

EASY = {
    "en": "The dog ran to the park. We all had a good time. It was fun, and we went home.",
    "es": "El perro corre en el parque. La niña va a la casa. Hay un gato y come pan.",
}
HARD = {
    "en": (
        "Notwithstanding administrative interpretations, participating organizations continuously reevaluate "
        "their intergovernmental responsibilities, obligations and immigration authorities."
    ),
    "es": (
        "La reglamentación administrativa contemporánea imposibilita interpretaciones institucionales "
        "extraordinariamente complicadas, correspondiendo consecuentemente responsabilidades municipales."
    ),
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_easy_is_told_from_hard(language: str) -> None:
    easy, hard = readability(EASY[language], language), readability(HARD[language], language)

    assert easy is not None
    assert hard is not None
    assert easy.is_plain
    assert easy.grade <= 4
    assert not hard.is_plain
    assert hard.grade >= 13


def test_a_known_text_has_the_grade_that_the_formula_gives() -> None:
    # 13 words, 2 sentences, 17 syllables: .39 · 6.5 + 11.8 · 17/13 − 15.59 = 2.4.
    measured = readability("The cat sat on a yellow table. It saw seven red birds outside.", "en")

    assert measured is not None
    assert (measured.grade, measured.method) == (2, "Flesch–Kincaid")


def test_spanish_syllables_are_counted_as_they_are_said() -> None:
    # 12 words, 3 sentences, 29 syllables (ca·os, dí·a, que·so, gui·ta·rra …): 206.84 − 145 − 4.08 = 57.8.
    measured = readability("El caos del día acabó. Mi guitarra y queso. Veo la ciudad.", "es")

    assert measured is not None
    assert measured.method == "Fernández Huerta"
    assert 4 <= measured.grade <= 8


@pytest.mark.parametrize(
    ("text", "language"),
    [("", "en"), ("Too few words.", "en"), (EASY["en"], "fr"), ("1 2 3 … 🙂 " * 20, "es")],
)
def test_what_cannot_be_measured_has_no_grade(text: str, language: str) -> None:
    assert readability(text, language) is None


def test_marks_of_lists_and_links_change_nothing_and_an_item_is_a_sentence() -> None:
    plain = readability(
        "We meet on Monday in the hall. You can bring your whole family. Come and talk.", "en"
    )
    marked = readability(
        "- We meet on Monday in the [hall](https://example.org/a-very-long-address)\n"
        "- You can bring your whole family\n- **Come** and talk",
        "en",
    )

    assert plain == marked


def test_a_long_text_is_measured_in_linear_time() -> None:
    begun = time.process_time()
    assert readability("a. " * 100_000 + "(" * 50_000 + "[" * 50_000 + "[](" * 30_000, "en") is not None

    assert time.process_time() - begun < 6
