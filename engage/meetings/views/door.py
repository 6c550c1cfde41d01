"""Check in at the door, on a telephone: one tap a person, and each may arrive twice."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import door_queries, queries, speaker_queries, words
from engage.meetings.access import HOSTS
from engage.meetings.models import Attendee, Meeting
from engage.meetings.service import door as service
from engage.meetings.service.speak import AlreadyAsked, SpeakersClosed, Wish, ask_to_speak
from engage.meetings.speaker_forms import DoorWishForm, WalkInForm
from engage.meetings.views.blueprint import RANDOM_ID, bp
from engage.web.forms import clean_text
from engage.web.locale import language
from engage.web.once import form_key, sent_token


@bp.get("/staff/meetings/<slug>/door")
@requires(*HOSTS)
def door(slug: str) -> ResponseReturnValue:
    """Who is expected, who is here; looked for by number or name."""
    meeting = queries.get_meeting(db.session, slug, editor())
    people = door_queries.door(db.session, meeting)
    wanted = clean_text(request.args.get("q", "")[:100]) or ""
    found = door_queries.found(people, wanted)
    return render_template(
        "meetings/door.html",
        meeting=meeting,
        people=found[: door_queries.MOST_SHOWN],
        left_out=max(0, len(found) - door_queries.MOST_SHOWN),
        counts=door_queries.counts(people),
        wanted=wanted,
        words=words,
    )


@bp.post(f"/staff/meetings/<slug>/door/<{RANDOM_ID}:attendee_id>/come")
@requires(*HOSTS)
def door_come(slug: str, attendee_id: int) -> ResponseReturnValue:
    """Somebody is here, or is not."""
    meeting = queries.get_meeting(db.session, slug, editor())
    attendee = door_queries.get_attendee(db.session, meeting, attendee_id)
    has_come = request.form.get("here") == "1"
    service.mark_come(db.session, attendee, has_come=has_come)
    told = (
        _("Registration %(number)d is here.") if has_come else _("Registration %(number)d is not here yet.")
    )
    flash(told % {"number": attendee.number}, "success")
    return redirect(url_for("meetings.door", slug=slug), 303)


@bp.route("/staff/meetings/<slug>/door/new", methods=["GET", "POST"])
@requires(*HOSTS)
def walk_in(slug: str) -> ResponseReturnValue:
    """Write down somebody who comes without a registration, and their wish to speak."""
    now = utcnow()
    meeting = queries.get_meeting(db.session, slug, editor())
    key = form_key()
    form = WalkInForm(meeting, data={"client_token": key.token})
    if form.validate_on_submit():
        attendee = service.walk_in(
            db.session,
            meeting=meeting,
            name=form.name.data or None,
            language=language(),
            client_token=sent_token(form.client_token.data),
            now=now,
        )
        told = _("Registration %(number)d is here.", number=attendee.number)
        flash(f"{told} {words.ATTENDEES[attendee.state]}.", "success")
        wish = form.wish(attendee.mode)
        if wish is not None:
            _ask(attendee, wish)
        return redirect(url_for("meetings.door", slug=slug), 303)
    page = render_template("meetings/walk_in.html", meeting=meeting, form=form, key=key)
    return page, form.status


@bp.route(f"/staff/meetings/<slug>/door/<{RANDOM_ID}:attendee_id>", methods=["GET", "POST"])
@requires(*HOSTS)
def door_person(slug: str, attendee_id: int) -> ResponseReturnValue:
    """One person: what they want to speak on, and a wish that they have only now."""
    meeting = queries.get_meeting(db.session, slug, editor())
    attendee = door_queries.get_attendee(db.session, meeting, attendee_id)
    form = DoorWishForm(meeting)
    if form.validate_on_submit():
        wish = form.wish(attendee.mode)
        if wish is not None:
            _ask(attendee, wish)
        return redirect(url_for("meetings.door", slug=slug), 303)
    return _person_page(meeting, attendee, form), form.status


def _ask(attendee: Attendee, wish: Wish) -> None:
    """Put the wish on the list, also after the cut-off; the person is written down in any case."""
    try:
        row = ask_to_speak(db.session, attendee=attendee, wish=wish, is_at_door=True, now=utcnow())
    except (AlreadyAsked, SpeakersClosed) as error:
        flash(str(error), "info")
    else:
        flash(_("Speaker %(number)d on the list.", number=row.number), "success")


def _person_page(meeting: Meeting, attendee: Attendee, form: DoorWishForm) -> str:
    wishes = speaker_queries.wishes_of(db.session, attendee)
    return render_template(
        "meetings/door_person.html",
        meeting=meeting,
        attendee=attendee,
        wishes=[(wish, speaker_queries.called(wish)) for wish in wishes],
        form=form,
        words=words,
    )
