"""What was promised a year beside what happened, such as public meetings. Pure.

Only the stretches that were published count, on both sides: what is not published is told as overdue, and is
neither a meeting that was held nor one that was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engage.oversight.stretches import CALENDAR, Stretch, whole_year, year_of, years

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
    """One year of a promise, by the calendar or a fiscal one: ``promised`` for the whole of it, or for those
    of its days on which the indicator is measured, rounded down; ``due`` of them should have happened until
    ``until``.

    ``until`` is the last day with a figure, ``last_on`` the last one that is measured; ``whole`` is the whole
    year.
    """

    year: int
    promised: int
    due: int
    happened: int
    until: date | None
    last_on: date
    whole: Stretch

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
    first_months: Mapping[date, int] = CALENDAR,
) -> list[PromiseYear]:
    """Every year from the start to ``today``, the last first. ``figures`` are hundredths by stretch;
    ``first_months`` as in stretches.
    """
    known = list(figures)
    last_day = today if ended_on is None else min(today, ended_on)
    every = years(starts_on, last_day, ended_on=ended_on, first_months=first_months)
    found = [
        _year(
            year,
            whole_year(year.first_on, first_months),
            year_of(year.first_on, first_months),
            known,
            promised,
        )
        for year in every
    ]
    return found[::-1]


def _year(
    measured: Stretch, whole: Stretch, year: int, figures: list[tuple[Stretch, int]], promised: int
) -> PromiseYear:
    own = [(stretch, value) for stretch, value in figures if measured.has(stretch.last_on)]
    days = sum(stretch.days for stretch, _value in own)
    return PromiseYear(
        year=year,
        promised=_share(promised, measured.days, whole.days),
        due=_due(promised, days, whole.days) if own else 0,
        happened=sum(value for _stretch, value in own) // 100,
        until=max((stretch.last_on for stretch, _value in own), default=None),
        last_on=measured.last_on,
        whole=whole,
    )


def _share(promised: int, days: int, days_of_year: int) -> int:
    """How much of a year's promise falls to some of its days."""
    return promised * days // days_of_year


def is_missed(stretch: Stretch, hundredths: int, promised: int | None) -> bool:
    """Whether nothing happened in a stretch for which at least one was promised."""
    return hundredths == 0 and _due(promised or 0, stretch.days, whole_year(stretch.last_on).days) >= 1


def _due(promised: int, days: int, days_of_year: int) -> int:
    """How much of a year's promise should have happened after so many days of it."""
    return min(promised, _share(promised, days + _UNEVEN, days_of_year))
