"""The rule of a series: RFC 5545's RRULE, made of what people choose, and expanded on the clocks of a place.

A meeting at 18:00 is at 18:00 on either side of a change of the clocks. Where no clock in the place shows the
time on a day, because summer time begins, the meeting is as much later as the clocks are set forward; where
they show it twice, it is the first time. RFC 5545 (3.3.5, 3.3.10) has it so, and every calendar does it. A
month without the day, or without a fifth weekday, has no meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from engage.meetings.calendar.rules import read_rule, wall_clock

LONGEST = relativedelta(years=3)
"""From the first meeting of a series to its last."""

MOST_MEETINGS = 160
"""Of one series: one a week for three years."""

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FAR = timedelta(days=366 * 20)
"""Beyond this no rule is followed."""


class Frequency(StrEnum):
    """How often a series comes again; the rest of the rule is in the day of its first meeting."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_LAST = "monthly_last"
    MONTHLY_DAY = "monthly_day"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a series comes again. Exactly one of ``count`` and ``until``, its last day, is there."""

    frequency: Frequency
    count: int | None = None
    until: date | None = None

    def rule(self, first: datetime, zone: ZoneInfo) -> str:
        """The RRULE for a series whose first meeting is at ``first`` (naive, by the place's clocks)."""
        weekday, number = _DAYS[first.weekday()], week_of_month(first.date())
        begins = {
            Frequency.WEEKLY: f"FREQ=WEEKLY;BYDAY={weekday}",
            Frequency.BIWEEKLY: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
            Frequency.MONTHLY_WEEKDAY: f"FREQ=MONTHLY;BYDAY={number}{weekday}",
            Frequency.MONTHLY_LAST: f"FREQ=MONTHLY;BYDAY=-1{weekday}",
            Frequency.MONTHLY_DAY: f"FREQ=MONTHLY;BYMONTHDAY={first.day}",
        }[self.frequency]
        if self.until is None:
            return f"{begins};COUNT={self.count}"
        # In UTC, as RFC 5545 wants it where the start has a time zone.
        last = instant_of(datetime.combine(self.until, time(23, 59, 59)), zone)
        return f"{begins};UNTIL={last:%Y%m%dT%H%M%SZ}"


def occurrences(rule: str, first: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants, in UTC, that a rule gives, one more than MOST_MEETINGS at most. ``first`` is naive."""
    given = wall_clock(read_rule(rule), first, zone, first + _FAR)
    return [instant_of(local, zone) for local in islice(given, MOST_MEETINGS + 1)]


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of an occurrence at a time (naive) of the place: see the top of this file."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def week_of_month(day: date) -> int:
    """The how-manieth of its weekday in its month a day is, from 1."""
    return (day.day - 1) // 7 + 1


def is_last_of_month(day: date) -> bool:
    """Whether no later day of the month is the same weekday."""
    return (day + timedelta(days=7)).month != day.month
