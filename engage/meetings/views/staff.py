"""Where hosts draft meetings and hand them over, and clerks publish them."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from engage.accounts.access import editor, requires, signed_in_user
from engage.accounts.models import User
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotAllowed, RuleBroken
from engage.meetings import queries, service, staff_queries, words
from engage.meetings.access import CLERKS, HOSTS, may_publish, may_write
from engage.meetings.forms import MeetingForm
from engage.meetings.models import Meeting
from engage.meetings.staff_queries import Shown
from engage.meetings.views import after, agenda, notice, register, series, speakers, written
from engage.meetings.views.blueprint import bp
from engage.web.paging import page_number, paginate

SECTIONS = (agenda, series, notice, register, speakers, written, after)
"""The parts of a meeting's staff page below its facts, in this order."""

_MOST_WAITING = 10


def back_to(meeting: Meeting, message: str) -> ResponseReturnValue:
    """Back to the meeting's staff page, with what was done."""
    flash(message, "success")
    return redirect(url_for("meetings.staff_meeting", slug=meeting.slug), 303)


@bp.get("/staff/meetings")
@requires(*HOSTS)
def staff_meetings() -> ResponseReturnValue:
    """The meetings that this person may work on; for a clerk those first that wait to be published."""
    user, now = editor(), utcnow()
    try:
        shown = Shown(request.args.get("show", ""))
    except ValueError:
        shown = Shown.EVERYTHING
    waiting = staff_queries.listed(user, Shown.WAITING, now).limit(_MOST_WAITING)
    is_clerk = may_publish(user)
    return render_template(
        "meetings/staff_meetings.html",
        page=paginate(db.session, staff_queries.listed(user, shown, now), number=page_number()),
        shown=shown,
        is_clerk=is_clerk,
        waiting=db.session.scalars(waiting).all() if is_clerk else [],
        count_waiting=staff_queries.count_waiting(db.session) if is_clerk else 0,
        now=now,
        words=words,
    )


def on_staff_home() -> str:
    """What waits: for clerks drafts and agendas, for each host too what people have asked for."""
    user, now = signed_in_user(), utcnow()
    if user is None or not user.has_any_role(*HOSTS):
        return ""
    is_clerk = may_publish(user)
    return render_template(
        "meetings/_on_staff_home.html",
        count=staff_queries.count_waiting(db.session) if is_clerk else 0,
        all_series=staff_queries.waiting_series(db.session) if is_clerk else [],
        unposted=staff_queries.unposted_agendas(db.session, now) if is_clerk else [],
        needs=staff_queries.open_needs(db.session, user, now),
        most=_MOST_WAITING,
    )


@bp.route("/staff/new-meeting", methods=["GET", "POST"])
@requires(*HOSTS)
def new_meeting() -> ResponseReturnValue:
    """Begin a meeting that only staff see. A host's draft is the host's, whatever else is sent."""
    user, now = editor(), utcnow()
    form = _form(user, None, now)
    if form.validate_on_submit():
        host = form.chosen_host if may_publish(user) else user
        try:
            meeting = service.create_meeting(
                db.session, slug=form.slug.data, draft=form.draft, host=host, now=now
            )
        except service.SlugTaken as error:
            form.slug.errors = [str(error)]
        else:
            return back_to(meeting, _("The draft is saved. Residents do not see it yet."))
    return render_template("meetings/edit_meeting.html", form=form, meeting=None), form.status


@bp.get("/staff/meetings/<slug>")
@requires(*HOSTS)
def staff_meeting(slug: str) -> ResponseReturnValue:
    """One meeting and all that can be done with it."""
    user, now = editor(), utcnow()
    found = queries.get_meeting(db.session, slug, user)
    # Each section renders a template, whose output is escaped already.
    sections = [Markup(part.staff_section(found, now)) for part in SECTIONS]  # noqa: S704
    return render_template(
        "meetings/staff_meeting.html",
        meeting=found,
        agenda_mark=service.agenda_mark(found),
        sections=sections,
        can_publish=may_publish(user),
        can_write=may_write(user, found),
        missing=service.missing(found, now),
        possible=service.possible_changes(found, now) if may_publish(user) else [],
        now=now,
        words=words,
    )


