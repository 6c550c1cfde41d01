"""The only reader of the clock, so that a test can set it."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present instant, timezone-aware, in UTC."""
    return datetime.now(UTC)
