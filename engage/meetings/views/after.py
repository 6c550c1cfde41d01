"""Recordings, attendance, and what was decided; the minutes have pages of their own."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.comments import file_words
from engage.db.session import db
from engage.meetings import papers, queries, said, words
from engage.meetings.access import HOSTS
from engage.meetings.forms_after import AttendanceForm, DecisionsForm, LinkForm, decisions_form
from engage.meetings.models import Meeting, MeetingFile
from engage.meetings.service import after as service
from engage.meetings.views.blueprint import bp
from engage.web.forms import Form


@bp.get("/staff/meetings/<slug>/record")
@requires(*HOSTS)
def staff_record(slug: str) -> ResponseReturnValue:
    """Attendance, decisions and links of one meeting, to be written down."""
    return _page(queries.get_meeting(db.session, slug, editor()))


@bp.post("/staff/meetings/<slug>/attendance")
@requires(*HOSTS)
def count_attendance(slug: str) -> ResponseReturnValue:
    """Write down how many came."""
    meeting = queries.get_meeting(db.session, slug, editor())
    form = AttendanceForm(meeting)
    if not form.validate():
        return _page(meeting, attendance=form)
    service.count_attendance(
        db.session, meeting, in_person=form.in_person.data, remote=form.remote.data, now=utcnow()
    )
    return _saved(meeting)


@bp.post("/staff/meetings/<slug>/decisions")
@requires(*HOSTS)
def write_decisions(slug: str) -> ResponseReturnValue:
    """Write down what was decided on each item."""
    meeting = queries.get_meeting(db.session, slug, editor())
    form = decisions_form(meeting)
    if not form.validate():
        return _page(meeting, decisions=form)
    service.write_decisions(db.session, meeting, form.decisions, utcnow())
    return _saved(meeting)


@bp.post("/staff/meetings/<slug>/links")
@requires(*HOSTS)
def add_link(slug: str) -> ResponseReturnValue:
    """Link a recording or a transcript."""
    meeting = queries.get_meeting(db.session, slug, editor())
    form = LinkForm()
    if not form.validate():
        return _page(meeting, link=form)
    service.add_link(
        db.session,
        meeting,
        kind=form.chosen_kind,
        title=form.localised("title"),
        url=form.url.data or "",
        now=utcnow(),
    )
    return _saved(meeting)


@bp.post("/staff/meetings/<slug>/links/<int:file_id>/remove")
@requires(*HOSTS)
def remove_link(slug: str, file_id: int) -> ResponseReturnValue:
    """Take such a link away."""
    meeting = queries.get_meeting(db.session, slug, editor())
    service.remove_link(db.session, meeting, file_id, utcnow())
    return _saved(meeting)


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML. Before the meeting has begun, or where it never did, it
    holds documents alone, and is empty without one."""
    has_begun = service.has_begun(meeting, now)
    files = [file for file in papers.public_files(meeting, now) if file.kind in papers.AFTERWARDS]
    if not (has_begun or files):
        return ""
    by_item = said.said_by_item(db.session, meeting, now)
    return render_template(
        "meetings/_after.html",
        meeting=meeting,
        has_begun=has_begun,
        minutes=service.published_minutes(meeting),
        files=files,
        total=sum(by_item.values(), said.Said()),
        by_item=by_item,
        words=words,
        file_words=file_words,
        kind_of=papers.kind_of,
    )


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty before the meeting has begun."""
    if not service.has_begun(meeting, now):
        return ""
    return render_template(
        "meetings/_staff_after.html", meeting=meeting, minutes=service.published_minutes(meeting)
    )


def _links(meeting: Meeting, now: datetime) -> list[MeetingFile]:
    return [
        file for file in meeting.files if file.kind in service.LINKED and file.url and file.posted_at <= now
    ]


def _page(
    meeting: Meeting,
    *,
    attendance: AttendanceForm | None = None,
    decisions: DecisionsForm | None = None,
    link: LinkForm | None = None,
) -> ResponseReturnValue:
    """The page with its three forms; the one that was sent comes with what is wrong in it."""
    now = utcnow()
    sent: Form | None = attendance or decisions or link
    page = render_template(
        "meetings/staff_record.html",
        meeting=meeting,
        has_begun=service.has_begun(meeting, now),
        sent=sent,
        attendance=attendance or AttendanceForm(meeting),
        decisions=decisions or decisions_form(meeting),
        link=link or LinkForm(),
        links=_links(meeting, now),
        checked_in=said.count_checked_in(db.session, meeting),
        words=words,
    )
    return page, sent.status if sent else 200


def _saved(meeting: Meeting) -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for("meetings.staff_record", slug=meeting.slug), 303)
