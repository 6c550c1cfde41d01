"""Quotes that represent: a few sentences of many comments that cover as many distinct points as can be.

The quotes are chosen one by one, each time the one that adds most to a sum of two things: how near every
comment is to its nearest quote (facility location), and which concerns of the taxonomy are quoted, those that
more comments raise weighing more. The sum is submodular, so that this is never far from the best choice
(Lin and Bilmes, "A Class of Submodular Functions for Document Summarization", 2011). To take the most central
comments instead covers fewer points than to draw at random.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from engage.analysis.concerns import ConcernFinder
from engage.analysis.content_words import word_vectors
from engage.analysis.fingerprint import fingerprint
from engage.analysis.folding import fold
from engage.analysis.personal_data import find_personal_data
from engage.analysis.reading import read
from engage.analysis.sentences import sentences, trimmed
from engage.analysis.taxonomy import OTHER, Taxonomy, default_taxonomy

if TYPE_CHECKING:
    from engage.analysis.content_words import Matrix

Id = TypeVar("Id", bound=Hashable)

SIDES = ("support", "oppose")
# A quote is a whole comment up to this many characters, else one or two sentences of it.
MAX_CHARACTERS = 280
MIN_WORDS = 4
_SHORT = 60
# More than these are not compared with each other: of each side so many comments, drawn by their digests.
MOST_OF_A_SIDE = 600
_MOST_EXCERPTS = 2000
_EXCERPTS_OF_ONE = 4
# What the two parts of the sum weigh, and what words, concerns and vectors weigh in a comparison.
_CONCERNS_COVERED = 0.3
_CONCERNS_ALIKE = 0.3
_VECTORS_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Id]):
    """A comment that may be quoted: its declared position (None: not stated) and its campaign, if any.

    ``spans``: the only stretches of it that may be; None for any.
    """

    id: Id
    text: str
    position: str | None = None
    campaign: str | None = None
    language: str = "und"
    spans: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Quote(Generic[Id]):
    """Characters ``start`` to ``end`` (half-open) of a comment's text, in its own words and language."""

    id: Id
    start: int
    end: int
    text: str
    position: str | None
    language: str


def choose(
    candidates: Sequence[Candidate[Id]],
    n: int = 6,
    *,
    vectors: Matrix | None = None,
    taxonomy: Taxonomy | None = None,
) -> tuple[Quote[Id], ...]:
    """At most ``n`` quotes, the one that covers most first. Deterministic, whatever the candidates' order.

    Both sides (declared support and declared opposition) get n/2 each where they have as many; a side that
    has fewer gets all that it has, and the rest is open to everybody. No two are of one campaign or one text,
    and none holds personal data. ``vectors`` is one row a candidate, of any width: quotes are compared by
    meaning, too, and across languages.
    """
    excerpts = _excerpts(candidates)
    if not excerpts or n < 1:
        return ()
    finder = _finder_of(taxonomy or default_taxonomy())
    concerns = [_concerns(finder, each.text) for each in excerpts]
    alike = _similarity(excerpts, concerns, vectors)
    return tuple(_Choice(excerpts, concerns, alike, n).quotes())


@dataclass(frozen=True, slots=True)
class _Excerpt(Generic[Id]):
    """A stretch of a candidate (of row ``row`` among them) that can be quoted."""

    row: int
    candidate: Candidate[Id]
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.candidate.text[self.start : self.end]

    @property
    def side(self) -> str | None:
        return self.candidate.position if self.candidate.position in SIDES else None


