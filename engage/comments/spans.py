"""Which stretches of a text are redacted: pure places, counted in characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engage.analysis.folding import fold
from engage.analysis.personal_data import find_personal_data
from engage.comments.redacted import RedactionKind, mark_of, without_brackets


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of a text and what it is."""

    start: int
    stop: int
    kind: RedactionKind


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as readers see it: where it stands there, and in the original."""

    shown: tuple[int, int]
    original: tuple[int, int]
    kind: RedactionKind | None


def merge(spans: Iterable[Span]) -> list[Span]:
    """In order and apart: those that overlap become one, of the kind of the longest."""
    merged: list[Span] = []
    longest = 0
    for span in sorted(spans):
        if merged and span.start < merged[-1].stop:
            last = merged[-1]
            kind = span.kind if span.stop - span.start > longest else last.kind
            longest = max(longest, span.stop - span.start)
            merged[-1] = Span(last.start, max(last.stop, span.stop), kind)
        else:
            longest = span.stop - span.start
            merged.append(span)
    return merged


def redacted(original: str, spans: Sequence[Span]) -> str:
    """The text that readers see. ``spans`` are in order and apart."""
    text, parts, at = without_brackets(original), [], 0
    for span in spans:
        parts += [text[at : span.start], mark_of(span.kind)]
        at = span.stop
    return "".join([*parts, text[at:]])


def pieces(original_length: int, spans: Sequence[Span]) -> list[Piece]:
    """The stretches of the text that readers see, in order, none of them empty."""
    found: list[Piece] = []
    shown = at = 0
    for start, stop, kind in [
        *((span.start, span.stop, span.kind) for span in spans),
        (original_length, original_length, None),
    ]:
        if start > at:
            found.append(Piece((shown, shown + start - at), (at, start), None))
            shown += start - at
        if kind is not None:
            length = len(mark_of(kind))
            found.append(Piece((shown, shown + length), (start, stop), kind))
            shown += length
        at = stop
    return found


def in_original(span: Span, layout: Sequence[Piece]) -> Span:
    """A span of the text that readers see, as one of the original; it takes in every mark that it touches."""
    touched = [piece for piece in layout if piece.shown[0] < span.stop and span.start < piece.shown[1]]
    if not touched:
        raise ValueError("This stretch is not in the text.")
    first, last = touched[0], touched[-1]
    start = first.original[0] + (0 if first.kind else max(span.start - first.shown[0], 0))
    stop = last.original[1] - (0 if last.kind else max(last.shown[1] - span.stop, 0))
    return Span(start, stop, span.kind)


def found_in(text: str) -> list[Span]:
    """The personal data in a text, apart from each other."""
    return merge(
        Span(found.start, found.end, RedactionKind(found.kind)) for found in find_personal_data(fold(text))
    )


def each_of(words: str, text: str, kind: RedactionKind) -> list[Span]:
    """Every place where these words stand, whatever their capitals; never only a part of a word or number."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    if not pattern:
        return []
    return [
        Span(found.start(), found.end(), kind)
        for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    ]


def part_beyond(text: str, spans: Sequence[Span]) -> float:
    """Which part of a text is redacted, personal data that the finder knows apart."""
    known = {place for span in found_in(text) for place in range(span.start, span.stop)}
    letters = {place for place, letter in enumerate(text) if not letter.isspace()}
    hidden = {place for span in spans for place in range(span.start, span.stop)}
    return len(hidden & letters - known) / max(len(letters), 1)
