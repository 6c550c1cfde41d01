"""What everybody sees of meetings: the list, and each one."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import queries, words
from engage.meetings.models import Meeting
from engage.meetings.views import after, agenda, calendars, notice, register, speakers, written
from engage.meetings.views.blueprint import bp

SECTIONS = (register, speakers, written, agenda, after, calendars, notice)
"""The parts of a meeting's page below its facts, in this order."""


@bp.get("/meetings")
@public
def meeting_list() -> ResponseReturnValue:
    """The meetings that are to come, and those that were."""
    now = utcnow()
    meetings = db.session.scalars(queries.public_meetings(now).order_by(Meeting.starts_at)).all()
    return render_template("meetings/meeting_list.html", meetings=meetings, now=now, words=words)


@bp.get("/meetings/<slug>")
@public
def meeting(slug: str) -> ResponseReturnValue:
    """One meeting: when, where, how to take part, and what became of it."""
    now = utcnow()
    found = queries.get_public_meeting(db.session, slug, now)
    # Each section renders a template, whose output is escaped already.
    sections = [Markup(part.section(found, now)) for part in SECTIONS]  # noqa: S704
    return render_template("meetings/meeting.html", meeting=found, sections=sections, now=now, words=words)
