"""The languages that somebody can ask to be interpreted from."""

from __future__ import annotations

from engage.comments import words
from engage.web.locale import OWN_NAMES

_FIRST = ("es", "en")
_OTHERS = (
    "am", "ar", "bn", "de", "fa", "fr", "hi", "hmn", "ht", "ja", "km", "ko", "lo", "my", "ne", "pa", "pl",
    "ps", "pt", "ru", "so", "sw", "ti", "tl", "uk", "ur", "vi", "zh", *OWN_NAMES,
)  # fmt: skip
"""ISO 639-1, and ISO 639-3 where there is no shorter code."""


def language_name(code: str) -> str:
    """What a language is called in the reader's, as a choice begins: with a large letter."""
    name = words.language_name(code)
    return name[:1].upper() + name[1:]


def language_choices() -> list[tuple[str, str]]:
    """Every code and its name: the two that most people here speak, then the others by name."""
    named = [(code, language_name(code)) for code in _OTHERS]
    return [(code, language_name(code)) for code in _FIRST] + sorted(named, key=lambda choice: choice[1])
