"""Where the sentences of a text stand, for what is shown of it."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bDra)(?<!\bSr)(?<!\bSra)(?<!\bSt)"
    r"[.!?…]+[\"”»')\]]*(?=\s|$)|\n"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Half-open stretches, without the white space around them; a line's end ends a sentence."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    pieces = (trimmed(text, *piece) for piece in zip([0, *ends], [*ends, len(text)], strict=True))
    return [(first, last) for first, last in pieces if last > first]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its ends."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))
