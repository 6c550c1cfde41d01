"""What is told of an indicator's entries, so that no small group of people can be worked out. Pure.

Counts of people and of cases from 0 to 9 are not told: "no complaint was found true" says of everybody who
complained that theirs was not. The categories of a stretch, and what is in none of them, share out its total:
see survey.suppression for what else is hidden. A total below ten hides all that belongs to it.

A correction tells too: two figures of one stretch that are one apart tell of the one person who was missed.
So an earlier version is told only where each of its numbers, and the sum of those hidden, is the same as in
every other version that is told or differs by ten at least, and where the same is hidden in both. Else all of
it is kept back, and only when and why it was corrected is said. Where only one of them has a number of which
the other has a bound, or none, both are told where they read the same: all that is told, and what is not.

What was not collected, or is told by its source as below a bound, still has its part in the total: whoever
subtracts the categories that are told knows what all of these are together. So this remainder is protected as
a category is, and it is told nowhere: it is no figure that anybody has counted.

Other units (events, dollars, hours, days, percent) are told as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engage.db.types import Localised
from engage.oversight.models import Frequency, Unit
from engage.oversight.stretches import Stretch
from engage.oversight.values import Below, Value, number
from engage.survey.suppression import K, hidden_in_line

TOTAL = ""
"""The key of a stretch's total."""

REST = "(rest)"
"""The key of what is in no category; no category can be called so."""

SMALL_UNITS = frozenset({Unit.PEOPLE, Unit.CASES})
"""Of these small counts are not told."""

ADDING_UNITS = frozenset({Unit.PEOPLE, Unit.CASES, Unit.EVENTS, Unit.DOLLARS, Unit.HOURS})
"""Of these the categories add up to the total."""


class State(StrEnum):
    """What a reader is told of a value."""

    TOLD = "told"
    HIDDEN = "hidden"
    BELOW = "below"
    NOT_COLLECTED = "not_collected"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as a reader is told it: ``hundredths`` (the value times 100) only where it is told, ``below``
    where only that is known that it is below this.
    """

    state: State
    hundredths: int | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What staff published for one stretch at one time; ``values`` by category, TOTAL among them."""

    values: Mapping[str, Value]
    method: int
    note: Localised
    published_at: datetime

    @property
    def total(self) -> int | None:
        """The total in hundredths; None where it is not known."""
        return number(self.values.get(TOTAL))


