"""What a rule of RFC 5545 gives, on the wall clock of a place, in bounded time whatever the rule says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any, Final

from dateutil.rrule import rrulestr
from icalendar import vRecur

MOST: Final = 1500
"""The most occurrences that are taken of one rule."""

_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_BY_THE_CLOCK: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER"})
_SHORTEST: Final = timedelta(microseconds=1)
_EARLIEST: Final = 1970
_LAST: Final = datetime(2399, 1, 1)  # noqa: DTZ001 - on the wall
_CYCLES: Final = 19 * 400
_LONGEST_RULE: Final = 500


class BadRule(ValueError):
    """The rule cannot be followed; the text is a sentence that says why."""


def read_rule(text: str) -> vRecur:
    """A rule, by its parts. Raises BadRule for one that meetings do not come by: more than once a day."""
    if len(text) > _LONGEST_RULE:
        raise BadRule("The rule is too long.")
    try:
        rule: vRecur = vRecur.from_ical(text)
    except ValueError as error:
        raise BadRule(f"The rule “{text[:60]}” cannot be read.") from error
    if _first(rule, "FREQ") not in _FREQUENCIES or _BY_THE_CLOCK & set(rule):
        raise BadRule(f"Meetings come at most once a day, not by the rule “{text[:60]}”.")
    if "BYSETPOS" in rule and _first(rule, "FREQ") == "DAILY":
        raise BadRule(f"No day has several of the rule “{text[:60]}”.")
    return rule


def wall_clock(
    rule: vRecur, starts: datetime, zone: tzinfo, last: datetime, *, first: datetime | None = None
) -> Iterator[datetime]:
    """The starts that a rule gives from ``starts`` on, naive as the clocks of the place show them.

    Those before ``first`` are counted and not told; after ``last`` nothing is asked for. At most MOST are
    told, however long the rule goes on. All times are naive too.
    """
    if starts.year < _EARLIEST:
        raise BadRule(f"The rule begins before {_EARLIEST}.")
    parts = dict(rule)
    count = parts.pop("COUNT", None)
    until = parts.pop("UNTIL", None)
    end = min(last, _on_the_wall(until[0], zone), _LAST) if until else min(last, _LAST)
    if end < starts:
        return
    parts["UNTIL"] = [_later(end)]
    try:
        text = vRecur(parts).to_ical().decode()  # type: ignore[no-untyped-call]
        found = islice(rrulestr(text, dtstart=_later(starts)), int(count[0]) if count else None)
        told = (one.replace(year=one.year - _CYCLES) for one in found)
        yield from islice((one for one in told if first is None or one >= first), MOST)
    except (ValueError, OverflowError, TypeError) as error:
        raise BadRule(f"The rule “{text[:60]}” cannot be followed.") from error


def _later(local: datetime) -> datetime:
    """The same day thousands of years later.

    The library follows a rule that never comes true, such as every February 30, until the year 9999. The
    calendar comes again every 400 years, weekdays too, so that there it has not far to go.
    """
    return local.replace(year=local.year + _CYCLES)


def instants(rule: vRecur, starts_at: datetime, zone: tzinfo, last: datetime) -> Iterator[datetime]:
    """The same as instants in UTC: 18:00 stays 18:00 across a change of the clocks."""
    first, end = (value.astimezone(zone).replace(tzinfo=None) for value in (starts_at, last))
    for local in wall_clock(rule, first, zone, end):
        yield local.replace(tzinfo=zone).astimezone(UTC)


def in_utc(rule: vRecur, zone: tzinfo) -> vRecur:
    """The rule with its UNTIL in UTC, as it must be beside a start with a time zone."""
    until = rule.get("UNTIL")
    if not until:
        return rule
    local = _on_the_wall(until[0], zone).replace(tzinfo=zone)
    return vRecur(dict(rule) | {"UNTIL": [local.astimezone(UTC)]})


def _on_the_wall(until: date, zone: tzinfo) -> datetime:
    """The last moment of a rule as the clocks show it; a day alone lasts to its end."""
    if not isinstance(until, datetime):
        return datetime(until.year, until.month, until.day) + timedelta(days=1) - _SHORTEST  # noqa: DTZ001
    return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until


def _first(rule: vRecur, name: str) -> Any:
    values = rule.get(name) or [None]
    return str(values[0]).upper()
