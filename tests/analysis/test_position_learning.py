"""Positions learned from a docket's own labels, or not learned where that would mislead."""

from __future__ import annotations

import json
import random
from itertools import combinations, product

import pytest

from engage.analysis import PositionLabel
from engage.analysis.position_learning import LEAST_LABELS, BadModel, PositionModel, learn

SUPPORT, OPPOSE, UNCLEAR = PositionLabel.SUPPORT, PositionLabel.OPPOSE, PositionLabel.UNCLEAR
# What each side of an invented docket says, without a word that the cue rules know.
REASONS = {
    (SUPPORT, "en"): [
        "gang members go home",
        "deputies catch dangerous criminals",
        "our streets are safer",
        "the jail checks everyone booked",
    ],
    (OPPOSE, "en"): [
        "families are torn apart",
        "mothers fear to call deputies",
        "victims will hide",
        "traffic stops end in sorrow",
    ],
    (UNCLEAR, "en"): [
        "the parking was full",
        "the microphone failed",
        "the agenda came late",
        "my bus was late",
    ],
    (SUPPORT, "es"): [
        "los pandilleros se van",
        "atrapan criminales peligrosos",
        "las calles son seguras",
        "la cárcel revisa a todos",
    ],
    (OPPOSE, "es"): [
        "las familias se separan",
        "las madres temen llamar",
        "las víctimas se esconden",
        "los retenes traen tristeza",
    ],
    (UNCLEAR, "es"): [
        "no había estacionamiento",
        "el micrófono falló",
        "la agenda llegó tarde",
        "mi camión se atrasó",
    ],
}
OPENINGS = {
    "en": ["Neighbors,", "As I see it", "Tonight I say that", "For years"],
    "es": ["Vecinos,", "Como yo lo veo", "Hoy digo que", "Desde hace años"],
}

Labelled = list[tuple[str, PositionLabel, str]]


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


def _docket() -> Labelled:
    """144 comments: every opening with every two different reasons of one side."""
    labelled = [
        (
            f"{opening} {first} and {second}." if language == "en" else f"{opening} {first} y {second}.",
            side,
            language,
        )
        for (side, language), reasons in REASONS.items()
        for opening, (first, second) in product(OPENINGS[language], combinations(reasons, 2))
    ]
    return _dice(1).sample(labelled, len(labelled))


def _learn(labelled: Labelled) -> PositionModel | None:
    texts, positions, languages = zip(*labelled, strict=True)
    return learn(texts, positions, languages=languages)


@pytest.fixture(scope="module")
def model() -> PositionModel:
    learned = _learn(_docket())
    assert learned is not None
    return learned


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Dangerous criminals and gang members leave our streets", SUPPORT),
        ("Mothers hide and families are torn", OPPOSE),
        ("Se van los pandilleros, criminales peligrosos", SUPPORT),
        ("Las madres se esconden, familias con tristeza", OPPOSE),
        ("The parking was late", UNCLEAR),
        ("The quarterly budget of the library", UNCLEAR),
        ("", UNCLEAR),
        ("How much does the library cost?", PositionLabel.QUESTION_ONLY),
    ],
)
def test_what_stands_for_a_side_in_a_docket_is_learned(
    model: PositionModel, text: str, position: PositionLabel
) -> None:
    assert model.suggest(text).position is position


def test_a_suggestion_shows_the_words_that_it_rests_on(model: PositionModel) -> None:
    text = "Señores: las familias se separan."

    spans = model.suggest(text).spans

    assert spans
    assert all(text[span.start : span.end].lower() in "las familias se separan" for span in spans)


def test_the_model_says_how_it_did_on_labels_that_it_had_not_seen(model: PositionModel) -> None:
    validation = model.validation

    assert validation.labels == len(_docket())
    assert validation.precision >= 0.8
    assert validation.f1 > validation.rules_f1
    assert abs(validation.recall["support"] - validation.recall["oppose"]) < 0.2


def test_the_same_labels_give_the_same_model_and_it_can_be_stored(model: PositionModel) -> None:
    stored = model.to_json()

    assert _learn(_docket()) == model
    assert PositionModel.from_json(stored) == model
    assert PositionModel.from_json(stored).to_json() == stored


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1}', "null", '{"format": 1, "terms": {"a": ["x"]}}']
)
def test_what_is_no_stored_model_is_refused(text: str) -> None:
    with pytest.raises(BadModel):
        PositionModel.from_json(text)


@pytest.mark.parametrize("weight", ["NaN", "Infinity", '"much"', "null"])
def test_a_stored_weight_must_be_a_number(model: PositionModel, weight: str) -> None:
    stored = json.loads(model.to_json())
    stored["intercept"][0] = "@"

    with pytest.raises(BadModel):
        PositionModel.from_json(json.dumps(stored).replace('"@"', weight))


def test_few_labels_are_not_learned_from() -> None:
    assert _learn(_docket()[: LEAST_LABELS - 1]) is None


@pytest.mark.parametrize("rare", [SUPPORT, OPPOSE])
def test_a_side_with_few_labels_is_not_learned_from(rare: PositionLabel) -> None:
    docket = _docket()
    few = [one for one in docket if one[1] is rare][:19]

    assert _learn([one for one in docket if one[1] is not rare] + few) is None


def test_labels_that_have_nothing_to_do_with_the_words_teach_nothing() -> None:
    dice = _dice(2)

    assert (
        _learn([(text, dice.choice([SUPPORT, OPPOSE]), language) for text, _, language in _docket()]) is None
    )


def test_copies_of_one_letter_are_not_taken_for_skill() -> None:
    dice = _dice(3)
    letters = [(text, dice.choice([SUPPORT, OPPOSE]), language) for text, _, language in _docket()[:40]]

    assert _learn(letters * 5) is None


def test_the_rules_go_on_alone_where_they_find_both_sides_as_well() -> None:
    said = {SUPPORT: "I support this agreement", OPPOSE: "I oppose this agreement", UNCLEAR: "I came by bus"}
    docket = [
        (f"{text}, says house {number}", side, "en") for number in range(40) for side, text in said.items()
    ]

    assert _learn(docket) is None


def test_texts_and_labels_must_go_together() -> None:
    with pytest.raises(ValueError, match="one length"):
        learn(["a"], [], languages=["en"])
