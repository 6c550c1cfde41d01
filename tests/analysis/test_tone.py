"""How a text sounds; never what it wants, never 0 for what cannot be measured."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engage.analysis import Analyser, NotScoredReason, Tone, ToneLabel
from engage.analysis.folding import fold
from engage.analysis.tone import measure

EVALUATION = Path(__file__).resolve().parents[3] / "shared" / "evaluation"


def _tone(text: str, language: str = "en") -> Tone:
    folded = fold(text).text
    return measure(folded, len(folded.split()), language)


@pytest.mark.parametrize(
    "text",
    [
        "This isn't a good idea",
        "This isn’t a good idea.",
        "This is not a good idea",
        "I don't love this",
        "What a terrible plan",
    ],
)
def test_a_negated_praise_is_not_praise(text: str) -> None:
    assert _tone(text).label is ToneLabel.NEGATIVE


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("I love this town and its wonderful people", "en", ToneLabel.POSITIVE),
        ("The meeting is on Tuesday", "en", ToneLabel.NEUTRAL),
        ("Me encanta esta comunidad, gracias por todo", "es", ToneLabel.POSITIVE),
        ("Es un error grave y peligroso, qué vergüenza", "es", ToneLabel.NEGATIVE),
        ("La reunión es el martes", "es", ToneLabel.NEUTRAL),
    ],
)
def test_tone_is_measured_in_english_and_spanish(text: str, language: str, label: ToneLabel) -> None:
    assert _tone(text, language).label is label


def test_what_stands_after_but_weighs_more() -> None:
    praise_last = _tone("The start was bad but the service was great").score
    blame_last = _tone("The service was great but the start was bad").score

    assert praise_last is not None
    assert blame_last is not None
    assert praise_last > 0 > blame_last


@pytest.mark.parametrize(
    ("text", "language", "reason"),
    [
        ("", "und", NotScoredReason.EMPTY),
        ("Tôi rất vui", "vi", NotScoredReason.LANGUAGE),
        ("great wonderful", "und", NotScoredReason.LANGUAGE),
        ("Great", "en", NotScoredReason.TOO_SHORT),
    ],
)
def test_what_cannot_be_measured_has_no_score_and_a_reason(
    text: str, language: str, reason: NotScoredReason
) -> None:
    assert _tone(text, language) == Tone(ToneLabel.NOT_SCORED, None, reason)


def test_scores_stay_between_minus_one_and_one() -> None:
    for text in ("love " * 5000 + "!!!", "hate awful terrible " * 5000 + "!!!"):
        score = _tone(text).score

        assert score is not None
        assert -1 <= score <= 1


def _macro_f1(names: list[str]) -> float:
    analyser = Analyser()
    wanted = {"pos": "positive", "neu": "neutral", "neg": "negative"}
    pairs: list[tuple[str, str]] = []
    for name in names:
        with (EVALUATION / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                folded = fold(row["text"]).text
                pairs.append(
                    (wanted[row["label"]], measure(folded, max(2, len(folded.split())), row["lang"]).label)
                )
    assert analyser.version
    scores = []
    for label in wanted.values():
        both = sum(gold == label == got for gold, got in pairs)
        either = sum((gold == label) + (got == label) for gold, got in pairs)
        scores.append(2 * both / either)
    return sum(scores) / 3


@pytest.mark.shared
def test_english_tone_is_better_than_textblob_alone() -> None:
    names = [f"sent_en_{name}_dev.csv" for name in ("tweets", "nyt", "movie", "amazon", "mps")]

    assert _macro_f1(names) >= 0.56


@pytest.mark.shared
@pytest.mark.parametrize("name", ["intertass", "mps"])
def test_spanish_tone_is_worth_telling(name: str) -> None:
    assert _macro_f1([f"sent_es_{name}_dev.csv"]) >= 0.51
