"""Registration: a place, a need, a code to come back with."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.checks.forms import Doubt, read_checks
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import attendee_queries, queries, service, words
from engage.meetings.attendee_forms import RegisterForm
from engage.meetings.models import Attendee, Meeting
from engage.meetings.views.blueprint import bp
from engage.web import personal_data
from engage.web.locale import language
from engage.web.once import FormKey, form_key, new_form_key, sent_token

LONGEST_GIVEN_BACK = 20_000
"""Characters. More than all fields together take."""


@bp.route("/meetings/<slug>/register", methods=["GET", "POST"])
@public
def register(slug: str) -> ResponseReturnValue:
    """The form, and what it sends: the page of the registration that it makes."""
    now = utcnow()
    meeting = queries.get_public_meeting(db.session, slug, now)
    if not meeting.takes_place(now):
        page = render_template("meetings/not_registering.html", meeting=meeting, now=now, words=words)
        return page, 409 if request.method == "POST" else 200
    if request.method == "POST":
        return _take(meeting, now)
    key = form_key()
    return _page(meeting, RegisterForm(meeting, now, data={"client_token": key.token}), key, now), 200


def _take(meeting: Meeting, now: datetime) -> ResponseReturnValue:
    if sum(map(len, request.form.values())) > LONGEST_GIVEN_BACK:
        abort(413)
    form, key = RegisterForm(meeting, now), form_key()
    if not form.validate() or personal_data.is_to_be_changed():
        return _page(meeting, form, key, now), form.status
    if look := personal_data.second_look(form):
        return look
    is_odd = Doubt.HONEYPOT in read_checks(db.session, f"register {meeting.slug}")
    try:
        joined = service.register(
            db.session,
            meeting=meeting,
            registration=form.registration,
            language=language(),
            client_token=sent_token(form.client_token.data),
            may_write=not is_odd,
            now=now,
        )
    except service.AlreadyJoined as error:
        key = new_form_key()
        form.client_token.data = key.token
        return _page(meeting, form, key, now, first=error.first), 409
    except (service.AttendanceClosed, service.NeedClosed) as error:
        form.form_errors.append(str(error))
        return _page(meeting, form, key, now), 409
    flash(_("Done. Keep the address of this page: nobody can give it to you again."), "success")
    return redirect(url_for("meetings.attending", code=joined.code), 303)


def _page(
    meeting: Meeting, form: RegisterForm, key: FormKey, now: datetime, *, first: Attendee | None = None
) -> str:
    """The form. ``first``: it has registered somebody already, with other words."""
    return render_template(
        "meetings/register.html",
        meeting=meeting,
        form=form,
        key=key,
        was_sent=first is not None,
        counts=attendee_queries.counts(db.session, meeting),
        is_late=now.astimezone(meeting.zone).date() > meeting.accommodations_due_on,
        now=now,
        words=words,
    )


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    if not meeting.takes_place(now):
        return ""
    return render_template(
        "meetings/_register.html",
        meeting=meeting,
        counts=attendee_queries.counts(db.session, meeting),
        is_late=now.astimezone(meeting.zone).date() > meeting.accommodations_due_on,
        now=now,
    )


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    today = now.astimezone(meeting.zone).date()
    return render_template(
        "meetings/_register_staff.html",
        meeting=meeting,
        counts=attendee_queries.counts(db.session, meeting),
        needs=attendee_queries.need_counts(db.session, meeting, today),
    )
