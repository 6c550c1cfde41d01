"""Personal data in a text, shown to a moderator as help. Computed for each look and never stored."""

from __future__ import annotations

from dataclasses import dataclass

from engage.analysis.personal_pieces import Piece, cut_at_personal_data

SHOWN_AT_FIRST = 1200


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text cut into pieces: those that are shown at first, and those that a reader asks for."""

    beginning: tuple[Piece, ...]
    rest: tuple[Piece, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of personal data in the whole text, each once, in order."""
        return tuple(dict.fromkeys(piece.kind for piece in self.beginning + self.rest if piece.kind))

    @property
    def rest_length(self) -> int:
        """How many characters are not shown at first."""
        return sum(len(piece.text) for piece in self.rest)


def mark(text: str, shown: int = SHOWN_AT_FIRST) -> MarkedText:
    """Cut a text at its personal data, and where it gets long at a space near ``shown`` characters."""
    return _split(cut_at_personal_data(text), _place_to_cut(text, shown))


def _place_to_cut(text: str, shown: int) -> int:
    # A rest of a few words is not worth a click.
    if len(text) <= shown + shown // 3:
        return len(text)
    space = text.rfind(" ", shown - 100, shown)
    return space if space > 0 else shown


def _split(pieces: list[Piece], cut: int) -> MarkedText:
    beginning: list[Piece] = []
    rest: list[Piece] = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        if end <= cut:
            beginning.append(piece)
        elif at >= cut or piece.kind is not None:
            rest.append(piece)
        else:
            beginning.append(Piece(piece.text[: cut - at]))
            rest.append(Piece(piece.text[cut - at :]))
        at = end
    return MarkedText(tuple(beginning), tuple(rest))
