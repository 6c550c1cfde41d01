"""One folded view of a text, with a way back to where each character stood.

Everything that looks for words in a comment looks in the folded text, so that “Perfíl”, “PERFIL” and
``perfil`` are one thing, and every span that leaves this room counts characters of the text as it was given.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# A comment longer than this is analysed up to here; `Analysis.truncated` says so. Federal dockets stop at
# 5,000.
MAX_ANALYSED_CHARACTERS = 50_000

_QUOTES_AND_DASHES = {
    **dict.fromkeys("’‘ʼ‛′`´＇", "'"),
    **dict.fromkeys("“”„‟″«»＂", '"'),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    "…": "...",
    "ß": "ss",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    """What stands for one character: none, one or several characters, without accents or invisible signs."""
    if character in _QUOTES_AND_DASHES:
        return _QUOTES_AND_DASHES[character]
    if character in "\n\r\t":
        return "\n" if character == "\n" else " "
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category[0] == "Z" or category in ("Cc", "Cs", "Cn", "Co"):
        return " "
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(part for part in decomposed if unicodedata.category(part) not in ("Mn", "Me", "Cf"))


class _FoldTable(dict[int, str]):
    """A table for `str.translate` that fills itself: folding runs at the speed of C once it is warm."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_TABLE = _FoldTable()
# Characters known to fold to one character each.
_ONE_TO_ONE: set[str] = set()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without accents, typographic quotes and invisible characters.

    ``cased`` keeps capitals, ``text`` is lower case; both have the same length. ``offsets`` gives, for each
    character of them, the index it had in the original; None where the two count alike.
    """

    cased: str
    text: str
    offsets: tuple[int, ...] | None
    original_length: int

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Turn a half-open span of the folded text, not empty, into one of the original."""
        if self.offsets is None:
            return start, end
        following = self.offsets[end] if end < len(self.offsets) else self.original_length
        return self.offsets[start], max(self.offsets[end - 1] + 1, following)


def fold(text: str) -> Folded:
    """Fold a text; only its first `MAX_ANALYSED_CHARACTERS` are looked at."""
    text = text[:MAX_ANALYSED_CHARACTERS]
    if text.isascii() and text.isprintable():
        return Folded(cased=text, text=text.lower(), offsets=None, original_length=len(text))
    cased = text.translate(_TABLE)
    signs = set(text)
    if not signs <= _ONE_TO_ONE:
        _ONE_TO_ONE.update(sign for sign in signs if len(_TABLE[ord(sign)]) == 1)
    one_to_one = signs <= _ONE_TO_ONE
    return Folded(
        cased=cased,
        text=_lower(cased),
        offsets=None if one_to_one else _offsets(text),
        original_length=len(text),
    )


def _offsets(text: str) -> tuple[int, ...]:
    """For each folded character, the index of the character that it came from."""
    return tuple(index for index, character in enumerate(text) for _ in _TABLE[ord(character)])


def _lower(text: str) -> str:
    """Lower case without a change of length, which spans rely on."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def fold_all(text: str) -> str:
    """The folded text in lower case, however long it is."""
    return text.translate(_TABLE).lower()
