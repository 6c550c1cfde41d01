"""Registration: a place, a need, a code to come back with."""

from __future__ import annotations

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import queries, words
from engage.meetings.models import Meeting
from engage.meetings.views import speakers
from engage.meetings.views.blueprint import bp


@bp.get("/meetings/attending/<code>")
@public
def attending(code: str) -> ResponseReturnValue:
    """What one person has to do with a meeting: only who holds the code sees it."""
    now = utcnow()
    attendee = queries.get_attendee(db.session, code, now)
    wishes = Markup(speakers.attendee_section(attendee, code, now))  # noqa: S704 - rendered by a template
    return render_template(
        "meetings/attending.html", attendee=attendee, code=code, wishes=wishes, now=now, words=words
    )


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    return ""


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    return ""
