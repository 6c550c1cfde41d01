"""Measures of classification: pure functions of what people said and what was found."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and their harmonic mean, from 0 to 1; 0 where there is nothing to divide by."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def scores(right: int, found: int, wanted: int) -> Scores:
    """Of ``found`` things ``right`` are right, of ``wanted`` in all."""
    return Scores(right / found if found else 0.0, right / wanted if wanted else 0.0)


def scores_of(label: str, truth: Sequence[str], found: Sequence[str]) -> Scores:
    """How well one label is found."""
    pairs = Counter(zip(truth, found, strict=True))
    return scores(pairs[label, label], found.count(label), truth.count(label))


def macro_f1(truth: Sequence[str], found: Sequence[str], labels: Sequence[str]) -> float:
    """The mean over the labels of each one's F1; an answer that is none of them is wrong."""
    return sum(scores_of(label, truth, found).f1 for label in labels) / len(labels)


def micro_scores(truth: Sequence[AbstractSet[str]], found: Sequence[AbstractSet[str]]) -> Scores:
    """Over all labels of all texts together, for texts of several labels or none."""
    right = sum(len(one & other) for one, other in zip(truth, found, strict=True))
    return scores(right, sum(map(len, found)), sum(map(len, truth)))


def pearson(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation, from −1 to 1; 0 where one of them does not vary."""
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    apart = [(a - mean_one, b - mean_other) for a, b in zip(one, other, strict=True)]
    spread = math.sqrt(sum(a * a for a, _ in apart) * sum(b * b for _, b in apart))
    return sum(a * b for a, b in apart) / spread if spread else 0.0


def confusion(
    truth: Sequence[str], found: Sequence[str], labels: Sequence[str], said: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """Counts by true label (rows) and found label (columns)."""
    pairs = Counter(zip(truth, found, strict=True))
    return tuple(tuple(pairs[label, answer] for answer in said) for label in labels)
