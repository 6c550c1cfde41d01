"""The only reader of the clock, so that a test can set it; and the clocks on the walls of places."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engage.errors import RuleBroken


class NoSuchTime(RuleBroken):
    """No clock in this place ever shows this time: it is skipped when summer time begins."""


def utcnow() -> datetime:
    """The present instant, timezone-aware, in UTC."""
    return datetime.now(UTC)


def from_wall_clock(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a clock in a place shows ``local`` (naive).

    The later one where the clocks show it twice, so that a deadline is never earlier than somebody may
    think. Raises NoSuchTime where they never show it.
    """
    instant = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local:
        raise NoSuchTime(f"No clock in {zone.key} shows {local:%Y-%m-%d %H:%M}: clocks are set forward then.")
    return instant


def to_wall_clock(instant: datetime, zone: ZoneInfo) -> datetime:
    """What a clock in a place shows at an instant, naive."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)
