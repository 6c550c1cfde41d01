"""Themes that nobody named: found where there are some, none where there is only chance."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from engage.analysis.content_words import content_words
from engage.analysis.themes import Theme, find_themes

# What people in a made-up docket write about besides the agreement itself: words of three subjects.
SUBJECTS = {
    "bridge": ("bridge", "river", "flood", "rain", "crossing", "repair", "trucks", "water", "concrete"),
    "library": (
        "library",
        "books",
        "reading",
        "opening",
        "evening",
        "students",
        "shelves",
        "quiet",
        "librarian",
    ),
    "market": ("market", "stalls", "vendors", "tomatoes", "saturday", "cheese", "farmers", "square", "honey"),
}
OTHERS = [f"filler{letter}{number}" for letter in "abcdefghij" for number in range(14)]


def made_up(n: int = 240, seed: int = 5) -> tuple[list[str], list[str]]:
    """Texts of which a third has no subject, and what each is about."""
    draw = random.Random(seed)  # noqa: S311 - the same texts at every run
    texts, about = [], []
    for _ in range(n):
        subject = draw.choice([*SUBJECTS, ""])
        words = draw.sample(SUBJECTS[subject], 4) if subject else []
        words += draw.sample(OTHERS, 6 if subject else 10)
        draw.shuffle(words)
        texts.append(" ".join(words))
        about.append(subject)
    return texts, about


def shuffled(texts: Sequence[str], seed: int) -> list[str]:
    """The same words in texts of the same lengths, in no order."""
    draw = random.Random(seed)  # noqa: S311 - the same order at every run
    words = [word for text in texts for word in text.split()]
    draw.shuffle(words)
    rest = iter(words)
    return [" ".join(next(rest) for _ in text.split()) for text in texts]


@pytest.fixture(scope="module")
def texts_and_subjects() -> tuple[list[str], list[str]]:
    return made_up()


@pytest.fixture(scope="module")
def themes(texts_and_subjects: tuple[list[str], list[str]]) -> tuple[Theme, ...]:
    texts, _ = texts_and_subjects
    return find_themes(texts, ["en"] * len(texts))


class TestFindThemes:
    def test_finds_the_subjects_and_names_them_by_their_words(self, themes: tuple[Theme, ...]) -> None:
        named = [
            {subject for subject, words in SUBJECTS.items() if set(theme.words[:4]) & set(words)}
            for theme in themes
        ]

        assert sorted(map(sorted, named)) == [["bridge"], ["library"], ["market"]]
        assert all(theme.languages == ("en",) for theme in themes)

    def test_gives_each_theme_the_texts_about_it(
        self, texts_and_subjects: tuple[list[str], list[str]], themes: tuple[Theme, ...]
    ) -> None:
        _, about = texts_and_subjects
        for theme in themes:
            subjects = [about[row] for row in theme.members]
            main = max(set(subjects), key=subjects.count)
            assert subjects.count(main) >= 0.95 * len(subjects)
            assert subjects.count(main) >= 0.8 * about.count(main)
            assert {about[row] for row in theme.exemplars} == {main}
            assert set(theme.exemplars) <= set(theme.members)

    @pytest.mark.parametrize("seed", range(3))
    def test_finds_none_in_shuffled_words(
        self, texts_and_subjects: tuple[list[str], list[str]], seed: int
    ) -> None:
        texts, _ = texts_and_subjects

        assert find_themes(shuffled(texts, seed), ["en"] * len(texts)) == ()

    def test_gives_the_same_themes_at_every_run(
        self, texts_and_subjects: tuple[list[str], list[str]], themes: tuple[Theme, ...]
    ) -> None:
        texts, _ = texts_and_subjects

        assert find_themes(texts, ["en"] * len(texts)) == themes

    def test_a_form_letter_is_no_theme_of_its_own(self) -> None:
        texts, _ = made_up()
        letter = "Protect the lighthouse keeper and the foghorn of the harbor island"
        letters = [f"{letter} {OTHERS[number % 140]}" for number in range(60)]

        themes = find_themes(
            [*texts, *letters],
            ["en"] * (len(texts) + 60),
            campaigns=[None] * len(texts) + ["c-1"] * 60,
        )

        assert len(themes) == 3
        assert not any("lighthouse" in theme.words for theme in themes)

    def test_copies_belong_to_a_theme_and_count_once(self) -> None:
        texts, about = made_up()
        copied = about.index("bridge")

        themes = find_themes([*texts, *[texts[copied]] * 30], ["en"] * (len(texts) + 30))

        theme = next(theme for theme in themes if copied in theme.members)
        assert set(range(len(texts), len(texts) + 30)) <= set(theme.members)
        assert theme.size == len(theme.members) - 30
        assert len({texts[row] if row < len(texts) else texts[copied] for row in theme.exemplars}) == 5

    def test_leaves_out_what_a_concern_of_the_taxonomy_has_named(self) -> None:
        texts, about = made_up()
        concerns = [["roads"] if subject == "bridge" else [] for subject in about]

        themes = find_themes(texts, ["en"] * len(texts), concerns=concerns)

        assert len(themes) == 2
        assert not any("bridge" in theme.words for theme in themes)

    def test_keeps_languages_apart_where_there_are_no_vectors(self) -> None:
        texts, _ = made_up()
        languages = ["en" if number % 2 else "es" for number in range(len(texts))]

        assert all(len(theme.languages) == 1 for theme in find_themes(texts, languages))

    def test_joins_languages_by_vectors(self) -> None:
        """Two vocabularies that share no word: what is about the same has nearly the same vector."""
        texts, about = made_up()
        texts = [
            text if number % 2 else " ".join(f"{word}ito" for word in text.split())
            for number, text in enumerate(texts)
        ]
        languages = ["en" if number % 2 else "es" for number in range(len(texts))]
        chance = np.random.default_rng(1)
        directions = np.eye(16, dtype="float32")
        vectors = np.array(
            [
                (directions[list(SUBJECTS).index(subject)] if subject else 0)
                + chance.normal(0, 0.1 if subject else 0.3, 16)
                for subject in about
            ],
            dtype="float32",
        )

        themes = find_themes(texts, languages, vectors=vectors)

        assert len(themes) >= 3
        for theme in themes[:3]:
            assert set(theme.languages) == {"en", "es"}
            subjects = [about[row] for row in theme.members]
            assert max(map(subjects.count, SUBJECTS)) >= 0.9 * len(subjects)
            assert any(word.endswith("ito") for word in theme.words)
            assert not all(word.endswith("ito") for word in theme.words)

    @pytest.mark.parametrize("texts", [[], ["One text only."], ["the and of"] * 300, ["", " "] * 100])
    def test_of_too_little_there_is_no_theme(self, texts: list[str]) -> None:
        assert find_themes(texts, ["en"] * len(texts)) == ()


def test_words_are_shown_with_their_accents() -> None:
    assert content_words("¿La Cañada? La cañada's AÑOS", "es") == [("can", "cañada"), ("can", "cañada")]
