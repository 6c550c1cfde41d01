"""Codes of batches: random, easy to say over the telephone in English and Spanish, and hard to mistype.

Ten syllables of one consonant and one vowel, two by two: ``bado-keli-mafu-sito-pane``. The letters are those
that both languages tell apart by ear. Nine syllables are random (53 bits), the tenth checks them.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from engage.sealing import Sealer

_SYLLABLES = tuple(consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeiou")
_RANDOM = 9
_PRIME = 59  # below the number of syllables, so that one wrong syllable or two swapped ones are noticed
_NO_LETTER = re.compile(r"[^a-z]+")


def new_code() -> str:
    """A code that no batch has had."""
    numbers = [secrets.randbelow(len(_SYLLABLES)) for _ in range(_RANDOM)]
    return _spoken([*numbers, _check(numbers)])


def tidy_code(typed: str) -> str | None:
    """The code that somebody meant, whatever its capitals, accents and hyphens; None where it has a slip."""
    plain = unicodedata.normalize("NFKD", typed).casefold()
    letters = _NO_LETTER.sub("", "".join(char for char in plain if not unicodedata.combining(char)))
    pairs = [letters[start : start + 2] for start in range(0, len(letters), 2)]
    if len(pairs) != _RANDOM + 1 or not set(pairs) <= set(_SYLLABLES):
        return None
    numbers = [_SYLLABLES.index(pair) for pair in pairs]
    return _spoken(numbers) if _check(numbers[:-1]) == numbers[-1] else None


def digest_of(code: str, secret_key: str) -> str:
    """What is stored of a code, 64 hexadecimal digits: the database alone does not open a batch."""
    return Sealer(secret_key, "batch code").index(code)


def _check(numbers: list[int]) -> int:
    return sum(place * number for place, number in enumerate(numbers, 1)) % _PRIME


def _spoken(numbers: list[int]) -> str:
    pairs = [_SYLLABLES[number] for number in numbers]
    return "-".join(pairs[start] + pairs[start + 1] for start in range(0, len(pairs), 2))
