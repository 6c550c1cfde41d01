"""What a question keeps when it is of its kind: all else would be lost when it is written as SurveyJS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from engage.db.types import Localised
from engage.survey.definition import Choice, Flag, Kind, Question

NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?")
"""The bounds of a number: what survives JSON as it was typed."""

STEP = re.compile(r"\d{1,3}")
"""The ends of a scale."""

DEFAULT_STEPS = ("1", "5")

_NOTHING = Localised()
_KEPT_BY_KIND: dict[Kind, frozenset[str]] = {
    Kind.SHORT_TEXT: frozenset({"longest"}),
    Kind.LONG_TEXT: frozenset({"longest"}),
    Kind.NUMBER: frozenset({"minimum", "maximum"}),
    Kind.DATE: frozenset({"minimum", "maximum"}),
    Kind.SINGLE: frozenset({"choices", "other", "none", "refuse"}),
    Kind.MULTIPLE: frozenset({"choices", "other", "none", "refuse", "most_choices"}),
    Kind.RANKING: frozenset({"choices", "refuse"}),
    Kind.MATRIX: frozenset({"choices", "rows"}),
    Kind.SCALE: frozenset({"minimum", "maximum", "low_text", "high_text", "is_smileys"}),
    Kind.NOTE: frozenset(),
}
"""What of the particulars each kind has."""

_EMPTY: dict[str, Any] = {
    "choices": (), "rows": (), "other": False, "none": False, "refuse": False, "most_choices": None,
    "longest": None, "minimum": None, "maximum": None, "low_text": _NOTHING, "high_text": _NOTHING,
    "is_smileys": False,
}  # fmt: skip


def has(kind: Kind, particular: str) -> bool:
    """Whether questions of a kind have a particular, such as ``rows``."""
    return particular in _KEPT_BY_KIND[kind]


def fitted(question: Question) -> Question:
    """The question with only what its kind has, and what a demographic one must have."""
    kind = question.kind
    changes = {name: empty for name, empty in _EMPTY.items() if not has(kind, name)}
    bare = replace(question, **changes, title=_trimmed(question.title), help=_trimmed(question.help))
    bare = replace(bare, choices=_items(bare.choices), rows=_items(bare.rows), **_bounds(bare))
    return _flagged(_specials(bare))


def _bounds(question: Question) -> dict[str, Any]:
    if question.kind is Kind.SCALE:
        low, high = (
            bound if bound is not None and STEP.fullmatch(bound) else default
            for bound, default in zip((question.minimum, question.maximum), DEFAULT_STEPS, strict=True)
        )
        return {
            "minimum": str(int(low)),
            "maximum": str(int(high)) if int(high) > int(low) else str(int(low) + 4),
        }
    read = {Kind.NUMBER: _number, Kind.DATE: _day}.get(question.kind)
    return {} if read is None else {"minimum": read(question.minimum), "maximum": read(question.maximum)}


def _number(bound: str | None) -> str | None:
    if bound is None or not NUMBER.fullmatch(bound):
        return None
    number = float(bound)
    return str(int(number)) if number == int(number) else repr(number)


def _day(bound: str | None) -> str | None:
    try:
        return date.fromisoformat(bound or "").isoformat()
    except ValueError:
        return None


def _specials(question: Question) -> Question:
    named: dict[str, Any] = {
        name: _trimmed(getattr(question, name)) if getattr(question, name.removesuffix("_text")) else _NOTHING
        for name in ("other_text", "none_text", "refuse_text")
    }
    ends: dict[str, Any] = {name: _trimmed(getattr(question, name)) for name in ("low_text", "high_text")}
    return replace(question, **named, **ends)


def _flagged(question: Question) -> Question:
    """Nobody has to say who they are: such a question is optional and can be refused."""
    if question.kind is Kind.NOTE:
        return replace(question, flags=frozenset(), is_required=False, help=_NOTHING)
    flags = question.flags
    if question.kind not in (Kind.SINGLE, Kind.SCALE):
        flags -= {Flag.BREAKDOWN}
    if Flag.DEMOGRAPHIC not in flags:
        return replace(question, flags=flags)
    refuse = question.refuse or question.kind in (Kind.SINGLE, Kind.MULTIPLE)
    return replace(question, flags=flags, is_required=False, refuse=refuse)


def _items(items: Iterable[Choice]) -> tuple[Choice, ...]:
    return tuple(Choice(item.value, _trimmed(item.text) or Localised(item.value)) for item in items)


def _trimmed(text: Localised) -> Localised:
    return Localised(text.en.strip(), text.es.strip())
