"""Sign up to speak."""

from __future__ import annotations

from datetime import datetime

from engage.meetings.models import Attendee, Meeting


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    return ""


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    return ""


def attendee_section(attendee: Attendee, code: str, now: datetime) -> str:
    """This part of one person's own page, as HTML; ``code`` is theirs."""
    return ""
