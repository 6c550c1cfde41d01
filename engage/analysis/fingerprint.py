"""“The same text” as one thing everywhere: in the database, in campaigns, in counts of distinct texts."""

from __future__ import annotations

import hashlib
import html
import re

from engage.analysis.folding import fold_all

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_NOT_WORD = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """Lower-case words joined by single spaces, without accents, punctuation or HTML remnants."""
    without_html = _TAG.sub(" ", html.unescape(text)) if ("<" in text or "&" in text) else text
    return _NOT_WORD.sub(" ", fold_all(without_html)).strip()


def fingerprint(text: str) -> str:
    """A digest of the normalised text: 64 hexadecimal digits (SHA-256), equal for texts that read the same.

    The whole text counts, however long, so that two texts which differ only at the end are two. A text
    without any word (only punctuation or signs) keeps its signs, so that “👍” and “👎” are not the same.
    """
    words = normalise(text) or "\x00".join(text.split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
