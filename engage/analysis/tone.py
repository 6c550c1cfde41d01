"""Tone: how a text sounds, never what it wants. A text that cannot be scored is *not scored*, never 0."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from textblob.en import sentiment


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


def not_scored(reason: NotScoredReason) -> Tone:
    """The tone of a text that has none that we could tell."""
    return Tone(ToneLabel.NOT_SCORED, None, reason)


_SCORED_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[!?]|[:;=8][-o^]?[)(dp/|]")
_CONTRACTIONS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "ain't": "is not",
}
# TextBlob forgets a negation at the next longer word ("not the best idea"); these carry no meaning.
_SMALL_WORDS = frozenset(
    (
        "the",
        "an",
        "any",
        "such",
        "this",
        "that",
        "my",
        "our",
        "your",
        "his",
        "her",
        "their",
        "its",
        "of",
        "be",
        "been",
    )
)
_MIN_WORDS = 2
_CUT = 0.05


def score_english(folded: str) -> float:
    """TextBlob's polarity, −1 to 1, of a folded text; "isn't a good idea" is read as "is not good idea".

    Only `textblob.en.sentiment` is used: the lexicon that comes in the package, no corpus and no network.
    """
    return float(sentiment(_english_words(folded))[0])


def _english_words(folded: str) -> list[str]:
    words: list[str] = []
    for word in _SCORED_WORD.findall(folded):
        if word in _CONTRACTIONS:
            words += _CONTRACTIONS[word].split()
        elif word.endswith("n't"):
            words += [word[:-3], "not"]
        elif word not in _SMALL_WORDS:
            words.append(word)
    return words


def measure(folded: str, words: int, language: str) -> Tone:
    """The tone of a folded text of ``words`` words in a language (ISO 639-1)."""
    if not words:
        return not_scored(NotScoredReason.EMPTY)
    if language not in _SCORERS:
        return not_scored(NotScoredReason.LANGUAGE)
    if words < _MIN_WORDS:
        return not_scored(NotScoredReason.TOO_SHORT)
    score = round(_SCORERS[language](folded), 4)
    return Tone(_label(score), score)


def _label(score: float) -> ToneLabel:
    if abs(score) < _CUT:
        return ToneLabel.NEUTRAL
    return ToneLabel.POSITIVE if score > 0 else ToneLabel.NEGATIVE


_SCORERS: dict[str, Callable[[str], float]] = {"en": score_english}
