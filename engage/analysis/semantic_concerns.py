"""Concerns by meaning: mentions that no cue finds, and cues that stand where another thing is meant.

For each concern a linear head says how well a sentence fits it. The heads are learned from sentences written
for this project (``data/concern-examples.toml``) by ``python -m engage.evaluation.train_concerns`` and know
the concerns of the 287(g) taxonomy only; any other concern is found by its cues alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from engage.analysis.concerns import Concern
from engage.analysis.phrases import Span
from engage.analysis.semantic import load_arrays
from engage.analysis.taxonomy import OTHER

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BY_MEANING = "~"
"""Stands in a span in place of the cue where a sentence was found by what it means; no cue looks like it."""

ADD = 0.375
KEEP = 0.15
"""From which fit on a sentence mentions a concern without a cue, and below which a cue does not count.

``ADD`` is the best of a grid on our own sentences, cross-validated; ``KEEP`` is below the best there (0.2),
since a few hundred sentences are weaker evidence than a cue.
"""


@dataclass(frozen=True, slots=True)
class Heads:
    """``weights`` (d × k) gives for each vector how well it fits each of the ``codes`` (k), about 0 to 1."""

    codes: tuple[str, ...]
    weights: Floats


@cache
def default_heads() -> Heads:
    """The heads that come with the project."""
    arrays = load_arrays("semantic-concerns.npz")
    return Heads(tuple(str(code) for code in arrays["codes"]), arrays["weights"].astype("float32"))


class ConcernsByMeaning:
    """Looks at the concerns of one taxonomy that the heads know."""

    def __init__(self, codes: Sequence[str], heads: Heads | None = None) -> None:
        known = heads or default_heads()
        self._order = tuple(codes)
        self._codes = [code for code in known.codes if code in set(codes) and code != OTHER]
        self._weights = known.weights[:, [known.codes.index(code) for code in self._codes]]

    def refine(
        self, concerns: Sequence[Concern], sentences: Sequence[tuple[int, int]], vectors: Floats
    ) -> tuple[Concern, ...]:
        """The concerns of a text from those found by cues, its sentences (n spans) and their vectors (n × d).

        A cue outside the sentences, such as one beyond the first of a very long text, stays as it is.
        """
        if not sentences:
            return tuple(concerns)
        fits = vectors @ self._weights
        by_cue = {concern.code: concern for concern in concerns if concern.code != OTHER}
        refined = {
            code: concern
            for code in self._order
            if (concern := self._one(code, by_cue.get(code), sentences, fits)) is not None
        }
        if not refined:
            return (Concern(OTHER, denied=False, spans=()),)
        return tuple(refined.values())

    def _one(
        self, code: str, found: Concern | None, sentences: Sequence[tuple[int, int]], fits: Floats
    ) -> Concern | None:
        if code not in self._codes:
            return found
        fit = fits[:, self._codes.index(code)]
        spans = [span for span in found.spans if _fit_at(span, sentences, fit) >= KEEP] if found else []
        added = list(_by_meaning(spans, sentences, fit))
        if not spans and not added:
            return None
        denied = found is not None and found.denied and not added
        return Concern(code, denied=denied, spans=tuple(sorted([*spans, *added], key=lambda one: one.start)))


def _fit_at(span: Span, sentences: Sequence[tuple[int, int]], fit: Floats) -> float:
    """How well the sentences that a span stands in fit, the best of them; 1 where it stands in none."""
    values = [
        float(value)
        for (start, end), value in zip(sentences, fit, strict=True)
        if start < span.end and span.start < end
    ]
    return max(values, default=1.0)


def _by_meaning(spans: Sequence[Span], sentences: Sequence[tuple[int, int]], fit: Floats) -> Iterator[Span]:
    """The sentences that fit and hold no cue of the concern."""
    for (start, end), value in zip(sentences, fit, strict=True):
        if value >= ADD and not any(start < span.end and span.start < end for span in spans):
            yield Span(start, end, BY_MEANING)
