"""The stretches of time for which an indicator is measured, one after the other, and when each is due. Pure.

They go by the calendar, begin with the first day of the indicator, and are cut where a new method begins: no
stretch is measured in two ways. They never overlap, and nothing here adds them up: what was told in spring
cannot be untold in winter, when the sum of a year would give a small number of that spring away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engage.oversight.models import Frequency

DAYS_TO_PUBLISH = {Frequency.MONTH: 30, Frequency.QUARTER: 45, Frequency.YEAR: 90}
"""How many days after a stretch its entry is due at the latest."""

_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}

_DAY = timedelta(days=1)
_MOST = 600
"""Fifty years of months: what was typed as the first day may be wrong by centuries."""


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From one day to another, both included."""

    first_on: date
    last_on: date

    def due_on(self, frequency: Frequency) -> date:
        """The last day on which an entry is in time."""
        return self.last_on + timedelta(days=DAYS_TO_PUBLISH[frequency])

    def has(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first_on <= day <= self.last_on

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_on - self.first_on).days + 1


def stretches(
    starts_on: date,
    frequency: Frequency,
    *,
    until: date,
    ended_on: date | None = None,
    breaks: Collection[date] = (),
) -> list[Stretch]:
    """The stretches that are over before ``until``, the earliest first.

    ``breaks`` are the first days of methods; ``ended_on`` is the last day that is measured.
    """
    found: list[Stretch] = []
    for stretch in _endless(starts_on, frequency, breaks):
        last_on = stretch.last_on if ended_on is None else min(stretch.last_on, ended_on)
        if last_on >= until or last_on < stretch.first_on or len(found) == _MOST:
            break
        found.append(Stretch(stretch.first_on, last_on))
    return found


def _endless(starts_on: date, frequency: Frequency, breaks: Collection[date]) -> Iterator[Stretch]:
    first_on = starts_on
    while first_on.year < date.max.year:
        last_on = _end_of(first_on, frequency)
        cut = min((day for day in breaks if first_on < day <= last_on), default=None)
        yield Stretch(first_on, cut - _DAY if cut else last_on)
        first_on = cut or last_on + _DAY


def _end_of(day: date, frequency: Frequency) -> date:
    """The last day of the month, quarter or year that a day lies in."""
    months = _MONTHS[frequency]
    last_month = (day.month - 1) // months * months + months
    return date(day.year + last_month // 12, last_month % 12 + 1, 1) - _DAY
