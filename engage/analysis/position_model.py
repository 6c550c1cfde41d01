"""A model of positions that was learned from a docket's labels: applied, stored and read without any library.

How it is learned, and when it is not, is in `engage.analysis.position_learning`.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engage.analysis.language import identify
from engage.analysis.phrases import Span, Word
from engage.analysis.position import PositionLabel, PositionSuggestion, suggest
from engage.analysis.reading import Reading, read

SIDES = (PositionLabel.SUPPORT, PositionLabel.OPPOSE)

_CUE_LANGUAGES = ("en", "es")
_PREFIX = 5
_FORMAT = 1
_SHOWN = 3


class BadModel(ValueError):
    """A text that is no stored position model of a known format."""


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """What came of suggesting positions for labelled texts that were not learned from.

    ``precision`` of all suggestions, ``suggested`` the share of texts with one, ``f1`` the mean F1 of the two
    sides, ``rules_f1`` the same of the cue rules alone on the same texts, ``recall`` by side.
    """

    labels: int
    precision: float
    suggested: float
    f1: float
    rules_f1: float
    recall: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PositionModel:
    """Weights of terms for support, oppose and all else; applied without any library.

    ``terms`` maps a term to its inverse document frequency and its three weights; ``cues`` the verdict of
    the rules to three weights; ``thresholds`` are the least probabilities of support and of oppose.
    """

    terms: Mapping[str, tuple[float, float, float, float]]
    cues: Mapping[str, tuple[float, float, float]]
    intercept: tuple[float, float, float]
    thresholds: tuple[float, float]
    validation: CrossValidation

    def suggest(self, text: str) -> PositionSuggestion:
        """Suggest a position; *unclear* where neither side is likely enough and the rules do not say it too.

        The spans are the words that spoke most for the side, and the cue of the rules where it agrees. A text
        that takes no side by the rules (neutral, mixed, only asking) keeps what they say where the model is
        unsure.
        """
        reading = read(text)
        by_rules = suggest(reading, cue_languages(identify(text).code))
        side = decide(self._probabilities(reading, by_rules.position), self.thresholds, by_rules.position)
        if side is not None:
            return PositionSuggestion(side, self._spans(reading, by_rules, side))
        if by_rules.position in SIDES:
            return PositionSuggestion(PositionLabel.UNCLEAR)
        return by_rules

    def to_json(self) -> str:
        """The model as JSON text, the same for the same model."""
        validation = self.validation
        return json.dumps(
            {
                "format": _FORMAT,
                "terms": {term: list(weights) for term, weights in sorted(self.terms.items())},
                "cues": {cue: list(weights) for cue, weights in sorted(self.cues.items())},
                "intercept": list(self.intercept),
                "thresholds": list(self.thresholds),
                "validation": {
                    "labels": validation.labels,
                    "precision": validation.precision,
                    "suggested": validation.suggested,
                    "f1": validation.f1,
                    "rules_f1": validation.rules_f1,
                    "recall": dict(validation.recall),
                },
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> PositionModel:
        """The model that `to_json` wrote. Raises BadModel for anything else."""
        try:
            stored: dict[str, Any] = json.loads(text)
            if stored["format"] != _FORMAT:
                raise BadModel(f"A position model of format {stored['format']} is not known.")
            return cls(
                terms={term: four(weights) for term, weights in stored["terms"].items()},
                cues={cue: three(weights) for cue, weights in stored["cues"].items()},
                intercept=three(stored["intercept"]),
                thresholds=two(stored["thresholds"]),
                validation=CrossValidation(**stored["validation"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise BadModel("This is no stored position model.") from error

    def _probabilities(self, reading: Reading, cue: PositionLabel) -> tuple[float, float, float]:
        """The probabilities of support, oppose and all else."""
        scores = [
            own + of_cue for own, of_cue in zip(self.intercept, self.cues.get(cue, (0.0,) * 3), strict=True)
        ]
        values = self._values(reading)
        for term, value in values.items():
            for place, weight in enumerate(self.terms[term][1:]):
                scores[place] += value * weight
        highest = max(scores)
        support, oppose, other = (math.exp(score - highest) for score in scores)
        total = support + oppose + other
        return support / total, oppose / total, other / total

    def _values(self, reading: Reading) -> dict[str, float]:
        """TF-IDF of the known terms of a text, its logarithm of counts, of length one."""
        counts = Counter(term for term, _, _ in terms_of(reading.words) if term in self.terms)
        values = {term: (1 + math.log(count)) * self.terms[term][0] for term, count in counts.items()}
        length = math.sqrt(sum(value * value for value in values.values()))
        return {term: value / length for term, value in values.items()}

    def _spans(self, reading: Reading, by_rules: PositionSuggestion, side: PositionLabel) -> tuple[Span, ...]:
        mine, others = (1, 2) if side is PositionLabel.SUPPORT else (2, 1)
        speaks = {
            term: value * (self.terms[term][mine] - self.terms[term][others])
            for term, value in self._values(reading).items()
        }
        strongest = sorted(
            (term for term in speaks if speaks[term] > 0), key=lambda term: (-speaks[term], term)
        )
        spans = list(by_rules.spans) if by_rules.position is side else []
        for term in strongest[:_SHOWN]:
            _, first, last = next(place for place in terms_of(reading.words) if place[0] == term)
            start, end = reading.folded.original(first.start, last.end)
            if not any(start < span.end and span.start < end for span in spans):
                spans.append(Span(start, end, term))
        return tuple(sorted(spans, key=lambda span: span.start))


def terms_of(words: Sequence[Word]) -> Iterator[tuple[str, Word, Word]]:
    """The terms of a text with their first and last word: words, beginnings of long ones, and pairs.

    Beginnings stand in for stems: they need no language, which a short text may not tell.
    """
    for word in words:
        yield word.text, word, word
        if len(word.text) > _PREFIX:
            yield f"{word.text[:_PREFIX]}*", word, word
    for first, last in pairwise(words):
        yield f"{first.text} {last.text}", first, last


def cue_languages(code: str) -> tuple[str, ...]:
    """The languages whose cues are read; both where the language is not known to them."""
    return (code,) if code in _CUE_LANGUAGES else _CUE_LANGUAGES


def decide(
    probabilities: Sequence[float], thresholds: tuple[float, float], by_rules: PositionLabel
) -> PositionLabel | None:
    """The likelier side if it is likely enough, or if it is what the rules say as well."""
    likelier = 0 if probabilities[0] >= probabilities[1] else 1
    side = SIDES[likelier]
    return side if probabilities[likelier] >= thresholds[likelier] or by_rules is side else None


def _numbers(values: Sequence[float], length: int) -> list[float]:
    numbers = [round(float(value), 6) for value in values]
    if len(numbers) != length or not all(map(math.isfinite, numbers)):
        raise BadModel("A weight of the position model is no number.")
    return numbers


def two(values: Sequence[float]) -> tuple[float, float]:
    first, second = _numbers(values, 2)
    return first, second


def three(values: Sequence[float]) -> tuple[float, float, float]:
    first, second, third = _numbers(values, 3)
    return first, second, third


def four(values: Sequence[float]) -> tuple[float, float, float, float]:
    first, second, third, fourth = _numbers(values, 4)
    return first, second, third, fourth
