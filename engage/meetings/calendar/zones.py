"""VTIMEZONE of a place, made of the time zones that Python knows.

icalendar's own Timezone.from_tzid (7.3) gives the changes to summer time by the clock that is reached, not by
the one that is left as RFC 5545 3.6.5 wants it, so that they come an hour late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_ALWAYS = datetime(1970, 1, 1)  # noqa: DTZ001 - a time on the wall
_MINUTE = timedelta(minutes=1)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Change:
    """The clocks change at ``at``, told by the clock that is left."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


@lru_cache(maxsize=64)
def zone_of(name: str, first_year: int, last_year: int) -> Timezone:
    """The component of a zone, right from the first to the last year. It is shared: do not change it."""
    zone = ZoneInfo(name)
    changes = _changes(zone, first_year - 1, last_year + 1)
    component = Timezone()
    component.add("tzid", name)
    start = datetime(first_year - 1, 1, 1, tzinfo=zone)
    if not changes or len({change.at.year for change in changes}) < last_year - first_year + 3:
        component.add_component(_observance([_constant(start)], last_year + 1))
    changes.sort(key=_kind)
    for _same, group in groupby(changes, key=_kind):
        component.add_component(_observance(list(group), last_year + 1))
    return component


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> list[_Change]:
    """Every change of the clocks in these years, found by halving the day on which it falls."""
    at = datetime(first_year, 1, 1, tzinfo=UTC)
    found = []
    while at.year <= last_year:
        following = at + timedelta(days=1)
        if at.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            found.append(_change(zone, at, following))
        at = following
    return found


def _change(zone: ZoneInfo, early: datetime, late: datetime) -> _Change:
    before = early.astimezone(zone).utcoffset() or timedelta()
    while late - early > _MINUTE:
        middle = early + (late - early) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    local = late.astimezone(zone)
    return _Change(
        at=(late + before).replace(tzinfo=None),
        before=before,
        after=local.utcoffset() or timedelta(),
        name=local.tzname() or "",
        is_summer=bool(local.dst()),
    )


def _constant(start: datetime) -> _Change:
    offset = start.utcoffset() or timedelta()
    return _Change(_ALWAYS, offset, offset, start.tzname() or "", bool(start.dst()))


def _kind(change: _Change) -> tuple[timedelta, timedelta, str]:
    return change.before, change.after, change.name


def _observance(changes: Sequence[_Change], last_year: int) -> TimezoneStandard | TimezoneDaylight:
    """One observance; as a yearly rule where there is one, because some calendars know nothing else."""
    first = changes[0]
    component = TimezoneDaylight() if first.is_summer else TimezoneStandard()
    component.add("dtstart", first.at)
    component.add("tzoffsetfrom", first.before)
    component.add("tzoffsetto", first.after)
    component.add("tzname", first.name)
    day = _day_of_rule(changes, last_year)
    if day:
        component.add("rrule", {"FREQ": "YEARLY", "BYMONTH": first.at.month, "BYDAY": day})
    else:
        for change in changes[1:]:
            component.add("rdate", [change.at])
    return component


def _day_of_rule(changes: Sequence[_Change], last_year: int) -> str | None:
    """Such as 2SU, where every year from the first to the last has its change on such a day, at one time."""
    first = changes[0].at
    years = [change.at.year for change in changes]
    alike = {(change.at.month, change.at.weekday(), change.at.time()) for change in changes}
    if len(changes) < 2 or len(alike) > 1 or years != list(range(years[0], last_year + 1)):
        return None
    counted = {(change.at.day - 1) // 7 + 1 for change in changes}
    if len(counted) == 1:
        return f"{counted.pop()}{_DAYS[first.weekday()]}"
    is_last = all((change.at + timedelta(days=7)).month != change.at.month for change in changes)
    return f"-1{_DAYS[first.weekday()]}" if is_last else None
