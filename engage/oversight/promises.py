"""What was promised a year beside what happened, such as public meetings. Pure.

Only the stretches that were published count, on both sides: what is not published is told as overdue, and is
neither a meeting that was held nor one that was not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engage.oversight.stretches import Stretch

_UNEVEN = 3
"""The first quarter of a year is two days shorter than a quarter, and February three than a month."""


class Kept(StrEnum):
    """How a promise stands."""

    KEPT = "kept"
    ON_THE_WAY = "on_the_way"
    BEHIND = "behind"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PromiseYear:
    """One calendar year of a promise: ``promised`` for the whole of it, or for those of its days on which the
    indicator is measured, rounded down; ``due`` of them should have happened until ``until``.

    ``until`` is the last day with a figure, ``last_on`` the last one that is measured.
    """

    year: int
    promised: int
    due: int
    happened: int
    until: date | None
    last_on: date

    @property
    def is_under_way(self) -> bool:
        """Whether figures are known for a first part of it only."""
        return self.until is not None and self.until < self.last_on

    @property
    def kept(self) -> Kept:
        """How it stands."""
        if self.until is None:
            return Kept.UNKNOWN
        if self.happened >= self.promised:
            return Kept.KEPT
        if self.happened >= self.due:
            return Kept.ON_THE_WAY
        return Kept.BEHIND if self.happened else Kept.NONE


def promise_years(
    figures: Iterable[tuple[Stretch, int]],
    promised: int,
    *,
    starts_on: date,
    ended_on: date | None,
    today: date,
) -> list[PromiseYear]:
    """Every year from the start to ``today``, the last first. ``figures`` are hundredths by stretch."""
    known = list(figures)
    last_day = today if ended_on is None else min(today, ended_on)
    years = range(last_day.year, starts_on.year - 1, -1)
    return [_year(year, known, promised, starts_on, ended_on) for year in years]


def _year(
    year: int, figures: list[tuple[Stretch, int]], promised: int, starts_on: date, ended_on: date | None
) -> PromiseYear:
    first, last = max(starts_on, date(year, 1, 1)), min(ended_on or date.max, date(year, 12, 31))
    own = [(stretch, value) for stretch, value in figures if stretch.last_on.year == year]
    measured = sum(stretch.days for stretch, _value in own)
    return PromiseYear(
        year=year,
        promised=_share(promised, (last - first).days + 1, year),
        due=_due(promised, measured, year) if own else 0,
        happened=sum(value for _stretch, value in own) // 100,
        until=max((stretch.last_on for stretch, _value in own), default=None),
        last_on=last,
    )


def _share(promised: int, days: int, year: int) -> int:
    """How much of a year's promise falls to some of its days."""
    return promised * days // (date(year, 12, 31) - date(year - 1, 12, 31)).days


def is_missed(stretch: Stretch, hundredths: int, promised: int | None) -> bool:
    """Whether nothing happened in a stretch for which at least one was promised."""
    return hundredths == 0 and _due(promised or 0, stretch.days, stretch.last_on.year) >= 1


def _due(promised: int, days: int, year: int) -> int:
    """How much of a year's promise should have happened after so many days of it."""
    return min(promised, _share(promised, days + _UNEVEN, year))
