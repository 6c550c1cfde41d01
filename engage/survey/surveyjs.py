"""Definitions as JSON, in a subset of SurveyJS' format that survey-core 3 reads without an error.

What the format has no word for, our flags of a question, is carried by ``calculatedValues`` called
``engage_NAME`` whose expression is a text such as ``'confidential breakdown'``. The subset: docs/forms.md.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from engage.db.types import Localised
from engage.marks import N_
from engage.survey.definition import Definition
from engage.survey.settling import settled
from engage.survey.surveyjs_read import Reader
from engage.survey.surveyjs_values import Json, localised
from engage.survey.surveyjs_write import write
from engage.survey.told import BadDefinition, Told

__all__ = ["LARGEST", "BadDefinition", "Taken", "dumps", "loads", "read", "take", "title_of", "write"]

LARGEST = 1_000_000
"""The most characters that a definition may have."""

_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Taken:
    """A definition of others as this site asks it, and what had to be changed or left out for that."""

    definition: Definition
    notes: tuple[Told, ...] = ()


def loads(text: str) -> Definition:
    """Read a definition from JSON. Raises BadDefinition; what it means is not checked here."""
    return read(_decoded(text))


def dumps(definition: Definition) -> str:
    """The definition as JSON: the same text for the same definition."""
    return json.dumps(write(definition), ensure_ascii=False, indent=2)


def read(survey: Json) -> Definition:
    """A definition from a SurveyJS object. Raises BadDefinition naming every place that cannot be asked."""
    return _read(survey).definition


def take(text: str) -> Taken:
    """Read a survey that others have written: its names and values are made to fit. Raises BadDefinition."""
    found = _read(_decoded(text))
    notes = list(found.notes)
    return Taken(settled(found.definition, notes), tuple(notes))


def title_of(survey: Json) -> Localised:
    """What a form is called, without reading the rest of it."""
    return localised(survey.get("title"))


def _read(survey: Json) -> Taken:
    reader = Reader(survey)
    definition = reader.definition()
    if reader.problems:
        raise BadDefinition(reader.problems)
    return Taken(definition, tuple(reader.notes))


def _decoded(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise _bad(N_("The file is longer than %(most)s characters."), most=f"{LARGEST:,}")
    try:
        found = json.loads(
            text,
            object_pairs_hook=_without_twins,
            parse_constant=_no_number,
            parse_float=_number,
            parse_int=_whole,
        )
    except (ValueError, RecursionError):
        raise _bad(N_("The file is not JSON.")) from None
    if not isinstance(found, dict):
        raise _bad(N_("The file must hold one JSON object."))
    return found


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            raise _bad(N_("“%(name)s” stands twice in one object."), name=name[:60])
        seen.add(name)
    return found


def _no_number(text: str) -> Any:
    raise _bad(N_("“%(number)s” is no number that can be taken."), number=text[:20])


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _whole(text: str) -> int:
    return int(text) if len(text) <= _MOST_DIGITS else _no_number(text)


def _bad(text: str, /, **values: object) -> BadDefinition:
    return BadDefinition([Told(text, values)])
