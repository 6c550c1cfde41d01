"""The content words of a text: what is left when the words that every text has are taken away."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from engage.analysis.folding import fold
from engage.analysis.phrases import Words, stem

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Matrix = NDArray[float32]

_POSSESSIVE = "'s"
_NOT_A_WORD = re.compile(r"\d+|.")
"""Numbers and single letters name no subject."""


@cache
def stop_words(language: str) -> frozenset[str]:
    """The folded words of a language that tell no text from another; of all languages for an unknown one."""
    lists = tomllib.loads((files("engage.analysis") / "data" / "stop-words.toml").read_text("utf-8"))
    chosen = [lists[language]] if language in lists else list(lists.values())
    return frozenset(word for words in chosen for word in words.split())


def content_words(text: str, language: str) -> list[tuple[str, str]]:
    """The content words of a text in order, each as (stem, the word in lower case with its accents)."""
    stopped = stop_words(language)
    folded = fold(text)
    found = []
    for word in Words(folded.text):
        plain = word.text.removesuffix(_POSSESSIVE)
        if plain not in stopped and not _NOT_A_WORD.fullmatch(plain):
            start, end = folded.original(word.start, word.start + len(plain))
            found.append((stem(plain, language), text[start:end].lower()))
    return found


def word_vectors(texts: Sequence[str], languages: Sequence[str]) -> Any:
    """TF-IDF of stems with sublinear counts: a sparse matrix of unit rows, one a text; a text without any
    content word is a row of zeros. The stems of two languages are kept apart.
    """
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    stems = [
        [f"{language} {root}" for root, _ in content_words(text, language)]
        for text, language in zip(texts, languages, strict=True)
    ]
    if not any(stems):
        return csr_matrix((len(texts), 1), dtype=np.float32)
    return TfidfVectorizer(analyzer=_as_given, sublinear_tf=True, dtype=np.float32).fit_transform(stems)


def _as_given(words: list[str]) -> list[str]:
    return words
