"""One person's own page of a meeting, opened by its code: see it, change it, leave."""

from __future__ import annotations

from datetime import date, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.intake.qr import qr_picture
from engage.meetings import attendee_queries, letters, listing, queries, service, words
from engage.meetings.attendee_forms import NOTHING, AskForm, AttendForm
from engage.meetings.codes import open_text
from engage.meetings.interpreting import language_name
from engage.meetings.models import AccommodationRequest, Attendee
from engage.meetings.service.needs import own_words
from engage.meetings.views import speakers
from engage.meetings.views.blueprint import RANDOM_ID, bp
from engage.web import personal_data
from engage.web.links import address_of, path_to
from engage.web.locale import language


@bp.get("/meetings/attending/<code>")
@public
def attending(code: str) -> ResponseReturnValue:
    """What one person has to do with a meeting: only who holds the code sees it."""
    now = utcnow()
    return _page(queries.get_attendee(db.session, code, now), code, now), 200


@bp.post("/meetings/attending/<code>/change")
@public
def change_attendance(code: str) -> ResponseReturnValue:
    """Attend otherwise."""
    now = utcnow()
    attendee = queries.get_attendee(db.session, code, now)
    form = AttendForm(attendee.meeting, now)
    if not form.validate_on_submit():
        return _page(attendee, code, now, form), form.status
    number = attendee.number
    try:
        service.change_attendance(
            db.session,
            attendee,
            wants_place=form.mode is not None,
            mode=form.mode or attendee.mode,
            now=now,
        )
    except service.AttendanceClosed as error:
        form.form_errors.append(str(error))
        return _page(attendee, code, now, form), 409
    flash(_("Changed."), "success")
    if attendee.number != number:
        said = _(
            "You wait for a place again. Your new number in the line is %(number)s.", number=attendee.number
        )
        flash(said, "info")
    return redirect(url_for("meetings.attending", code=code), 303)


@bp.route("/meetings/attending/<code>/cancel", methods=["GET", "POST"])
@public
def cancel_attendance(code: str) -> ResponseReturnValue:
    """Cancel, by a button: a mail program that opens links in advance cancels nothing."""
    now = utcnow()
    attendee = queries.get_attendee(db.session, code, now)
    form = AttendForm(attendee.meeting, now)
    if form.is_submitted():
        service.cancel_attendance(db.session, attendee, now)
        flash(_("Cancelled. Your address, your name and what you asked for are erased."), "success")
        return redirect(url_for("meetings.attending", code=code), 303)
    if attendee.cancelled_on is not None:
        return redirect(url_for("meetings.attending", code=code), 303)
    return render_template("meetings/cancel_attendance.html", attendee=attendee, code=code)


@bp.post("/meetings/attending/<code>/no-mail")
@public
def stop_mail(code: str) -> ResponseReturnValue:
    """Write no more and forget the address; the registration stays."""
    attendee = queries.get_attendee(db.session, code, utcnow())
    service.forget_address(db.session, attendee)
    flash(_("We write no more about this meeting. Your address is deleted."), "success")
    return redirect(url_for("meetings.attending", code=code), 303)


@bp.route("/meetings/attending/<code>/needs", methods=["GET", "POST"])
@public
def ask_for_need(code: str) -> ResponseReturnValue:
    """Ask for something more that one needs."""
    now = utcnow()
    attendee = queries.get_attendee(db.session, code, now)
    form = AskForm()
    status = 200
    if form.validate_on_submit() and not personal_data.is_to_be_changed():
        if look := personal_data.second_look(form):
            return look
        try:
            service.ask_for(db.session, attendee, form.needs, now)
        except service.NeedClosed as error:
            form.form_errors.append(str(error))
            status = 409
        else:
            flash(_("We have taken your request. Its answer will stand here."), "success")
            return redirect(url_for("meetings.attending", code=code), 303)
    page = render_template(
        "meetings/ask_for_need.html",
        form=form,
        attendee=attendee,
        code=code,
        is_late=now.astimezone(attendee.meeting.zone).date() > attendee.meeting.accommodations_due_on,
    )
    return page, max(status, form.status)


@bp.post(f"/meetings/attending/<code>/needs/<{RANDOM_ID}:request_id>/withdraw")
@public
def withdraw_need(code: str, request_id: int) -> ResponseReturnValue:
    """Take a request back. Another's is not there."""
    attendee = queries.get_attendee(db.session, code, utcnow())
    service.withdraw_need(db.session, attendee, request_id)
    flash(_("Your request is withdrawn."), "success")
    return redirect(url_for("meetings.attending", code=code), 303)


def _due(need: AccommodationRequest) -> tuple[date, str]:
    return need.due_on, need.kind


def _page(attendee: Attendee, code: str, now: datetime, form: AttendForm | None = None) -> str:
    meeting = attendee.meeting
    address = address_of(path_to("meetings.attending", language(), code=code))
    wishes = Markup(speakers.attendee_section(attendee, code, now))  # noqa: S704 - rendered by a template
    way = attendee.mode.value if attendee.wants_place else NOTHING
    return render_template(
        "meetings/attending.html",
        attendee=attendee,
        code=code,
        name=open_text(attendee.sealed_name, bound_to=attendee.id) if attendee.sealed_name else None,
        before=attendee_queries.waiting_before(db.session, attendee),
        may_join=letters.may_join(attendee),
        lacks_place=letters.lacks_place(attendee),
        is_full=attendee_queries.is_full(db.session, meeting),
        needs=[(need, own_words(need)) for need in sorted(attendee.accommodations, key=_due)],
        moved=next((change for change in reversed(meeting.changes) if change.new_starts_at), None),
        reason=listing.latest_reason(meeting),
        form=form or AttendForm(meeting, now, formdata=None, data={"way": way}),
        address=address,
        qr=qr_picture(address),
        language_name=language_name,
        wishes=wishes,
        now=now,
        words=words,
    )
