"""Days that were promised: pure functions of days, so that nothing is overdue because a job said so."""

from __future__ import annotations

from datetime import date, timedelta

SOON = timedelta(days=7)
"""So long before a promised day staff are reminded of it."""


def days_overdue(due_on: date | None, today: date) -> int:
    """How many days ago the promised day ended; 0 on the day itself, before it, and where none is."""
    return 0 if due_on is None else max(0, (today - due_on).days)


def is_due_soon(due_on: date | None, today: date) -> bool:
    """Whether the promised day is today or within SOON."""
    return due_on is not None and today <= due_on <= today + SOON


def first_promised(first: date | None, due_on: date | None) -> date | None:
    """The day to remember as promised first: a promise that is moved earlier is a new first one."""
    return min((day for day in (first, due_on) if day is not None), default=None)
