"""The parts of which a sample of texts is made, and which of them are more than chance.

Without vectors the parts are those of a non-negative factorisation of the TF-IDF matrix, each mostly of one
language; with vectors they are clusters of meanings, across languages. A part is stable if it shows in both
halves of the sample, and if in either half the words that were found in the other one meet more often than
chance lets them.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engage.analysis.content_words import content_words
from engage.analysis.theme_words import togetherness

if TYPE_CHECKING:
    from engage.analysis.content_words import Matrix

_MOST_WORDS = 6000
_FEWEST_WORDS = 20
_CHARACTERS = 5000
_MIN_TEXTS_OF_A_WORD = 3
_MOST_SHARE_OF_A_WORD = 0.3
# So many parts are tried, as long as each can have this many texts; what gives the steadiest ones wins.
_NUMBERS_OF_PARTS = (4, 8, 16, 32)
_TEXTS_A_PART = 10
_WORDS_TESTED = 6
# How near (cosine) a part must have one in each half. The words of this one must meet in the other half more
# often than by chance: with such a z-score in each and in both together, and so many times as often.
_SAME = 0.5
_MIN_Z = 1.5
_MIN_Z_TOGETHER = 3.5
_MIN_RATIO = 1.4
_SEED = 287


@dataclass(frozen=True, slots=True)
class Part:
    """A theme as a direction of unit length: in the space of words, and of vectors if there are any."""

    words: Matrix
    vector: Matrix | None
    stability: float


class Space:
    """A sample of texts as numbers.

    ``counts`` (1 where a text has a word) and ``tfidf`` are sparse, texts × words; ``names`` are the words,
    as language and stem, ``forms`` how each is written; ``lengths`` are in different words. ``vectors`` are
    those of the sample, centred.
    """

    def __init__(self, texts: Sequence[str], languages: Sequence[str], vectors: Matrix | None) -> None:
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.forms: dict[str, Counter[str]] = {}
        stems = [
            self._stems(text, language, note=True) for text, language in zip(texts, languages, strict=True)
        ]
        in_texts = Counter(name for names in stems for name in set(names))
        most = max(_MIN_TEXTS_OF_A_WORD, int(_MOST_SHARE_OF_A_WORD * len(texts)))
        common = [(n, name) for name, n in in_texts.items() if _MIN_TEXTS_OF_A_WORD <= n <= most]
        self.names = sorted(
            name for _, name in sorted(common, key=lambda one: (-one[0], one[1]))[:_MOST_WORDS]
        )
        self.lengths = [len(set(names)) for names in stems]
        self.is_too_small = len(self.names) < _FEWEST_WORDS
        if self.is_too_small:
            return
        self._weigher = TfidfVectorizer(
            analyzer=_as_given, vocabulary=self.names, sublinear_tf=True, dtype=np.float32
        )
        self.tfidf = self._weigher.fit_transform(stems)
        self.counts = (self.tfidf > 0).astype(np.float32)
        self.vectors: Matrix | None = None
        if vectors is not None:
            self._centre: Matrix = vectors.mean(axis=0)
            self.vectors = self.centred(vectors)

    def weigh(self, texts: Sequence[str], languages: Sequence[str]) -> Any:
        """The TF-IDF rows of other texts."""
        rows = [self._stems(text, language) for text, language in zip(texts, languages, strict=True)]
        return self._weigher.transform(rows)

    def centred(self, vectors: Matrix) -> Matrix:
        """Vectors without what all of them have in common, of unit length."""
        return unit(vectors - self._centre)

    def _stems(self, text: str, language: str, *, note: bool = False) -> list[str]:
        names = []
        for stem, form in content_words(text[:_CHARACTERS], language):
            names.append(f"{language} {stem}")
            if note:
                self.forms.setdefault(names[-1], Counter())[form] += 1
        return names


def stable_parts(space: Space) -> list[Part]:
    """The parts of the sample that both halves bear out, in the number that gives the steadiest ones."""
    most = max(_NUMBERS_OF_PARTS[0], len(space.lengths) // _TEXTS_A_PART)
    tried = [_stable(space, k) for k in _NUMBERS_OF_PARTS if k <= most]
    return max(tried, key=lambda parts: sum(part.stability**2 for part in parts))


def _stable(space: Space, k: int) -> list[Part]:
    import numpy as np

    rows = np.arange(len(space.lengths))
    halves = [rows[::2], rows[1::2]]
    own = [_parts(space, half, k) for half in halves]
    stable = []
    for part in _parts(space, rows, k):
        pairs = [_nearest(part, others) for others in own]
        stability = min(near for _, near in pairs)
        tests = [
            _meeting(space, half, other.words) for half, (other, _) in zip(halves[::-1], pairs, strict=True)
        ]
        if stability >= _SAME and _is_more_than_chance(tests):
            stable.append(Part(part.words, part.vector, round(stability, 3)))
    return stable


def unit(rows: Matrix) -> Matrix:
    """Rows of unit length; those of zeros stay as they are."""
    import numpy as np

    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Matrix = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


def _parts(space: Space, rows: Any, k: int) -> list[Part]:
    """Factorise or cluster some rows of the sample into ``k`` parts."""
    if space.vectors is not None:
        return list(_clusters(space, space.vectors[rows], rows, k))
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(k, init="nndsvda", random_state=_SEED, max_iter=150, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # The halves are the test, not the last digit.
        model.fit(space.tfidf[rows])
    return [Part(words, None, 0.0) for words in unit(model.components_) if words.any()]


def _clusters(space: Space, vectors: Matrix, rows: Any, k: int) -> Iterator[Part]:
    import numpy as np
    from sklearn.cluster import KMeans

    model = KMeans(k, n_init=3, random_state=_SEED).fit(vectors)
    everything = np.asarray(space.tfidf[rows].mean(axis=0)).ravel()
    for number, centre in enumerate(unit(model.cluster_centers_)):
        members = rows[model.labels_ == number]
        if len(members):
            # Class-based TF-IDF: what the cluster says more often than the whole does.
            words = np.asarray(space.tfidf[members].mean(axis=0)).ravel() - everything
            yield Part(unit(np.maximum(words, 0)), centre, 0.0)


def _nearest(part: Part, others: list[Part]) -> tuple[Part, float]:
    """The most similar of other parts, by vectors where there are any, and how near it is."""

    def near(other: Part) -> float:
        if part.vector is not None and other.vector is not None:
            return float(part.vector @ other.vector)
        return float(part.words @ other.words)

    best = max(others, key=near)
    return best, near(best)


def _meeting(space: Space, rows: Any, words: Matrix) -> tuple[float, float]:
    """How the strongest words of a part, in its first language, meet in these texts: see togetherness."""
    strongest = [int(at) for at in (-words).argsort(kind="stable")[:_WORDS_TESTED] if words[at] > 0]
    languages = [space.names[at].partition(" ")[0] for at in strongest]
    tested = [at for at, language in zip(strongest, languages, strict=True) if language == languages[0]]
    if len(tested) < 2:
        return 0.0, 0.0
    return togetherness(space.counts[rows], [space.lengths[row] for row in rows], tested)


def _is_more_than_chance(tests: Sequence[tuple[float, float]]) -> bool:
    """Stouffer's method: independent z-scores add up, over the root of their number, to another."""
    scores, ratios = zip(*tests, strict=True)
    together = sum(scores) / len(scores) ** 0.5
    return bool(min(scores) >= _MIN_Z and together >= _MIN_Z_TOGETHER and min(ratios) >= _MIN_RATIO)


def _as_given(words: list[str]) -> list[str]:
    return words
