"""TextBlob's polarity of a word, from the lexicon in its package: no corpus and no network.

Importing TextBlob imports all of NLTK, which imports SciPy and scikit-learn wherever they are installed: six
seconds of every command's start, for classifiers and statistics that the lexicon has no use for. NLTK does
without either, so they are kept from it while it is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NOT_NEEDED = ("scipy", "sklearn")


@contextmanager
def _without(*packages: str) -> Iterator[None]:
    """Let packages that are not imported yet seem not to be installed."""
    hidden = [package for package in packages if package not in sys.modules]
    for package in hidden:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for package in hidden:
            del sys.modules[package]


with _without(*_NOT_NEEDED):
    from textblob.en import sentiment


def polarity(word: str) -> float:
    """From −1, most unpleasant, to 1; 0 for a word that TextBlob does not know."""
    return float(sentiment([word])[0]) if word in sentiment else 0.0
