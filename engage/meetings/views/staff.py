"""Where hosts draft meetings and clerks publish and change them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import queries, words
from engage.meetings.access import HOSTS, may_publish
from engage.meetings.models import Meeting
from engage.meetings.views import after, agenda, notice, register, speakers, written
from engage.meetings.views.blueprint import bp
from engage.meetings.views.editor import editor

SECTIONS = (agenda, notice, register, speakers, written, after)
"""The parts of a meeting's staff page below its facts, in this order."""


@bp.get("/staff/meetings")
@requires(*HOSTS)
def staff_meetings() -> ResponseReturnValue:
    """The meetings that this person may work on, drafts too."""
    wanted = queries.staff_meetings(editor()).order_by(Meeting.starts_at.desc(), Meeting.id)
    meetings = db.session.scalars(wanted).all()
    return render_template("meetings/staff_meetings.html", meetings=meetings, now=utcnow(), words=words)


@bp.get("/staff/meetings/<slug>")
@requires(*HOSTS)
def staff_meeting(slug: str) -> ResponseReturnValue:
    """One meeting and all that can be done with it."""
    now = utcnow()
    found = queries.get_meeting(db.session, slug, editor())
    # Each section renders a template, whose output is escaped already.
    sections = [Markup(part.staff_section(found, now)) for part in SECTIONS]  # noqa: S704
    return render_template(
        "meetings/staff_meeting.html",
        meeting=found,
        sections=sections,
        can_publish=may_publish(editor()),
        now=now,
        words=words,
    )
