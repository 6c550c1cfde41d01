"""The shipped weights are what their script makes, carry nothing about groups or sides, and stay small."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engage.analysis.phrases import stem
from engage.analysis.tone_model import DENSE, LANGUAGES, Model, Vocabulary, word_lists
from engage.evaluation import train_tone
from engage.evaluation.train_tone import DATA, learn, plain_combination, vocabulary, write

MEGABYTE = 1_000_000
MADE_OF = ("valences", "hints")


@cache
def _shipped(language: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((DATA / f"tone-{language}.json").read_text("utf-8"))
    return whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_file_is_written_as_the_script_writes(language: str, tmp_path: Path) -> None:
    data = {
        key: value for key, value in _shipped(language).items() if key not in ("licence", "made_by", *MADE_OF)
    }
    voc = vocabulary(language, *(_shipped(language)[key] for key in MADE_OF))

    write(tmp_path / "again.json", voc, data)

    assert (tmp_path / "again.json").read_bytes() == (DATA / f"tone-{language}.json").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_file_has_a_number_for_everything_and_its_licence(language: str) -> None:
    data = _shipped(language)

    assert sorted(data["dense"]) == sorted(DENSE)
    assert [len(row) for row in data["combination"]] == [5, 5, 5]
    assert {len(weight) for weight in data["weights"].values()} == {2}
    assert all(abs(value) <= 4 for key in MADE_OF for value in data[key].values())
    assert "CC BY-SA 4.0" in data["licence"]
    assert "Copyright (c) 2016 C.J. Hutto" in (DATA / "tone-LICENCE.txt").read_text("utf-8")
    assert (DATA / f"tone-{language}.json").stat().st_size < MEGABYTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_about_groups_sides_or_the_subject_has_a_weight(language: str) -> None:
    data = _shipped(language)
    silent = {stem(word, language) for word in word_lists(language)["without_tone"]}
    words = {stem(word, language) for key in MADE_OF for word in data[key]}
    parts = {part.removeprefix("not_") for name in data["weights"] for part in name.split()}

    assert len(silent) > 200
    assert words & silent == set()
    assert parts & silent == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_hand_written_lists_do_not_give_a_tone_to_what_has_none(language: str) -> None:
    lists = word_lists(language)
    silent = {stem(word, language) for word in lists["without_tone"]}
    valued = {stem(word.removeprefix("="), language) for name in lists["valences"] for word in lists[name]}

    assert valued & silent == set()


SENTENCES = [
    ("what a lovely morning", 2),
    ("what a lovely evening", 2),
    ("what a lovely evening in texas", 2),
    ("the bus leaves at nine", 1),
    ("the bus leaves at ten", 1),
    ("the bus leaves at noon", 1),
    ("what a dreadful morning in texas", 0),
    ("what a dreadful evening in texas", 0),
    ("what a dreadful lunch", 0),
] * 2


@pytest.fixture(scope="module")
def voc() -> Vocabulary:
    return vocabulary("en", {"lovely": 2.8, "texas": 2.0}, {"dreadful": -2.5, "immigrants": -1.0})


def _learned(voc: Vocabulary) -> dict[str, Any]:
    return learn(voc, [text for text, _ in SENTENCES], np.array([label for _, label in SENTENCES]))


def test_learning_twice_gives_the_same_weights_and_a_model_that_tells_the_classes(voc: Vocabulary) -> None:
    first, second = _learned(voc), _learned(voc)
    model = Model(voc, {**first, "combination": plain_combination(0.0)})

    assert first == second
    assert model.probabilities("A lovely morning").index(max(model.probabilities("A lovely morning"))) == 2
    assert model.probabilities("The bus at nine").index(max(model.probabilities("The bus at nine"))) == 1
    assert model.probabilities("A dreadful lunch").index(max(model.probabilities("A dreadful lunch"))) == 0
    assert sum(model.probabilities("A lovely morning")) == pytest.approx(1)


def test_a_word_without_tone_is_dropped_before_anything_is_learned(voc: Vocabulary) -> None:
    assert voc.learned() == {"valences": {"lovely": 2.8}, "hints": {"dreadful": -2.5}}
    assert not any("texa" in name for name in _learned(voc)["weights"])


def test_negation_marks_and_turns_the_words_after_it(voc: Vocabulary) -> None:
    plain, negated = voc.read("A lovely day"), voc.read("Not a lovely day")

    assert dict(zip(DENSE, plain.dense, strict=True))["pleasant"] > 0
    assert dict(zip(DENSE, negated.dense, strict=True))["unpleasant"] > 0
    assert "love" in plain.names
    assert "not_love" in negated.names


def test_macro_f1_is_the_mean_of_the_three_classes() -> None:
    assert train_tone.macro_f1(np.array([0, 1, 2]), np.array([0, 1, 2])) == 1
    assert train_tone.macro_f1(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])) == pytest.approx(
        (1 + 2 / 3 + 2 / 3) / 3
    )
