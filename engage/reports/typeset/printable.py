"""Texts as the fonts can print them: what they lack becomes a few words in brackets, never an empty box.

The fonts are those inside of the typst package and one for Arabic that is built with the site's own, and no
others: a report looks the same wherever it is made. They have Latin, Greek, Cyrillic, Hebrew and Arabic
letters and most signs. One for Chinese weighs more than the site's wheel may, so Chinese is named.
``data/printable.txt`` lists the ranges that were tried one character at a time, upright and bold; the tests
try them again.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

_LAST_LATIN = 0x17F
_LANGUAGES = {"Hang": "ko", "Hani": "zh", "Jpan": "ja"}
_SPACES = re.compile(r"\s+")
_SCRIPTS = {
    "ARMENIAN": "Armn",
    "BENGALI": "Beng",
    "BOPOMOFO": "Bopo",
    "CHEROKEE": "Cher",
    "CJK": "Hani",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "HANGUL": "Hang",
    "HIRAGANA": "Jpan",
    "KANNADA": "Knda",
    "KATAKANA": "Jpan",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "MALAYALAM": "Mlym",
    "MONGOLIAN": "Mong",
    "MYANMAR": "Mymr",
    "SINHALA": "Sinh",
    "SYRIAC": "Syrc",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "THAANA": "Thaa",
    "THAI": "Thai",
    "TIBETAN": "Tibt",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "CYRILLIC": "Cyrl",
}
# Unseen itself, and without it two letters of a Persian word join that must not.
_NON_JOINER = "\u200c"
_STRAY_NON_JOINER = re.compile("(?<![\u0600-\u06ff])\u200c+|\u200c+(?![\u0600-\u06ff])")
# What only joins to what stands before it, or says how it is to be drawn, or cannot be seen at all.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Mc", "Me", "Zl", "Zp"})


def printable(text: str, *, is_narrow: bool = False) -> str:
    """A text of which every character can be printed, on one line.

    Marks that change the direction of what follows are left out, as are controls. ``is_narrow``: with Latin
    letters and their signs only.
    """
    composed = _STRAY_NON_JOINER.sub("", unicodedata.normalize("NFC", _SPACES.sub(" ", text)))
    pieces = []
    for is_fine, found in groupby(_seen(composed), lambda character: _is_fine(character, is_narrow)):
        piece = "".join(found)
        pieces.append(piece if is_fine else _instead_of(piece))
    return _SPACES.sub(" ", "".join(_joined(pieces))).strip()


def _seen(text: str) -> Iterator[str]:
    return (
        character
        for character in text
        if character == _NON_JOINER or unicodedata.category(character) not in _UNSEEN
    )


def _joined(pieces: list[str]) -> Iterator[str]:
    """The same thing left out twice, with nothing but a space or a sign between, is said once."""
    last = ""
    for place, piece in enumerate(pieces):
        between = place > 0 and not any(map(str.isalnum, piece)) and place + 1 < len(pieces)
        if between and pieces[place - 1] == pieces[place + 1] and pieces[place - 1].startswith("["):
            continue
        if piece != last or not piece.startswith("["):
            yield piece
            last = piece


def _is_fine(character: str, is_narrow: bool) -> bool:
    number = ord(character)
    if is_narrow and number > _LAST_LATIN and character not in "–—‘’“”…•":
        return False
    starts, ends = _ranges()
    place = bisect_right(starts, number) - 1
    return place >= 0 and number <= ends[place]


def _instead_of(piece: str) -> str:
    """What stands for letters that cannot be printed: the name of their script; for other signs one word."""
    letter = next((character for character in piece if unicodedata.category(character)[0] == "L"), None)
    if letter is None:
        return str(_("[picture]"))
    first = unicodedata.name(letter, "").split(" ")[0]
    script = _SCRIPTS.get(first, "")
    locale = get_locale() or Locale("en")
    # What people know by its language is called by that.
    name = locale.languages.get(_LANGUAGES.get(script, "")) or locale.scripts.get(script)
    if name is None:
        return str(_("[text in another script]"))
    return str(_("[text in another script: %(script)s]", script=name))


@cache
def _ranges() -> tuple[list[int], list[int]]:
    lines = (files("engage.reports.typeset") / "data" / "printable.txt").read_text("ascii").split()
    pairs = [line.partition("-")[::2] for line in lines]
    return [int(first, 16) for first, _last in pairs], [int(last, 16) for _first, last in pairs]
