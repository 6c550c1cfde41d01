"""Series of meetings: made from one meeting, with exceptions, and shown to residents all at once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound, RuleBroken
from engage.meetings import queries, staff_queries, words
from engage.meetings.access import CLERKS, HOSTS, may_publish
from engage.meetings.forms_series import SeriesForm
from engage.meetings.models import Meeting, MeetingSeries
from engage.meetings.service import series as service
from engage.meetings.views.blueprint import bp

_MOST_OFFERED = 300
_MOST_SHOWN = 6


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    if meeting.series_id is None:
        return ""
    others = queries.public_meetings(now).where(
        Meeting.series_id == meeting.series_id, Meeting.id != meeting.id, Meeting.starts_at > now
    )
    found = db.session.scalars(others.order_by(Meeting.starts_at).limit(_MOST_SHOWN)).all()
    if not found:
        return ""
    return render_template("meetings/_series.html", meetings=found, now=now, words=words)


def staff_section(meeting: Meeting, _now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    return render_template("meetings/_staff_series.html", meeting=meeting)


@bp.get("/staff/series")
@requires(*HOSTS)
def series_list() -> ResponseReturnValue:
    """The series that this person may work on."""
    wanted = queries.staff_series(editor()).order_by(MeetingSeries.starts_at.desc(), MeetingSeries.id)
    return render_template("meetings/series_list.html", all_series=db.session.scalars(wanted).all())


@bp.route("/staff/new-series", methods=["GET", "POST"])
@requires(*HOSTS)
def new_series() -> ResponseReturnValue:
    """Make a series: its dates are shown first, then it is saved."""
    wanted = queries.staff_meetings(editor()).order_by(*staff_queries.nearest_first(utcnow()))
    meetings = db.session.scalars(wanted.limit(_MOST_OFFERED)).all()
    form = SeriesForm(meetings, _template())
    starts: list[datetime] = []
    if form.validate_on_submit():
        try:
            starts = form.draft.starts
            signature = _signature(form.draft)
            if form.seen.data == signature:
                series = service.create_series(db.session, form.draft, now=utcnow())
                flash(_("The series is saved. Residents do not see its meetings yet."), "success")
                return redirect(url_for("meetings.staff_series", slug=series.slug), 303)
            form.seen.data = signature
        except service.BadRecurrence as error:
            form.until.errors = [str(error)]
        except service.SlugTaken as error:
            form.slug.errors = [str(error)]
    zone = form.draft.template.zone if starts else None
    page = render_template(
        "meetings/new_series.html", form=form, starts=starts, zone=zone, has_meetings=bool(meetings)
    )
    return page, form.status


@bp.get("/staff/series/<slug>")
@requires(*HOSTS)
def staff_series(slug: str) -> ResponseReturnValue:
    """A series and its dates, with those that were left out."""
    series, now = queries.get_series(db.session, slug, editor()), utcnow()
    return render_template(
        "meetings/staff_series.html",
        series=series,
        left_out=[datetime.fromisoformat(start) for start in series.left_out],
        waiting=service.waiting(series, now),
        mark=service.mark_of(service.waiting(series, now)),
        incomplete=service.incomplete(series, now),
        can_publish=may_publish(editor()),
        now=now,
        words=words,
    )


@bp.post("/staff/series/<slug>/leave-out")
@requires(*HOSTS)
def leave_out_date(slug: str) -> ResponseReturnValue:
    """Take a date out that residents have not seen."""
    series = queries.get_series(db.session, slug, editor())
    wanted = request.form.get("meeting", "")
    meeting = next((one for one in series.meetings if one.slug == wanted), None)
    if meeting is None:
        raise NotFound(_("There is no such meeting."))
    try:
        service.leave_out(db.session, series, meeting, now=utcnow())
    except service.AlreadySeen as error:
        return _back(series, str(error), "error")
    return _back(series, _("The date is left out."))


@bp.post("/staff/series/<slug>/put-in")
@requires(*HOSTS)
def put_in_date(slug: str) -> ResponseReturnValue:
    """Put a date in again that was left out."""
    series = queries.get_series(db.session, slug, editor())
    start = _instant(request.form.get("start", ""))
    try:
        meeting = start and service.put_in_again(db.session, series, start, now=utcnow())
    except service.SlugTaken as error:
        return _back(series, str(error), "error")
    if not meeting:
        return _back(series, _("This date is not left out, or no meeting is there to be like."), "error")
    return _back(series, _("The date is in the series again."))


@bp.post("/staff/series/<slug>/submit")
@requires(*HOSTS)
def submit_series(slug: str) -> ResponseReturnValue:
    """Hand all drafts of a series that are still to come to the clerks."""
    series = queries.get_series(db.session, slug, editor())
    handed = service.submit_series(db.session, series, now=utcnow())
    said = ngettext("The clerks have %(num)d draft now.", "The clerks have %(num)d drafts now.", len(handed))
    return _back(series, said)


@bp.post("/staff/series/<slug>/publish")
@requires(*CLERKS)
def publish_series(slug: str) -> ResponseReturnValue:
    """Show residents all drafts of a series that are still to come."""
    series = queries.get_series(db.session, slug, editor())
    try:
        shown = service.publish_series(
            db.session, series, actor=editor(), now=utcnow(), seen=request.form.get("seen")
        )
    except service.SeriesIncomplete:
        # The page says what each date lacks: of three years that is more than the cookie of a message holds.
        return _back(series, _("Nothing is published yet: see below what residents would miss."), "error")
    except RuleBroken as error:
        return _back(series, str(error), "error")
    said = ngettext(
        "Residents can see %(num)d meeting more.", "Residents can see %(num)d meetings more.", len(shown)
    )
    return _back(series, said)


def _template() -> Meeting | None:
    wanted = request.args.get("meeting", "")
    try:
        return queries.get_meeting(db.session, wanted, editor()) if wanted else None
    except NotFound:
        return None


def _signature(draft: service.SeriesDraft) -> str:
    """Of what the dates depend on: who saves has seen just these."""
    said = "\n".join([draft.template.slug, draft.rule, *(start.isoformat() for start in draft.starts)])
    return hashlib.sha256(said.encode()).hexdigest()


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None


def _back(series: MeetingSeries, message: str, kind: str = "success") -> ResponseReturnValue:
    flash(message, kind)
    return redirect(url_for("meetings.staff_series", slug=series.slug), 303)