@bp.route("/staff/meetings/<slug>/edit", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_meeting(slug: str) -> ResponseReturnValue:
    """Write a meeting anew; of what residents see, all that is no change of time, place or state."""
    user, now = editor(), utcnow()
    meeting = queries.get_meeting(db.session, slug, user)
    if not may_write(user, meeting):
        raise NotAllowed(_("This meeting is with the clerks. Take the draft back to write on."))
    form = _form(user, meeting, now)
    if form.validate_on_submit():
        try:
            service.change_meeting(
                db.session,
                meeting,
                draft=form.draft,
                slug=form.chosen_slug,
                host=form.chosen_host if may_publish(user) else meeting.host,
                actor=user,
                now=now,
            )
        except service.SlugTaken as error:
            form.slug.errors = [str(error)]
        except service.PeriodFixed as error:
            form.period.errors = [str(error)]
        except service.TooFewPlaces as error:
            form.capacity.errors = [str(error)]
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            return back_to(meeting, _("The changes are saved."))
    return render_template("meetings/edit_meeting.html", form=form, meeting=meeting), form.status


@bp.post("/staff/meetings/<slug>/submit")
@requires(*HOSTS)
def submit_meeting(slug: str) -> ResponseReturnValue:
    """Hand a draft to the clerks."""
    meeting = queries.get_meeting(db.session, slug, editor())
    service.submit_meeting(db.session, meeting, utcnow())
    return back_to(meeting, _("The clerks have the draft now."))


@bp.post("/staff/meetings/<slug>/return")
@requires(*HOSTS)
def return_meeting(slug: str) -> ResponseReturnValue:
    """Take a draft back, or send it back to its host."""
    meeting = queries.get_meeting(db.session, slug, editor())
    service.return_meeting(db.session, meeting)
    return back_to(meeting, _("The draft can be written on."))


@bp.post("/staff/meetings/<slug>/publish")
@requires(*CLERKS)
def publish_meeting(slug: str) -> ResponseReturnValue:
    """Show a meeting to residents and post its notice."""
    meeting = queries.get_meeting(db.session, slug, editor())
    service.publish_meeting(
        db.session,
        meeting,
        actor=editor(),
        now=utcnow(),
        seen=_seen(),
        seen_agenda=request.form.get("agenda"),
    )
    return back_to(meeting, _("Residents can see this meeting now, and its notice is posted."))


@bp.post("/staff/meetings/<slug>/delete")
@requires(*HOSTS)
def delete_meeting(slug: str) -> ResponseReturnValue:
    """Throw a draft away."""
    meeting = queries.get_meeting(db.session, slug, editor())
    if not may_write(editor(), meeting):
        raise NotAllowed(_("This meeting is with the clerks. Take the draft back to write on."))
    service.delete_draft(db.session, meeting, actor=editor())
    flash(_("The draft is gone."), "success")
    return redirect(url_for("meetings.staff_meetings"), 303)


def _form(user: User, meeting: Meeting | None, now: datetime) -> MeetingForm:
    return MeetingForm(
        meeting,
        dockets=staff_queries.offered_dockets(db.session, user, meeting, now),
        periods=staff_queries.offered_periods(db.session, user, meeting, now),
        hosts=staff_queries.offered_hosts(db.session, meeting) if may_publish(user) else None,
        fixed=service.fixed_fields(meeting, now),
    )


def _seen() -> datetime:
    """When the draft that the clerk read had last been changed."""
    try:
        seen = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        seen = None
    if seen is None or seen.tzinfo is None:
        raise RuleBroken(_("Read the draft before you publish it."))
    return seen
