"""When a digest goes out: at seven in the morning of the place, every day or on Monday."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from engage.clock import from_wall_clock
from engage.follows.models import Frequency

DIGEST_HOUR = 7


def digest_day(now: datetime, zone: ZoneInfo) -> date:
    """The day whose digests are due: yesterday's until seven o'clock."""
    local = now.astimezone(zone)
    return local.date() if local.hour >= DIGEST_HOUR else local.date() - timedelta(days=1)


def due_day(frequency: Frequency, now: datetime, zone: ZoneInfo, needed_by: datetime | None = None) -> date:
    """The day of the digest that tells of what is found now; at once where the next one comes too late."""
    last = digest_day(now, zone)
    if frequency is Frequency.REAL_TIME:
        return last
    due = last + timedelta(days=1 if frequency is Frequency.DAILY else 7 - last.weekday())
    is_too_late = needed_by is not None and needed_by <= _goes_out(due, zone)
    return last if is_too_late else due


def _goes_out(day: date, zone: ZoneInfo) -> datetime:
    return from_wall_clock(datetime.combine(day, time(DIGEST_HOUR)), zone)
