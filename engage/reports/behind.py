"""What stands behind a number: the filter that finds exactly the comments that a tally counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from engage.comments.filters import UNSTATED, CommentFilter
from engage.reports.measures import CAMPAIGN, CLAUSE, LETTER_PART, THEME, TallyKey

_BETWEEN = "|"
_YES: Callable[[str], bool] = "yes".__eq__
_NAMES = {LETTER_PART: "part", "denied_concern": "concern"}
_READ: dict[str, Callable[[str], Any]] = {
    "day": date.fromisoformat,
    "named": _YES,
    "late": _YES,
    THEME: int,
    CAMPAIGN: int,
}
_PLAIN = frozenset(
    {
        "position", "tone", "tone_reason", "language", "district", "channel", "analyser", "concern", "month",
        "part", "stance", "read_by", CLAUSE, LETTER_PART, "denied_concern",
    }
)  # fmt: skip


def criteria(tally: TallyKey, districts: Mapping[str, str]) -> CommentFilter | None:
    """The filter of the comments that a tally of posted comments counts.

    ``districts`` gives a district's code by its id, as tallies have it. None where no list is made in public:
    for what is not posted, for suggested positions, for texts and submitters.
    """
    readers = _readers(tally.measure)
    if readers is None:
        return None
    conditions: dict[str, Any] = {
        name: read(value) if read else value
        for (name, read), value in zip(readers, tally.key.split(_BETWEEN), strict=True)
    }
    if tally.measure == "denied_concern":
        conditions["denied"] = True
    if conditions.get("district", UNSTATED) != UNSTATED:
        conditions["district"] = districts[conditions["district"]]
    return CommentFilter(**conditions)


@cache
def _readers(measure: str) -> tuple[tuple[str, Callable[[str], Any] | None], ...] | None:
    """The arguments that a measure's dimensions are, and how the value of each is read (None: as it is)."""
    dimensions = measure.split(_BETWEEN)
    if not all(dimension in _READ or dimension in _PLAIN for dimension in dimensions):
        return None
    return tuple((_NAMES.get(dimension, dimension), _READ.get(dimension)) for dimension in dimensions)
