"""Tone: how a text sounds, never what it wants. A text that cannot be scored is *not scored*, never 0.

TextBlob's polarities and VADER's ratings of words, guesses for the words that neither knows, and weights
learned from rated sentences: see `engage.analysis.tone_model`, and `engage.evaluation.train_tone`, which
makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.tone_model import LANGUAGES, model


class ToneLabel(StrEnum):
    """How a text sounds."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    NOT_SCORED = "not_scored"


class NotScoredReason(StrEnum):
    """Why a text has no tone."""

    EMPTY = "empty"
    LANGUAGE = "language"
    TOO_SHORT = "too_short"


@dataclass(frozen=True, slots=True)
class Tone:
    """A label, a score from −1 to 1 (None where not scored), and the reason where there is no score."""

    label: ToneLabel
    score: float | None
    reason: NotScoredReason | None = None


_MIN_WORDS = 2
_LABELS = (ToneLabel.NEGATIVE, ToneLabel.NEUTRAL, ToneLabel.POSITIVE)


def not_scored(reason: NotScoredReason) -> Tone:
    """The tone of a text that has none that we could tell."""
    return Tone(ToneLabel.NOT_SCORED, None, reason)


def measure(folded: str, words: int, language: str) -> Tone:
    """The tone of a folded text of ``words`` words, its capitals kept, in a language (ISO 639-1).

    The label is the likeliest of the three; the score is the probability of a positive tone less that of a
    negative one, so that a text that is called positive has a score above 0, and a neutral one either.
    """
    if not words:
        return not_scored(NotScoredReason.EMPTY)
    if language not in LANGUAGES:
        return not_scored(NotScoredReason.LANGUAGE)
    if words < _MIN_WORDS:
        return not_scored(NotScoredReason.TOO_SHORT)
    probabilities = model(language).probabilities(folded)
    label = _LABELS[probabilities.index(max(probabilities))]
    return Tone(label, round(probabilities[2] - probabilities[0], 4))
