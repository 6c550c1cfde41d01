"""“The same text” as one thing everywhere: in the database, in campaigns, in counts of distinct texts."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from functools import cache

from engage.analysis.folding import fold_all

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_NOT_WORD = re.compile(r"[\W_]+")
_SUM_DIGITS = 15
SUMS: int = 16**_SUM_DIGITS
"""All sums of fingerprints are below it, and are added up modulo it."""

# Stands for the few characters of Latin-1 that do not fold to one character of it.
_NOT_SIMPLE = 1


def normalise(text: str) -> str:
    """Lower-case words joined by single spaces, without accents, punctuation or HTML remnants."""
    without_html = _TAG.sub(" ", html.unescape(text)) if ("<" in text or "&" in text) else text
    try:
        folded = without_html.encode("latin-1").translate(_latin_table())
    except UnicodeEncodeError:
        return _normalise_any(without_html)
    if _NOT_SIMPLE in folded:
        return _normalise_any(without_html)
    return b" ".join(folded.split()).decode("latin-1")


def _normalise_any(text: str) -> str:
    return _NOT_WORD.sub(" ", fold_all(text)).strip()


@cache
def _latin_table() -> bytes:
    """The same for texts of Western Europe, five times as fast: a byte for each byte of Latin-1."""
    folded = [_NOT_WORD.sub(" ", fold_all(chr(code))) for code in range(256)]
    return bytes(ord(one) if len(one) == 1 and ord(one) < 256 else _NOT_SIMPLE for one in folded)


def fingerprint(text: str) -> str:
    """A digest of the normalised text: 64 hexadecimal digits (SHA-256), equal for texts that read the same.

    The whole text counts, however long, so that two texts which differ only at the end are two. A text
    without any word (only punctuation or signs) keeps its signs, so that “👍” and “👎” are not the same.
    """
    words = normalise(text) or "\x00".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()


def sum_of(fingerprints: Iterable[str]) -> int:
    """One number for a heap of texts by their fingerprints, in whatever order they come.

    Another heap has another one, but for a chance of one in 10^18. What comes is added, what goes taken away,
    modulo SUMS; what is no text ("") adds nothing.
    """
    return sum(int(each[:_SUM_DIGITS] or "0", 16) for each in fingerprints) % SUMS
