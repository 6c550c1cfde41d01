"""The cues of experience, proposals and questions; see ``data/voice-cues.toml`` for what each is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from engage.analysis.phrases import Found, Phrases
from engage.analysis.reading import Reading

LANGUAGES = ("en", "es")


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("engage.analysis") / "data" / "voice-cues.toml").read_text("utf-8"))


@cache
def _phrases(name: str, language: str) -> Phrases:
    return Phrases(_lists()[language][name], language)


def find_cues(reading: Reading, name: str, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Found]:
    """Where the cues of one list stand, none over the end of a sentence. A comment may mix languages."""
    for language in languages:
        for found in _phrases(name, language).find(reading.words):
            if reading.is_within_a_sentence(found):
                yield found


@cache
def common_words() -> frozenset[str]:
    """Words that tell nothing about what a sentence is about, folded."""
    return frozenset(word for lists in _lists().values() for word in lists["common"])
