"""The words that `engage.analysis.position` reads; see ``data/position-cues.toml`` for what each is."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PositionCues:
    """The lists of one language: phrases, or words where the rules compare single words."""

    sides: list[str]
    wants: list[str]
    rejects: list[str]
    undoes: list[str]
    objects: list[str]
    pronouns: list[str]
    after_pronoun: list[str]
    for_it: list[str]
    against_it: list[str]
    bare_for: list[str]
    bare_against: list[str]
    hedges: list[str]
    neutral: list[str]
    negations: list[str]
    others: list[str]
    tells: list[str]
    own: list[str]
    asks: list[str]
    conditions: list[str]


def load_position_cues() -> dict[str, PositionCues]:
    """The cues by language code."""
    text = (files("engage.analysis") / "data" / "position-cues.toml").read_text("utf-8")
    return {language: PositionCues(**lists) for language, lists in tomllib.loads(text).items()}