@dataclass(frozen=True, slots=True)
class ToldVersion:
    """A version as everybody may read it; ``cells`` is empty for one that is kept back."""

    cells: Mapping[str, Cell]
    method: int
    note: Localised
    published_at: datetime

    @property
    def is_kept_back(self) -> bool:
        """Whether only that it was there, when and why is told."""
        return not self.cells

    @property
    def total(self) -> Cell:
        """The total; of a version that is kept back a hidden one."""
        return self.cells.get(TOTAL, Cell(State.HIDDEN))

    @property
    def has_hidden(self) -> bool:
        """Whether some value of it is not told."""
        return self.is_kept_back or any(cell.state is State.HIDDEN for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class ToldStretch:
    """A stretch with all that is told of it, the first version first; none: nothing was published."""

    stretch: Stretch
    due_on: date
    versions: tuple[ToldVersion, ...]

    @property
    def current(self) -> ToldVersion | None:
        """The version that counts."""
        return self.versions[-1] if self.versions else None

    @property
    def earlier(self) -> tuple[ToldVersion, ...]:
        """What was corrected, the last first."""
        return self.versions[-2::-1]

    def days_overdue(self, today: date) -> int:
        """For how many days an entry has been missing; 0 where none is, or it is not due."""
        return 0 if self.versions else max(0, (today - self.due_on).days)


def tell(versions: Sequence[Version], unit: Unit) -> tuple[ToldVersion, ...]:
    """What may be told of the versions of one stretch, the first published first; the last one counts."""
    shown: list[Version] = []
    told: list[ToldVersion] = []
    for version in reversed(versions):
        is_told = all(_may_stand_beside(version, other, unit) for other in shown)
        if is_told:
            shown.append(version)
        cells = cells_of(version.values, unit) if is_told else {}
        told.append(ToldVersion(cells, version.method, version.note, version.published_at))
    return tuple(reversed(told))


def tell_stretch(
    stretch: Stretch, frequency: Frequency, versions: Sequence[Version], unit: Unit
) -> ToldStretch:
    """One stretch as everybody may read it."""
    return ToldStretch(stretch, stretch.due_on(frequency), tell(versions, unit))


def cells_of(values: Mapping[str, Value], unit: Unit) -> dict[str, Cell]:
    """What is told of values that are published together."""
    whole = with_rest(values, unit)
    hidden = hidden_keys(values, unit)
    return {key: _cell(value, is_hidden=key in hidden) for key, value in whole.items()}


def hidden_keys(values: Mapping[str, Value], unit: Unit) -> frozenset[str]:
    """The values that are not told: those of few people, and those by which these could be worked out."""
    total = number(values.get(TOTAL))
    if unit not in SMALL_UNITS:
        return frozenset()
    if total is None:
        return _hidden_without_total(values)
    counts = {key: value // 100 for key, value in _numbers(_with_remainder(values, unit)).items()}
    if counts.pop(TOTAL) < K:
        return frozenset({TOTAL, *counts})
    keys = list(counts)
    return frozenset(keys[place] for place in hidden_in_line([counts[key] for key in keys]))


def _hidden_without_total(values: Mapping[str, Value]) -> frozenset[str]:
    """Where no total is told nothing can be subtracted: only small counts themselves are not told."""
    return frozenset(key for key, value in _numbers(values).items() if value < 100 * K)


def with_rest(values: Mapping[str, Value], unit: Unit) -> dict[str, Value]:
    """The values with what is in no category, where they leave some and every category is known."""
    whole = _with_remainder(values, unit)
    if whole.get(REST) == 0 or len(_numbers(values)) < len(values):
        whole.pop(REST, None)
    return whole


def _with_remainder(values: Mapping[str, Value], unit: Unit) -> dict[str, Value]:
    """The values with what the categories that are known leave of the total, whatever it is."""
    whole = dict(values)
    total = number(values.get(TOTAL))
    parts = [value for key, value in _numbers(values).items() if key != TOTAL]
    if total is not None and parts and unit in ADDING_UNITS:
        left = total - sum(parts)
        if left > 0 or len(parts) < len(values) - 1:
            whole[REST] = left
    return whole


def _numbers(values: Mapping[str, Value]) -> dict[str, int]:
    """The values that are known."""
    return {key: value for key, value in values.items() if isinstance(value, int)}


def _cell(value: Value, *, is_hidden: bool) -> Cell:
    if value is None:
        return Cell(State.NOT_COLLECTED)
    if isinstance(value, Below):
        return Cell(State.BELOW, below=value.bound)
    return Cell(State.HIDDEN) if is_hidden else Cell(State.TOLD, value)


def _may_stand_beside(one: Version, other: Version, unit: Unit) -> bool:
    """Whether two versions of a stretch can both be told without telling of few people."""
    if unit not in SMALL_UNITS or one.total is None or other.total is None:
        return True
    first, second = (_numbers(_with_remainder(version.values, unit)) for version in (one, other))
    if first.keys() != second.keys():
        return _reads_alike(cells_of(one.values, unit), cells_of(other.values, unit))
    hidden = hidden_keys(one.values, unit)
    if hidden != hidden_keys(other.values, unit):
        return False
    apart = [first[key] - second[key] for key in first]
    apart.append(_hundredths(first, hidden - {TOTAL}) - _hundredths(second, hidden - {TOTAL}))
    return all(difference == 0 or abs(difference) >= 100 * K for difference in apart)


def _reads_alike(one: Mapping[str, Cell], other: Mapping[str, Cell]) -> bool:
    """Whether two versions tell the same of every value: who reads both knows no more than who reads one.

    A number that is not told, and one of which its source says no more than a bound, are alike in this: with
    what is told beside them both leave the same sum.
    """
    return one.keys() == other.keys() and all(
        cell == other[key] or {cell.state, other[key].state} == {State.HIDDEN, State.BELOW}
        for key, cell in one.items()
    )


def _hundredths(values: Mapping[str, int], keys: Collection[str]) -> int:
    return sum(values[key] for key in keys)
