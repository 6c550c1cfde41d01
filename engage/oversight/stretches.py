"""The stretches of time for which an indicator is measured, one after the other, and when each is due. Pure.

They go by the calendar, or by a fiscal year that begins in another month, begin with the first day of the
indicator, and are cut where a new method begins: no stretch is measured in two ways. They never overlap, and
nothing here adds them up: what was told in spring cannot be untold in winter, when the sum of a year would
give a small number of that spring away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from engage.oversight.models import Frequency

DAYS_TO_PUBLISH = {Frequency.MONTH: 30, Frequency.QUARTER: 45, Frequency.YEAR: 90}
"""How many days after a stretch its entry is due at the latest."""

_MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}

_UNEVEN = 3
"""February has three days fewer than January; quarters and years differ by less."""

CALENDAR: Mapping[date, int] = {}
"""Years that begin in January."""

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

    def is_like(self, later: Stretch) -> bool:
        """Whether a later one follows at once and is as long, but for the days by which months differ."""
        return self.last_on + _DAY == later.first_on and abs(self.days - later.days) <= _UNEVEN

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
    first_months: Mapping[date, int] = CALENDAR,
) -> list[Stretch]:
    """The stretches that are over before ``until``, the earliest first.

    ``breaks`` are the first days of methods; ``ended_on`` is the last day that is measured; ``first_months``
    are the months in which years begin, each from a day on.
    """
    found: list[Stretch] = []
    for stretch in _endless(starts_on, frequency, breaks, first_months):
        last_on = stretch.last_on if ended_on is None else min(stretch.last_on, ended_on)
        if last_on >= until or last_on < stretch.first_on or len(found) == _MOST:
            break
        found.append(Stretch(stretch.first_on, last_on))
    return found


def years(
    starts_on: date, last_day: date, *, ended_on: date | None, first_months: Mapping[date, int]
) -> Iterator[Stretch]:
    """The years of an indicator that have begun by a day, also those that are not over: cut where the month
    in which years begin changes, and at the first and the last day that is measured.
    """
    breaks = [day for day in first_months if first_month_on(day - _DAY, first_months) != first_months[day]]
    for stretch in _endless(starts_on, Frequency.YEAR, breaks, first_months):
        if stretch.first_on > last_day:
            return
        last_on = stretch.last_on if ended_on is None else min(stretch.last_on, ended_on)
        yield Stretch(stretch.first_on, last_on)


def first_month_on(day: date, first_months: Mapping[date, int]) -> int:
    """The month in which the year of a day begins."""
    begun = [since for since in first_months if since <= day]
    if begun:
        return first_months[max(begun)]
    return first_months[min(first_months)] if first_months else 1


def year_of(day: date, first_months: Mapping[date, int] = CALENDAR) -> int:
    """The year of a day: a fiscal year is called by the one in which it ends."""
    month = first_month_on(day, first_months)
    return day.year + int(1 < month <= day.month)


def whole_year(day: date, first_months: Mapping[date, int] = CALENDAR) -> Stretch:
    """The whole year that a day lies in."""
    month, year = first_month_on(day, first_months), year_of(day, first_months)
    first_on = date(year - int(month > 1), month, 1)
    return Stretch(first_on, _end_of(first_on, Frequency.YEAR, month))


def _endless(
    starts_on: date, frequency: Frequency, breaks: Collection[date], first_months: Mapping[date, int]
) -> Iterator[Stretch]:
    first_on = starts_on
    while first_on.year < date.max.year - 1:
        last_on = _end_of(first_on, frequency, first_month_on(first_on, first_months))
        cut = min((day for day in breaks if first_on < day <= last_on), default=None)
        yield Stretch(first_on, cut - _DAY if cut else last_on)
        first_on = cut or last_on + _DAY


def _end_of(day: date, frequency: Frequency, first_month: int) -> date:
    """The last day of the month, quarter or year that a day lies in, of years that begin in a month."""
    months = _MONTHS[frequency]
    before = (day.month - first_month) % 12
    after = day.month - 1 - before + before // months * months + months
    return date(day.year + after // 12, after % 12 + 1, 1) - _DAY
