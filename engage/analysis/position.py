"""What position a text seems to take, as a suggestion only. Never from tone; in doubt *unclear*."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engage.analysis.phrases import Phrases, Span
from engage.analysis.reading import Reading


class PositionLabel(StrEnum):
    """A position on what is decided, as a commenter declares it or as we suggest it."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    NEUTRAL = "neutral"
    MIXED = "mixed"
    QUESTION_ONLY = "question_only"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class PositionSuggestion:
    """A suggested position and the words that it rests on."""

    position: PositionLabel
    spans: tuple[Span, ...] = ()


_CUES = {
    "en": (
        (PositionLabel.OPPOSE, "do|don't not|=please sign|approve|renew"),
        (PositionLabel.OPPOSE, "vote no"),
        (PositionLabel.OPPOSE, "=i|=we oppose"),
        (PositionLabel.SUPPORT, "vote yes"),
        (PositionLabel.SUPPORT, "=i|=we support =this|=the agreement|program"),
    ),
    "es": (
        (PositionLabel.OPPOSE, "=voten =no"),
        (PositionLabel.OPPOSE, "=estoy|=estamos en contra"),
        (PositionLabel.SUPPORT, "=voten =si"),
        (PositionLabel.SUPPORT, "=estoy|=estamos a favor"),
    ),
}
_PHRASES = {language: Phrases((cue for _, cue in cues), language) for language, cues in _CUES.items()}


def suggest(reading: Reading, languages: Iterable[str]) -> PositionSuggestion:
    """Suggest a position from what the text says it wants; `PositionLabel.UNCLEAR` where it does not say."""
    spans: list[Span] = []
    positions: set[PositionLabel] = set()
    for language in languages:
        phrases = _PHRASES[language]
        for found in phrases.find(reading.words):
            positions.add(_CUES[language][found.phrase][0])
            spans.append(reading.span(found, phrases.texts[found.phrase]))
    if len(positions) > 1:
        return PositionSuggestion(PositionLabel.MIXED, tuple(spans))
    return PositionSuggestion(next(iter(positions), PositionLabel.UNCLEAR), tuple(spans))
