"""Groupings compared by pairs: of all pairs put together, how many belong so, and the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PairScores:
    """Pairwise precision and recall, from 0 to 1."""

    precision: float
    recall: float


def pair_scores(truth: Sequence[Hashable | None], found: Sequence[Hashable | None]) -> PairScores:
    """Compare the group of each item with the group found for it; None is an item in no group."""
    true_pairs = _pairs(Counter(group for group in truth if group is not None))
    found_pairs = _pairs(Counter(group for group in found if group is not None))
    both = zip(truth, found, strict=True)
    right = _pairs(Counter(pair for pair in both if pair[0] is not None and pair[1] is not None))
    return PairScores(
        precision=right / found_pairs if found_pairs else 1.0,
        recall=right / true_pairs if true_pairs else 1.0,
    )


def _pairs(sizes: Counter[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
