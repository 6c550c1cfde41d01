"""Days and hours as tables and other systems write them, in English and Spanish."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from engage.exchange.meetings.records import YEARS, instant
from engage.exchange.values import BadRecord, day

_HOUR: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h ]?(?P<minute>\d\d))?(?::\d\d(?:\.\d+)?)?\s*"
    r"(?:(?P<half>[ap])\.?\s?m\.?|h(?:rs?)?\.?)?",
    re.IGNORECASE | re.ASCII,
)
_WORDS: Final = {"noon": time(12), "mediodia": time(12), "midday": time(12), "midnight": time(0)}
_NOON: Final = 12
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*", re.ASCII)
_DAY_THEN_HOUR: Final = re.compile(r"(?P<day>\S+?)[T,\s]+(?P<hour>\d.*)", re.ASCII)


def hour(value: str) -> time | None:
    """An hour such as 6:00 PM, 18:00 or noon; None where there is nothing. Raises BadRecord."""
    text = value.strip().lower()
    if not text:
        return None
    if text in _WORDS:
        return _WORDS[text]
    found = _HOUR.fullmatch(text)
    if found is None:
        raise BadRecord(f"The time “{value.strip()[:40]}” is not one; write 18:00 or 6:00 PM.")
    hours, minutes = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        hours = hours % _NOON + (_NOON if found["half"] == "p" else 0)
    try:
        return time(hours, minutes)
    except ValueError as error:
        raise BadRecord(f"The time “{value.strip()[:40]}” is not on the clock.") from error


def moment(value: str, zone: ZoneInfo, *, day_first: bool = False) -> tuple[datetime, bool] | None:
    """An instant of a day with its hour, and whether the hour is told; None where there is nothing.

    A time with an offset is that instant; without one it is on the clocks of ``zone``. Raises BadRecord.
    """
    text = value.strip()
    if not text:
        return None
    if _ISO.fullmatch(text):
        return _iso(text, zone), True
    parts = _DAY_THEN_HOUR.fullmatch(text)
    on = day(parts["day"] if parts else text, "date", day_first=day_first)
    if on is None:
        return None
    at = hour(parts["hour"]) if parts else None
    return instant(datetime.combine(on, at or time()), zone), at is not None


def _iso(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRecord(f"The time “{text[:40]}” is not in the calendar ({error}).") from error
    if found.tzinfo is None:
        return instant(found, zone)
    if found.year not in YEARS:
        raise BadRecord(f"The year {found.year} is too far from today.")
    return found.astimezone(UTC)
