"""Tone: how a text sounds, never what it wants. A text that cannot be scored is *not scored*, never 0.

A lexicon method: the words of TextBlob's English lexicon and word lists of our own, turned round by negation,
raised and lowered by the word before, weighed by what stands after "but". TextBlob alone knows mostly
adjectives, reads "isn't a good idea" as praise, and knows no Spanish; the lists make up for that. Spanish is
scored by our lists alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from textblob.en import sentiment

from engage.analysis.phrases import stem


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
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[:;=]-?[)(d/](?!\w)")
_EYES = ":;="
_FACES = {")": 0.5, "d": 0.6, "(": -0.5, "/": -0.3}
_CONTRACTIONS = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall", "ain't": "is"}
_NEGATED = "not"
_FLIP = -0.7
_BOOST = 1.3
_DAMP = 0.6
_EXCLAMATION = 0.05
_EXCLAMATIONS = 3


def not_scored(reason: NotScoredReason) -> Tone:
    """The tone of a text that has none that we could tell."""
    return Tone(ToneLabel.NOT_SCORED, None, reason)


def measure(folded: str, words: int, language: str) -> Tone:
    """The tone of a folded text of ``words`` words in a language (ISO 639-1)."""
    if not words:
        return not_scored(NotScoredReason.EMPTY)
    lexicon = _lexicons().get(language)
    if lexicon is None:
        return not_scored(NotScoredReason.LANGUAGE)
    if words < _MIN_WORDS:
        return not_scored(NotScoredReason.TOO_SHORT)
    score = round(lexicon.score(folded), 4)
    if abs(score) < lexicon.cut:
        return Tone(ToneLabel.NEUTRAL, score)
    return Tone(ToneLabel.POSITIVE if score > 0 else ToneLabel.NEGATIVE, score)


class _Lexicon:
    """The words of one language and how they work on each other; see ``data/tone-words.toml``."""

    def __init__(self, language: str, data: dict[str, Any]) -> None:
        self.language = language
        self.cut: float = data["cut"]
        self._textblob: float = data["textblob"]
        self._reach: int = data["reach"]
        self._before_turn: float = data["before_turn"]
        self._after_turn: float = data["after_turn"]
        self._negations = frozenset(data["negations"])
        self._boosters = frozenset(data["boosters"])
        self._dampers = frozenset(data["dampers"])
        self._turns = frozenset(data["turns"])
        self._exact: dict[str, float] = {}
        self._stems: dict[str, float] = {}
        for name, weight in data["weights"].items():
            for word in data[name]:
                if word.startswith("="):
                    self._exact[word[1:]] = weight
                else:
                    self._stems[stem(word, language)] = weight
        self._weights: dict[str, float] = {}

    def score(self, folded: str) -> float:
        """From −1 to 1: the weights of the words, summed and squeezed (s ÷ √(s² + 1))."""
        words = _words(folded)
        before, after = 0.0, 0.0
        turned = False
        for place, word in enumerate(words):
            if word in self._turns:
                before, after, turned = before + after, 0.0, True
            weight = self._weight(word)
            if weight and word != _NEGATED:
                after += weight * self._factor(words, place)
        total = before * self._before_turn + after * self._after_turn if turned else after
        if total:
            emphasis = min(_EXCLAMATIONS, folded.count("!")) * _EXCLAMATION
            total += emphasis if total > 0 else -emphasis
        return float(total / (total * total + 1) ** 0.5)

    def _weight(self, word: str) -> float:
        weight = self._weights.get(word)
        if weight is None:
            weight = self._look_up(word)
            if len(self._weights) < _MAX_KNOWN:
                self._weights[word] = weight
        return weight

    def _look_up(self, word: str) -> float:
        if word[0] in _EYES:
            return _FACES[word[-1]]
        if word in self._exact:
            return self._exact[word]
        stemmed = self._stems.get(stem(word, self.language))
        if stemmed is not None:
            return stemmed
        return self._textblob * _textblob_polarity(word) if self._textblob else 0.0

    def _factor(self, words: list[str], place: int) -> float:
        """What the words before a word do to its weight."""
        factor = 1.0
        if place and words[place - 1] in self._boosters:
            factor *= _BOOST
        elif place and words[place - 1] in self._dampers:
            factor *= _DAMP
        negations = sum(word in self._negations for word in words[max(0, place - self._reach) : place])
        return factor * _FLIP if negations % 2 else factor


_MAX_KNOWN = 200_000


def _words(folded: str) -> list[str]:
    """The words of a folded text, with contractions spelled out: "isn't" is "is not"."""
    words: list[str] = []
    for word in _WORD.findall(folded):
        if word in _CONTRACTIONS:
            words += [_CONTRACTIONS[word], _NEGATED]
        elif word.endswith("n't"):
            words += [word[:-3], _NEGATED]
        else:
            words.append(word)
    return words


def _textblob_polarity(word: str) -> float:
    """TextBlob's polarity of one word, −1 to 1, from the lexicon in its package: no corpus and no network."""
    return float(sentiment([word])[0])


@cache
def _lexicons() -> dict[str, _Lexicon]:
    text = (files("engage.analysis") / "data" / "tone-words.toml").read_text("utf-8")
    return {language: _Lexicon(language, data) for language, data in tomllib.loads(text).items()}
