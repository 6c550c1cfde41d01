"""What is told of an indicator's entries, so that no small group of people can be worked out. Pure.

Counts of people and of cases from 0 to 9 are not told: "no complaint was found true" says of everybody who
complained that theirs was not. The categories of a stretch, and what is in none of them, share out its total:
see survey.suppression for what else is hidden. A total below ten hides all that belongs to it.

A correction tells too: two figures of one stretch that are one apart tell of the one person who was missed.
So an earlier version is told only where each of its numbers, and the sum of those hidden, is the same as in
every other version that is told or differs by ten at least, and where the same is hidden in both. Else all of
it is kept back, and only when and why it was corrected is said.

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
    NOT_COLLECTED = "not_collected"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as a reader is told it: ``hundredths`` (the value times 100) only where it is told."""

    state: State
    hundredths: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What staff published for one stretch at one time; ``values`` by category, TOTAL among them."""

    values: Mapping[str, int | None]
    method: int
    note: Localised
    published_at: datetime

    @property
    def total(self) -> int | None:
        """The total in hundredths."""
        return self.values.get(TOTAL)


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


def cells_of(values: Mapping[str, int | None], unit: Unit) -> dict[str, Cell]:
    """What is told of values that are published together."""
    whole = with_rest(values, unit)
    hidden = hidden_keys(values, unit)
    return {key: _cell(value, is_hidden=key in hidden) for key, value in whole.items()}


def hidden_keys(values: Mapping[str, int | None], unit: Unit) -> frozenset[str]:
    """The values that are not told: those of few people, and those by which these could be worked out."""
    total = values.get(TOTAL)
    if unit not in SMALL_UNITS or total is None:
        return frozenset()
    counts = {key: value // 100 for key, value in with_rest(values, unit).items() if value is not None}
    if counts.pop(TOTAL) < K:
        return frozenset({TOTAL, *counts})
    keys = list(counts)
    return frozenset(keys[place] for place in hidden_in_line([counts[key] for key in keys]))


def with_rest(values: Mapping[str, int | None], unit: Unit) -> dict[str, int | None]:
    """The values with what is in no category, where they leave some."""
    found = dict(values)
    total = found.get(TOTAL)
    parts = [value for key, value in values.items() if key != TOTAL and value is not None]
    if total is not None and parts and unit in ADDING_UNITS and total > sum(parts):
        found[REST] = total - sum(parts)
    return found


def _cell(value: int | None, *, is_hidden: bool) -> Cell:
    if value is None:
        return Cell(State.NOT_COLLECTED)
    return Cell(State.HIDDEN) if is_hidden else Cell(State.TOLD, value)


def _may_stand_beside(one: Version, other: Version, unit: Unit) -> bool:
    """Whether two versions of a stretch can both be told without telling of few people."""
    if unit not in SMALL_UNITS or one.total is None or other.total is None:
        return True
    first, second = with_rest(one.values, unit), with_rest(other.values, unit)
    hidden = hidden_keys(one.values, unit)
    if hidden != hidden_keys(other.values, unit) or _collected(first) != _collected(second):
        return False
    apart = [_hundredths(first, [key]) - _hundredths(second, [key]) for key in _collected(first)]
    apart.append(_hundredths(first, hidden - {TOTAL}) - _hundredths(second, hidden - {TOTAL}))
    return all(difference == 0 or abs(difference) >= 100 * K for difference in apart)


def _collected(values: Mapping[str, int | None]) -> frozenset[str]:
    return frozenset(key for key, value in values.items() if value is not None)


def _hundredths(values: Mapping[str, int | None], keys: Collection[str]) -> int:
    return sum(values[key] or 0 for key in keys)
