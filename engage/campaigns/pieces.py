"""A version of a letter, cut into what the letter has and what it does not."""

from __future__ import annotations

from dataclasses import dataclass

from engage.analysis.additions import additions


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``is_own`` where the letter does not have it."""

    text: str
    is_own: bool


def cut(body: str, letter: str) -> tuple[Piece, ...]:
    """The whole text in its order."""
    pieces, at = [], 0
    for start, end in additions(body, letter):
        pieces += [Piece(body[at:start], is_own=False), Piece(body[start:end], is_own=True)]
        at = end
    pieces.append(Piece(body[at:], is_own=False))
    return tuple(piece for piece in pieces if piece.text)


def own_words(body: str, letter: str) -> tuple[str, ...]:
    """Only what the letter does not have."""
    return tuple(piece.text for piece in cut(body, letter) if piece.is_own)
