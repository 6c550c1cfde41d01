"""When a digest goes out: at seven in the morning of the place, every day or on Monday."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engage.follows.models import Frequency

DIGEST_HOUR = 7


def digest_day(now: datetime, zone: ZoneInfo) -> date:
    """The day whose digests are due: yesterday's until seven o'clock."""
    local = now.astimezone(zone)
    return local.date() if local.hour >= DIGEST_HOUR else local.date() - timedelta(days=1)


def due_day(frequency: Frequency, now: datetime, zone: ZoneInfo) -> date:
    """The day of the digest that tells of something that is found now."""
    last = digest_day(now, zone)
    if frequency is Frequency.REAL_TIME:
        return last
    if frequency is Frequency.DAILY:
        return last + timedelta(days=1)
    return last + timedelta(days=7 - last.weekday())
