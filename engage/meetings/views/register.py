"""Registration: a place, a need, a code to come back with."""

from __future__ import annotations

from datetime import datetime

from engage.meetings.models import Meeting


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    return ""


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    return ""
