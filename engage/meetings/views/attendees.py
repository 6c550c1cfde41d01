"""Who comes and what they need, for those who run the meeting."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import attendee_queries, queries, service, words
from engage.meetings.access import HOSTS
from engage.meetings.attendee_forms import AnswerForm
from engage.meetings.codes import open_text
from engage.meetings.interpreting import language_name
from engage.meetings.models import AccommodationRequest, AccommodationState, Attendee, Meeting
from engage.meetings.views.blueprint import RANDOM_ID, bp
from engage.web.paging import page_number, paginate


@bp.get("/staff/meetings/<slug>/attendees")
@requires(*HOSTS)
def attendees(slug: str) -> ResponseReturnValue:
    """The list for the door: numbers, what people are called, nothing to reach them by."""
    meeting = queries.get_meeting(db.session, slug, editor())
    page = paginate(db.session, attendee_queries.attendees(meeting), number=page_number(), size=200)
    return render_template(
        "meetings/attendees.html", meeting=meeting, page=page, name_of=_name_of, words=words
    )


@bp.get("/staff/meetings/<slug>/accommodations")
@requires(*HOSTS)
def accommodations(slug: str) -> ResponseReturnValue:
    """What was asked for, what is overdue first. The details are opened on this page and the next only."""
    meeting = queries.get_meeting(db.session, slug, editor())
    return render_template(
        "meetings/accommodations.html",
        meeting=meeting,
        needs=attendee_queries.needs(db.session, meeting),
        today=_today(meeting),
        details_of=_details_of,
        name_of=_name_of,
        language_name=language_name,
        words=words,
    )


@bp.route(f"/staff/meetings/<slug>/accommodations/<{RANDOM_ID}:request_id>", methods=["GET", "POST"])
@requires(*HOSTS)
def answer_accommodation(slug: str, request_id: int) -> ResponseReturnValue:
    """One request and its answer."""
    meeting = queries.get_meeting(db.session, slug, editor())
    need = attendee_queries.get_need(db.session, meeting, request_id)
    said = need.answer
    is_answered = need.state in (AccommodationState.ARRANGED, AccommodationState.NOT_POSSIBLE)
    form = AnswerForm(
        data={
            "state": need.state if is_answered else None,
            "answer_en": said.en if said else "",
            "answer_es": said.es if said else "",
        }
    )
    if form.validate_on_submit():
        service.answer_need(
            db.session,
            need,
            state=AccommodationState(form.state.data),
            answer=form.answer,
            actor=editor(),
            now=utcnow(),
        )
        flash(
            _("Answered. Who asked sees it on their page, and is told by mail if they left an address."),
            "success",
        )
        return redirect(url_for("meetings.accommodations", slug=slug), 303)
    page = render_template(
        "meetings/answer_accommodation.html",
        meeting=meeting,
        need=need,
        form=form,
        details=_details_of(need),
        name=_name_of(need.attendee),
        today=_today(meeting),
        language_name=language_name,
        words=words,
    )
    return page, form.status


def _today(meeting: Meeting) -> date:
    return utcnow().astimezone(meeting.zone).date()


def _name_of(attendee: Attendee) -> str:
    return open_text(attendee.sealed_name, bound_to=attendee.id) if attendee.sealed_name else ""


def _details_of(need: AccommodationRequest) -> str:
    return open_text(need.sealed_details, bound_to=need.id) if need.sealed_details else ""
