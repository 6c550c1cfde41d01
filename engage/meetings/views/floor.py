"""The chair's page: the list of an item, who has the floor, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.meetings import queries, speaker_queries, words
from engage.meetings.access import HOSTS
from engage.meetings.interpreting import language_name
from engage.meetings.models import Meeting, SpeakerRequest, SpeakerState
from engage.meetings.service import floor as service
from engage.meetings.speaker_forms import ANYTHING
from engage.meetings.views.blueprint import bp


@bp.get("/staff/meetings/<slug>/chair")
@requires(*HOSTS)
def chair(slug: str) -> ResponseReturnValue:
    """The list of speakers of the item that the meeting is at, and the clock."""
    now = utcnow()
    meeting = queries.get_meeting(db.session, slug, editor())
    floor = speaker_queries.find_floor(db.session, meeting)
    listed = speaker_queries.speakers(db.session, meeting)
    item_id = floor.item_id if floor else None
    return render_template(
        "meetings/chair.html",
        meeting=meeting,
        floor=floor,
        item=floor.item if floor else None,
        speaker=next((each for each in listed if floor and each.id == floor.speaker_id), None),
        listed=[each for each in listed if each.item_id == item_id] if floor else [],
        waiting=_waiting(listed),
        mark=service.clock_mark(floor),
        is_running=speaker_queries.is_running(meeting, now),
        called=speaker_queries.called,
        language_name=language_name,
        states=SpeakerState,
        anything=ANYTHING,
        now=now,
        words=words,
    )


@bp.post("/staff/meetings/<slug>/chair")
@requires(*HOSTS)
def chair_act(slug: str) -> ResponseReturnValue:
    """Do what a button of the chair's page says. Whoever presses last wins, and nobody is called twice."""
    meeting = queries.get_meeting(db.session, slug, editor())
    act = _ACTS.get(request.form.get("do", ""))
    if act is None:
        raise BadRequest
    try:
        act(meeting, utcnow())
    except (service.NotInTime, service.FloorClosed) as error:
        flash(str(error), "error")
    return redirect(url_for("meetings.chair", slug=slug), 303)


def _waiting(listed: list[SpeakerRequest]) -> dict[int | None, int]:
    """How many wait on each item, for the choice of the item."""
    waiting: dict[int | None, int] = {}
    for each in listed:
        if each.state is SpeakerState.REQUESTED:
            waiting[each.item_id] = waiting.get(each.item_id, 0) + 1
    return waiting


def _number(name: str) -> int:
    """An id that a button sends. Raises BadRequest for anything else."""
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise BadRequest
    return int(text)


def _wish(meeting: Meeting) -> SpeakerRequest:
    return speaker_queries.get_wish(db.session, meeting, _number("speaker"))


def _show_item(meeting: Meeting, now: datetime) -> None:
    is_any = request.form.get("item") == ANYTHING
    item = None if is_any else queries.get_item(meeting, _number("item"))
    service.show_item(db.session, meeting, item, now)


def _call(meeting: Meeting, now: datetime) -> None:
    has_spoken = _number("has_spoken") if request.form.get("has_spoken") else None
    service.call_speaker(db.session, meeting, _wish(meeting), has_spoken=has_spoken, now=now)


def _settle(state: SpeakerState) -> Callable[[Meeting, datetime], None]:
    def settle(meeting: Meeting, now: datetime) -> None:
        service.settle(db.session, meeting, _wish(meeting), state, now)

    return settle


def _strike_name(meeting: Meeting, _now: datetime) -> None:
    service.strike_name(db.session, meeting, _wish(meeting))
    flash(_("The name was struck out. The person is called by the number."), "success")


def _start(meeting: Meeting, now: datetime) -> None:
    service.start_clock(db.session, meeting, now)


def _hold(meeting: Meeting, now: datetime) -> None:
    service.hold_clock(db.session, meeting, now)


def _add(meeting: Meeting, now: datetime) -> None:
    service.add_time(db.session, meeting, seen=request.form.get("seen", ""), now=now)


def _stop(meeting: Meeting, now: datetime) -> None:
    service.stop_clock(db.session, meeting, now)


_ACTS: dict[str, Callable[[Meeting, datetime], None]] = {
    "item": _show_item,
    "call": _call,
    "spoke": _settle(SpeakerState.SPOKE),
    "absent": _settle(SpeakerState.ABSENT),
    "back": _settle(SpeakerState.REQUESTED),
    "strike": _strike_name,
    "start": _start,
    "hold": _hold,
    "add": _add,
    "stop": _stop,
}
