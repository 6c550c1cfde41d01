"""Sign up to speak."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import public
from engage.checks.forms import read_checks
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.meetings import queries, speaker_queries, words
from engage.meetings.interpreting import language_name
from engage.meetings.models import Attendee, Meeting, MeetingStatus, SpeakerRequest
from engage.meetings.posted import posted_items, was_taken_off
from engage.meetings.service import speak as service
from engage.meetings.speaker_forms import ANYTHING, SpeakForm, usual_mode
from engage.meetings.views.blueprint import RANDOM_ID, bp
from engage.web.locale import language
from engage.web.once import form_key, sent_token


@bp.route("/meetings/<slug>/speak", methods=["GET", "POST"])
@public
def speak(slug: str) -> ResponseReturnValue:
    """Sign up to speak. With a code in the address the wish is added to what its holder has asked already."""
    now = utcnow()
    meeting = queries.get_public_meeting(db.session, slug, now)
    code = request.args.get("code", "")
    attendee = _holder(code, meeting, now) if code else None
    key = form_key()
    form = SpeakForm(meeting, data=_given(meeting, key.token, attendee))
    status = None
    if form.validate_on_submit():
        # They refuse nobody: a full room must not depend on a script. A proof is used up.
        read_checks(db.session, f"speak {meeting.slug}")
        try:
            code = _take(form, meeting, attendee, code, now)
        except service.SpeakersClosed as error:
            form.form_errors.append(str(error))
            status = 409
        else:
            return redirect(url_for("meetings.attending", code=code), 303)
    page = render_template(
        "meetings/speak.html",
        meeting=meeting,
        form=form,
        key=key,
        code=code,
        is_open=meeting.takes_speakers_at(now),
        status=meeting.status(now),
        speaking_time=speaking_time,
        is_gone=_is_gone(meeting),
        words=words,
    )
    return page, status or form.status


@bp.post(f"/meetings/attending/<code>/wishes/<{RANDOM_ID}:wish_id>/cancel")
@public
def cancel_wish(code: str, wish_id: int) -> ResponseReturnValue:
    """Take back a wish to speak; only who holds the code can."""
    attendee = queries.get_attendee(db.session, code, utcnow())
    service.take_back(db.session, attendee, wish_id)
    flash(_("You are not on this list any more."), "success")
    return redirect(url_for("meetings.attending", code=code), 303)


def section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's public page, as HTML; empty where there is nothing to say."""
    if not meeting.takes_speakers or not meeting.takes_place(now):
        return ""
    return render_template(
        "meetings/_speakers.html",
        meeting=meeting,
        items=[item for item in posted_items(meeting) if item.takes_speakers],
        is_open=meeting.takes_speakers_at(now),
        is_running=speaker_queries.is_running(meeting, now),
        closes_at=meeting.cut_off(meeting.speakers_minutes),
        counts=speaker_queries.signed_up(db.session, meeting),
        speaking_time=speaking_time,
    )


def staff_section(meeting: Meeting, now: datetime) -> str:
    """This part of a meeting's staff page, as HTML; empty where there is nothing to do."""
    if meeting.status(now) is MeetingStatus.DRAFT:
        return ""
    counts = speaker_queries.signed_up(db.session, meeting)
    return render_template("meetings/_staff_floor.html", meeting=meeting, count=counts.total())


def attendee_section(attendee: Attendee, code: str, now: datetime) -> str:
    """This part of one person's own page, as HTML; ``code`` is theirs."""
    wishes = speaker_queries.wishes_of(db.session, attendee)
    can_ask = attendee.cancelled_on is None and attendee.meeting.takes_speakers_at(now)
    if not wishes and not can_ask:
        return ""
    return render_template(
        "meetings/_wishes.html",
        meeting=attendee.meeting,
        code=code,
        wishes=[(wish, speaker_queries.called(wish), _before(wish)) for wish in wishes],
        can_ask=can_ask,
        taken_off=[wish.id for wish in wishes if wish.item is not None and was_taken_off(wish.item)],
        takes_place=attendee.meeting.takes_place(now),
        words=words,
        language_name=language_name,
    )


def speaking_time(seconds: int) -> str:
    """How long one may speak, in words."""
    is_whole = seconds % 60 == 0
    text: str = (
        ngettext("%(num)d minute", "%(num)d minutes", seconds // 60)
        if is_whole
        else ngettext("%(num)d second", "%(num)d seconds", seconds)
    )
    return text


def _before(wish: SpeakerRequest) -> int:
    return speaker_queries.waiting_before(db.session, wish)


def _holder(code: str, meeting: Meeting, now: datetime) -> Attendee:
    """Whose code this is, in this meeting. Raises NotFound, also for another meeting's."""
    attendee = queries.get_attendee(db.session, code, now)
    if attendee.meeting_id != meeting.id:
        raise NotFound(_("Nobody has this code."))
    return attendee


def _is_gone(meeting: Meeting) -> bool:
    """Whether a link led here for an item that cannot be spoken on, or not any more."""
    wanted = request.args.get("item", "")
    taking = {str(item.id) for item in posted_items(meeting) if item.takes_speakers}
    return request.method == "GET" and wanted not in {"", ANYTHING, *taking}


def _given(meeting: Meeting, token: str, attendee: Attendee | None) -> dict[str, str]:
    """What the form says before anybody has typed: the item that a link named, and the usual way."""
    taking = {str(item.id) for item in posted_items(meeting) if item.takes_speakers}
    wanted = request.args.get("item", "") if taking else ANYTHING
    mode = attendee.mode if attendee else usual_mode(meeting)
    return {
        "item": wanted if wanted in {*taking, ANYTHING} else "",
        "mode": mode.value,
        "client_token": token,
    }


def _take(form: SpeakForm, meeting: Meeting, attendee: Attendee | None, code: str, now: datetime) -> str:
    """Put the wish on the list; returns the code of who asked."""
    token = sent_token(form.client_token.data)
    try:
        if attendee is None:
            wish, code = service.ask_as_stranger(
                db.session, meeting=meeting, wish=form.wish, language=language(), client_token=token, now=now
            )
        else:
            wish = service.ask_to_speak(db.session, attendee=attendee, wish=form.wish, now=now)
    except service.AlreadyAsked as error:
        flash(str(error), "info")
        return code or error.code
    flash(_("You are speaker number %(number)d.", number=wish.number), "success")
    return code
