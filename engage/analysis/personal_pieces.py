"""A text cut at its personal data, so that a page can point at it where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engage.analysis.folding import fold
from engage.analysis.personal_data import PersonalDataKind, find_personal_data


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text. ``kind`` says what personal data it is, None for all the rest."""

    text: str
    kind: str | None = None


def cut_at_personal_data(text: str, *, but: Collection[PersonalDataKind] = ()) -> list[Piece]:
    """The text in pieces, none empty; together they are the text. Kinds in ``but`` are not looked for."""
    pieces, at = [], 0
    for found in find_personal_data(fold(text)):
        start = max(found.start, at)
        if found.end > start and found.kind not in but:
            pieces += [Piece(text[at:start]), Piece(text[start : found.end], found.kind)]
            at = found.end
    pieces.append(Piece(text[at:]))
    return [piece for piece in pieces if piece.text]
