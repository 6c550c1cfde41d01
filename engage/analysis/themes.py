"""Themes that nobody named: groups of comments of one docket that talk about something together.

They are found in a sample of different texts and then looked for in all texts. As many are kept as the data
bear out: see theme_parts. Words that are shuffled between the texts give no theme.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engage.analysis.fingerprint import fingerprint
from engage.analysis.theme_parts import Part, Space, stable_parts, unit
from engage.analysis.theme_words import distinguishing

if TYPE_CHECKING:
    from engage.analysis.content_words import Matrix

# Fewer different texts than these have no theme that could be told from chance.
MIN_TEXTS = 40
MIN_MEMBERS = 6
MOST_THEMES = 30
_SAMPLE = 4000
_BATCH = 5000
_STRONGEST = 12
_WORDS_SHOWN = 8
_EXEMPLARS = 5
# How near (cosine) a text is that belongs to a theme: by words, of which it has at least two, or by vectors.
_NEAR_BY_WORDS = 0.2
_NEAR_BY_VECTOR = 0.45
# Of two themes with so many texts in common (Jaccard) the larger is kept; a concern of the taxonomy with as
# many in common has named the theme already. What so many texts share is the docket's subject, not a theme.
_OVERLAP = 0.5
_MOST_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Theme:
    """Some of the given texts (by their place) that share a subject.

    ``words`` distinguish it, the most distinguishing first, as people write them; ``languages`` are
    those of its texts, the most frequent first. ``members`` are all of its texts in order, every copy of a
    campaign among them, ``size`` counts each campaign and text once; ``exemplars`` are the most typical ones.
    ``stability`` from 0 to 1 says how alike the theme was in both halves of the sample.
    """

    words: tuple[str, ...]
    languages: tuple[str, ...]
    members: tuple[int, ...]
    size: int
    exemplars: tuple[int, ...]
    stability: float


def find_themes(
    texts: Sequence[str],
    languages: Sequence[str],
    *,
    vectors: Matrix | None = None,
    campaigns: Sequence[Hashable | None] | None = None,
    concerns: Sequence[Collection[str]] | None = None,
) -> tuple[Theme, ...]:
    """The themes of one docket's texts, the largest first; none where there is nothing but chance.

    ``languages`` are ISO 639-1 codes or ``und``; texts of one campaign, and equal ones, count once;
    ``vectors`` are n × d, one row a text. ``concerns`` are what the taxonomy finds in each text: a theme that
    is one of these over again is left out. Deterministic; time and memory are linear in the texts.
    """
    keys = [
        fingerprint(text) if campaigns is None or campaigns[row] is None else f"campaign {campaigns[row]}"
        for row, text in enumerate(texts)
    ]
    sample = _sample(keys)
    if len(sample) < MIN_TEXTS:
        return ()
    own_vectors = None if vectors is None else vectors[sample]
    space = Space([texts[row] for row in sample], [languages[row] for row in sample], own_vectors)
    if space.is_too_small:
        return ()
    parts = stable_parts(space)
    members = _assign(space, parts, texts, languages, vectors)
    found = [
        _Found(part, rows, len({keys[row] for row in rows}))
        for part, rows in zip(parts, members, strict=True)
    ]
    kept = _distinct(_telling(found, len(set(keys)), concerns))[:MOST_THEMES]
    return tuple(_describe(space, one, sample, keys, languages) for one in kept)


@dataclass(frozen=True, slots=True)
class _Found:
    """A part, the texts near to it with how near they are, and how many of these are different ones."""

    part: Part
    nearness: dict[int, float]
    size: int


def _sample(keys: Sequence[str]) -> list[int]:
    """The places of different texts, in an order that is random and yet the same at every run."""
    first: dict[str, int] = {}
    for row, key in enumerate(keys):
        first.setdefault(key, row)
    drawn = heapq.nsmallest(
        _SAMPLE, ((hashlib.sha256(key.encode()).digest(), row) for key, row in first.items())
    )
    return [row for _, row in drawn]


def _assign(
    space: Space, parts: list[Part], texts: Sequence[str], languages: Sequence[str], vectors: Matrix | None
) -> list[dict[int, float]]:
    """For each part the places of the texts that belong to it, with how near they are."""
    import numpy as np

    found: list[dict[int, float]] = [{} for _ in parts]
    if not parts:
        return found
    words = np.array([_strongest(part.words) for part in parts])
    for begin in range(0, len(texts), _BATCH):
        batch = slice(begin, begin + _BATCH)
        tfidf = space.weigh(texts[batch], languages[batch])
        if vectors is None:
            near = np.asarray(tfidf @ unit(words).T)
            met = np.asarray((tfidf > 0).astype(np.float32) @ (words > 0).astype(np.float32).T)
            belongs = (near >= _NEAR_BY_WORDS) & (met >= 2)
        else:
            centres = np.array([part.vector for part in parts])
            near = space.centred(vectors[batch]) @ centres.T
            belongs = near >= _NEAR_BY_VECTOR
        for row, part in zip(*belongs.nonzero(), strict=True):
            found[part][begin + int(row)] = float(near[row, part])
    return found


def _strongest(words: Matrix) -> Matrix:
    """A part with its strongest words only."""
    import numpy as np

    kept = np.zeros_like(words)
    at = (-words).argsort(kind="stable")[:_STRONGEST]
    kept[at] = words[at]
    return kept


def _telling(found: Iterable[_Found], texts: int, concerns: Sequence[Collection[str]] | None) -> list[_Found]:
    """Those of a sensible size that no concern has named already, the largest first."""
    raised: dict[str, set[int]] = {}
    for row, codes in enumerate(concerns or ()):
        for code in codes:
            raised.setdefault(code, set()).add(row)
    kept = [
        one
        for one in found
        if MIN_MEMBERS <= one.size <= _MOST_SHARE * texts
        and not any(_jaccard(one.nearness, rows) >= _OVERLAP for rows in raised.values())
    ]
    return sorted(kept, key=lambda one: (-one.size, min(one.nearness)))


def _distinct(found: list[_Found]) -> list[_Found]:
    kept: list[_Found] = []
    for one in found:
        if all(_jaccard(one.nearness, other.nearness) < _OVERLAP for other in kept):
            kept.append(one)
    return kept


def _jaccard(one: Collection[int], other: Collection[int]) -> float:
    both = len(set(one) & set(other))
    return both / (len(one) + len(other) - both)


def _describe(
    space: Space, one: _Found, sample: list[int], keys: Sequence[str], languages: Sequence[str]
) -> Theme:
    import numpy as np

    is_member = np.array([row in one.nearness for row in sample])
    scores = distinguishing(space.counts, is_member)
    best = [int(at) for at in (-scores).argsort(kind="stable")[:_WORDS_SHOWN] if scores[at] > 0]
    exemplars: dict[str, int] = {}
    for row in sorted(one.nearness, key=lambda row: (-one.nearness[row], row)):
        if len(exemplars) < _EXEMPLARS:
            exemplars.setdefault(keys[row], row)
    spoken = Counter(languages[row] for row in one.nearness)
    return Theme(
        words=tuple(dict.fromkeys(_written(space.forms[space.names[at]]) for at in best)),
        languages=tuple(sorted(spoken, key=lambda code: (-spoken[code], code))),
        members=tuple(sorted(one.nearness)),
        size=one.size,
        exemplars=tuple(exemplars.values()),
        stability=one.part.stability,
    )


def _written(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))
