"""What the words of a theme tell: which distinguish it, and whether they really go together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engage.analysis.content_words import Matrix


def distinguishing(counts: Any, is_member: Any) -> Matrix:
    """How much each word belongs to the members and not to the rest: a z-score a word.

    ``counts`` is texts × words, sparse, 1 where a text has a word; ``is_member`` one truth a text. Log-odds
    with the whole as an informative Dirichlet prior, so that neither rare nor ubiquitous words win (Monroe,
    Colaresi and Quinn, "Fightin' Words", Political Analysis 2008, equations 16 and 22).
    """
    import numpy as np

    inside = np.asarray(counts[is_member].sum(axis=0), dtype="float64").ravel()
    whole = np.asarray(counts.sum(axis=0), dtype="float64").ravel()
    outside = whole - inside
    prior = whole / max(1.0, whole.sum()) * min(whole.sum(), 1000.0) + 0.01
    inside_all, outside_all, prior_all = inside.sum(), outside.sum(), prior.sum()
    within = np.log((inside + prior) / (inside_all + prior_all - inside - prior))
    without = np.log((outside + prior) / (outside_all + prior_all - outside - prior))
    scores: Matrix = (within - without) / np.sqrt(1 / (inside + prior) + 1 / (outside + prior))
    return scores


def togetherness(counts: Any, lengths: Any, words: Sequence[int]) -> tuple[float, float]:
    """How much more often two or more of these words meet in one text than by chance: (z-score, ratio).

    ``counts`` is texts × words, sparse, 1 where a text has a word; ``lengths`` its number of words. By
    chance means that each word is spread over the texts by their lengths alone, so that long texts, in which
    any words meet, prove nothing. Give it texts other than those in which the words were found.
    """
    import numpy as np

    here = np.asarray(counts[:, list(words)].todense(), dtype="float64") > 0
    lengths = np.asarray(lengths, dtype="float64")
    total = max(1.0, lengths.sum())
    rates = -np.log1p(-np.minimum(here.mean(axis=0), 0.999)) * len(lengths) / total
    absent = np.exp(-np.outer(lengths, rates))
    none = absent.prod(axis=1)
    one = none * ((1 - absent) / np.maximum(absent, 1e-12)).sum(axis=1)
    chance = np.clip(1 - none - one, 0, 1)
    expected, met = chance.sum(), float((here.sum(axis=1) >= 2).sum())
    spread = max(1.0, float(np.sqrt((chance * (1 - chance)).sum())))
    return (met - expected) / spread, met / max(expected, 1.0)
