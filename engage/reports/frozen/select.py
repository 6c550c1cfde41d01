"""Which comments of a frozen list a filter finds: what stands behind a number of a published report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engage.comments.filters import UNSTATED, BadFilter, CommentFilter
from engage.reports.frozen.columns import Column
from engage.reports.frozen.listing import TEXT
from engage.reports.inputs import Inputs
from engage.reports.measures import CLAUSE, LETTER_PART, STATED, THEME

Load = Callable[[str], Column | None]
"""Finds a column by its name; None: the list has none of this name."""

Mask = NDArray[np.bool_]


def select(load: Load, inputs: Inputs, criteria: CommentFilter) -> Mask | None:
    """For each comment of the list whether it is among those; None: no condition, so all are.

    Raises BadFilter where the list does not know such a condition: it has no words, for one.
    """
    masks = [
        _MASKS.get(field.name, _plain)(field.name, value, load, inputs, criteria)
        for field in fields(criteria)
        if (value := getattr(criteria, field.name)) is not None
    ]
    return np.logical_and.reduce(masks) if masks else None


def _plain(name: str, value: Any, load: Load, _inputs: Inputs, _criteria: CommentFilter) -> Mask:
    return _column(load, name, name).has([str(value)])


def _yes_or_no(name: str, value: bool, load: Load, _inputs: Inputs, _criteria: CommentFilter) -> Mask:
    """A dimension whose values are yes and, where that is told at all, no."""
    is_yes = _column(load, name, name).has(["yes"])
    return is_yes if value else ~is_yes


def _district(name: str, value: str, load: Load, inputs: Inputs, _criteria: CommentFilter) -> Mask:
    ids = {place.code: str(place.id) for place in inputs.districts} | {UNSTATED: UNSTATED}
    if value not in ids:
        raise BadFilter(name)
    return _column(load, name, name).has([ids[value]])


def _month(name: str, value: str, load: Load, _inputs: Inputs, _criteria: CommentFilter) -> Mask:
    days = _column(load, "day", name)
    return days.has(day for day in days.values if day.startswith(f"{value}-"))


def _day(name: str, value: date, load: Load, _inputs: Inputs, _criteria: CommentFilter) -> Mask:
    return _column(load, "day", name).has([value.isoformat()])


def _concern(name: str, value: str, load: Load, inputs: Inputs, criteria: CommentFilter) -> Mask:
    """A concern, or with ``denied`` only where it is said not to be so, or only where it is not."""
    column = _column(load, "concern", name)
    if value not in column.values and value not in inputs.taxonomy.codes:
        raise BadFilter(name)
    raised = column.has([value])
    if criteria.denied is None:
        return raised
    denied = _column(load, "denied_concern", name).has([value])
    return denied if criteria.denied else raised & ~denied


def _denied(name: str, value: bool, load: Load, _inputs: Inputs, criteria: CommentFilter) -> Mask:
    denied = _column(load, "denied_concern", name).counts
    if criteria.concern is not None:
        return np.ones(len(denied), dtype=bool)
    raised = _column(load, "concern", name).counts.astype(np.int64)
    return np.asarray(denied > 0 if value else raised > denied)


def _part(name: str, value: str, load: Load, _inputs: Inputs, _criteria: CommentFilter) -> Mask:
    return _column(load, LETTER_PART, name).has([value])


def _clause(name: str, value: str, load: Load, _inputs: Inputs, criteria: CommentFilter) -> Mask:
    """A clause, and with ``stance`` only where that is what is wanted of this very clause."""
    if criteria.stance is None:
        return _column(load, CLAUSE, name).has([value])
    return _column(load, STATED, name).has([f"{value}|{criteria.stance}"])


def _stance(name: str, value: str, load: Load, _inputs: Inputs, criteria: CommentFilter) -> Mask:
    stated = _column(load, STATED, name)
    clause = criteria.clause
    return stated.has(
        pair
        for pair in stated.values
        if pair.endswith(f"|{value}") and (clause is None or pair == f"{clause}|{value}")
    )


def _theme(name: str, value: int, load: Load, inputs: Inputs, _criteria: CommentFilter) -> Mask:
    if value not in {theme.id for theme in inputs.themes}:
        raise BadFilter(name)
    return _column(load, THEME, name).has([str(value)])


def _text(name: str, value: str, load: Load, inputs: Inputs, _criteria: CommentFilter) -> Mask:
    """Only a text that the report names."""
    if value not in {each.text for each in inputs.repeated}:
        raise BadFilter(name)
    return _column(load, TEXT, name).has([value])


def _not_kept(name: str, _value: Any, _load: Load, _inputs: Inputs, _criteria: CommentFilter) -> Mask:
    raise BadFilter(name)


def _column(load: Load, column: str, argument: str) -> Column:
    found = load(column)
    if found is None:
        raise BadFilter(argument)
    return found


_MASKS: dict[str, Callable[[str, Any, Load, Inputs, CommentFilter], Mask]] = {
    "district": _district,
    "day": _day,
    "month": _month,
    "named": _yes_or_no,
    "late": _yes_or_no,
    "concern": _concern,
    "denied": _denied,
    "part": _part,
    "clause": _clause,
    "stance": _stance,
    "theme": _theme,
    "text": _text,
    "words": _not_kept,
    "letters": _not_kept,
}