class _Choice(Generic[Id]):
    """Chooses one excerpt after the other while the sides' shares last."""

    def __init__(
        self, excerpts: list[_Excerpt[Id]], concerns: list[frozenset[str]], alike: Matrix, n: int
    ) -> None:
        import numpy as np

        self._excerpts, self._concerns, self._alike, self._n = excerpts, concerns, alike, n
        comments = Counter(each.side for each in {excerpt.row: excerpt for excerpt in excerpts}.values())
        self._reserved = {side: min(n // 2, comments[side]) for side in SIDES}
        self._free = n - sum(self._reserved.values())
        raised = Counter(code for codes in concerns for code in codes)
        self._weight = {code: (count / len(excerpts)) ** 0.5 for code, count in raised.items()}
        self._nearest = np.zeros(len(excerpts), dtype=alike.dtype)
        self._scale = float(alike.sum(axis=1).max()) or 1.0
        self._quoted: set[str] = set()
        self._is_out = np.zeros(len(excerpts), dtype=bool)

    def quotes(self) -> Iterator[Quote[Id]]:
        """The quotes in the order in which they are chosen."""
        left = self._n
        while left and (best := self._best()) is not None:
            excerpt = self._excerpts[best]
            if holds_personal_data(excerpt.candidate.text, excerpt.start, excerpt.end):
                self._is_out[best] = True
                continue
            self._take(best)
            left -= 1
            yield Quote(
                excerpt.candidate.id,
                excerpt.start,
                excerpt.end,
                excerpt.text,
                excerpt.candidate.position,
                excerpt.candidate.language,
            )

    def _best(self) -> int | None:
        import numpy as np

        added = np.maximum(self._alike, self._nearest).sum(axis=1) - self._nearest.sum()
        gain = added / self._scale + _CONCERNS_COVERED * np.array(
            [sum(self._weight[code] for code in codes - self._quoted) for codes in self._concerns]
        )
        may_not = self._is_out | np.array([not self._may(excerpt.side) for excerpt in self._excerpts])
        gain[may_not] = -np.inf
        best = int(gain.argmax())
        return None if may_not[best] else best

    def _may(self, side: str | None) -> bool:
        return self._free > 0 or self._reserved.get(side or "", 0) > 0

    def _take(self, chosen: int) -> None:
        import numpy as np

        side = self._excerpts[chosen].side
        if side is not None and self._reserved[side]:
            self._reserved[side] -= 1
        else:
            self._free -= 1
        self._quoted |= self._concerns[chosen]
        self._nearest = np.maximum(self._nearest, self._alike[chosen])
        row = self._excerpts[chosen].row
        self._is_out |= np.array([excerpt.row == row for excerpt in self._excerpts])


def _excerpts(candidates: Sequence[Candidate[Id]]) -> list[_Excerpt[Id]]:
    """What can be quoted: of each campaign and text one comment, of each side at most MOST_OF_A_SIDE."""
    kept: dict[str | None, dict[str, tuple[str, int]]] = defaultdict(dict)
    for row, candidate in enumerate(candidates):
        print_ = fingerprint(candidate.text)
        draw = hashlib.sha256(f"{print_} {candidate.id}".encode()).hexdigest()
        group = kept[candidate.position if candidate.position in SIDES else None]
        key = candidate.campaign or print_
        group[key] = min(group.get(key, (draw, row)), (draw, row))
    drawn = sorted(
        pair
        for group in kept.values()
        for pair in sorted((draw, key) for key, draw in group.items())[:MOST_OF_A_SIDE]
    )
    excerpts: list[_Excerpt[Id]] = []
    seen: set[str] = set()
    for (_, row), key in drawn:
        candidate = candidates[row]
        if key in seen:  # A campaign may have been declared on both sides.
            continue
        seen.add(key)
        spans = stretches(candidate.text) if candidate.spans is None else candidate.spans
        excerpts += [_Excerpt(row, candidate, start, end) for start, end in spans]
    return excerpts[:_MOST_EXCERPTS]


def stretches(text: str) -> list[tuple[int, int]]:
    """What of a text can be quoted: all of it where it is short, else stretches of one or two sentences."""
    start, end = trimmed(text, 0, len(text))
    if end - start <= MAX_CHARACTERS:
        return [(start, end)] if _has_words(text[start:end]) else []
    pieces = sentences(text)
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(pieces) and len(found) < _EXCERPTS_OF_ONE:
        start, end = pieces[at]
        at += 1
        if end - start < _SHORT and at < len(pieces):  # It leans on what follows.
            end, at = pieces[at][1], at + 1
        if end - start <= MAX_CHARACTERS and _has_words(text[start:end]):
            found.append((start, end))
    return found


def _has_words(text: str) -> bool:
    return len(text.split()) >= MIN_WORDS


def holds_personal_data(text: str, start: int, end: int) -> bool:
    """Whether personal data of a whole text, seen in its context, reaches into this stretch of it."""
    return any(each.start < end and start < each.end for each in find_personal_data(fold(text)))


def _finder_of(taxonomy: Taxonomy) -> ConcernFinder:
    """Compiled once: a report chooses quotes more than a hundred times, for each concern several."""
    finder = _finders.get(taxonomy.digest)
    if finder is None:
        # Of the taxonomies of all dockets those that were used last are enough.
        while len(_finders) >= _MOST_FINDERS:
            _finders.pop(next(iter(_finders)), None)
        finder = _finders[taxonomy.digest] = ConcernFinder(taxonomy)
    return finder


_MOST_FINDERS = 4
_finders: dict[str, ConcernFinder] = {}


def _concerns(finder: ConcernFinder, text: str) -> frozenset[str]:
    found = finder.find(read(text), finder.languages)
    return frozenset(concern.code for concern in found if concern.code != OTHER)


def _similarity(
    excerpts: list[_Excerpt[Id]], concerns: list[frozenset[str]], vectors: Matrix | None
) -> Matrix:
    """How alike each two excerpts are, from 0 to 1: by words, concerns and, where given, vectors."""
    import numpy as np

    words = word_vectors([each.text for each in excerpts], [each.candidate.language for each in excerpts])
    alike: Matrix = (1 - _CONCERNS_ALIKE) * (words @ words.T).toarray()
    alike += _CONCERNS_ALIKE * _cosines(_indicators(concerns))
    if vectors is not None:
        own = np.asarray(vectors, dtype="float32")[[each.row for each in excerpts]]
        # Embeddings all point the same way to a degree; what tells texts apart is what is left of it.
        alike = (1 - _VECTORS_ALIKE) * alike + _VECTORS_ALIKE * _cosines(own - own.mean(axis=0))
    own_length = np.sqrt(np.maximum(alike.diagonal(), np.finfo("float32").tiny))
    cosines: Matrix = np.clip(alike / own_length / own_length[:, None], 0, 1)
    return cosines


def _indicators(sets: list[frozenset[str]]) -> Matrix:
    import numpy as np

    codes = {code: number for number, code in enumerate(sorted(frozenset().union(*sets)))}
    rows = np.zeros((len(sets), max(1, len(codes))), dtype="float32")
    for row, codes_of_one in enumerate(sets):
        rows[row, [codes[code] for code in codes_of_one]] = 1
    return rows


def _cosines(rows: Any) -> Matrix:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    product: Matrix = unit @ unit.T
    return product
