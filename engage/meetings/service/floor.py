"""Give the floor and keep the clock. Whoever presses last wins, and nobody is called twice.

Each step of a speaker is one UPDATE that says what the state must have been: of two chairs who call the same
person at once, one does it and the other is told.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.meetings.models import AgendaItem, Floor, Meeting, SpeakerRequest, SpeakerState
from engage.meetings.service.lock import lock
from engage.meetings.speaker_queries import RUNS_OVER, find_floor, is_running

MORE_SECONDS = 30

_MAY_FOLLOW = {
    SpeakerState.CALLED: (SpeakerState.REQUESTED, SpeakerState.ABSENT),
    SpeakerState.SPOKE: (SpeakerState.CALLED,),
    SpeakerState.ABSENT: (SpeakerState.CALLED, SpeakerState.REQUESTED),
    SpeakerState.REQUESTED: (SpeakerState.CALLED, SpeakerState.SPOKE, SpeakerState.ABSENT),
}
"""For each state, those that it may follow by the chair's hand."""


class FloorClosed(RuleBroken):
    """The meeting is not on."""


class NotInTime(RuleBroken):
    """Somebody else has pressed first."""


def show_item(session: Session, meeting: Meeting, item: AgendaItem | None, now: datetime) -> None:
    """Turn to an item (None: to whatever people want to speak about). Who has the floor goes back to the
    list."""
    floor = _opened(session, meeting, now)
    _leave(session, floor, SpeakerState.REQUESTED)
    floor.item_id = item.id if item else None
    session.flush()


def call_speaker(
    session: Session, meeting: Meeting, wish: SpeakerRequest, *, has_spoken: int | None = None, now: datetime
) -> None:
    """Give somebody the floor, the clock full and not running.

    Whoever had it goes back to the list, unless it is the one with the id ``has_spoken``: that one is done.
    Raises NotInTime where the person does not wait any more.
    """
    floor = _opened(session, meeting, now)
    _move(session, wish, SpeakerState.CALLED)
    is_done = floor.speaker_id is not None and floor.speaker_id == has_spoken
    _leave(session, floor, SpeakerState.SPOKE if is_done else SpeakerState.REQUESTED)
    floor.item_id, floor.speaker_id = wish.item_id, wish.id
    floor.left_seconds = floor.seconds
    session.flush()


def settle(
    session: Session, meeting: Meeting, wish: SpeakerRequest, state: SpeakerState, now: datetime
) -> None:
    """Say what became of somebody: has spoken, was not there, or goes back to the list. The floor is free
    then, if it was theirs. Raises NotInTime where that is not so any more."""
    floor = _opened(session, meeting, now)
    _move(session, wish, state)
    if floor.speaker_id == wish.id:
        _clear(floor)
    session.flush()


def strike_name(session: Session, meeting: Meeting, wish: SpeakerRequest) -> None:
    """Call somebody by the number only: what stands there is no name."""
    lock(session, meeting)
    wish.sealed_name = None
    session.flush()


def start_clock(session: Session, meeting: Meeting, now: datetime) -> None:
    """Let it run from what is left. It runs on where it runs already."""
    floor = _opened(session, meeting, now)
    if floor.speaker_id is not None and floor.ends_at is None:
        left = floor.seconds if floor.left_seconds is None else floor.left_seconds
        floor.ends_at, floor.left_seconds = now + timedelta(seconds=left), None
        session.flush()


def hold_clock(session: Session, meeting: Meeting, now: datetime) -> None:
    """Keep what is left."""
    floor = _opened(session, meeting, now)
    if floor.ends_at is not None:
        floor.left_seconds, floor.ends_at = _left(floor.ends_at, now), None
        session.flush()


def add_time(session: Session, meeting: Meeting, *, seen: str, now: datetime) -> None:
    """Thirty seconds more, counted from now where the time is up.

    ``seen`` is the clock's mark on the page where the button was pressed: a request that comes twice adds
    once.
    """
    floor = _opened(session, meeting, now)
    if floor.speaker_id is None or clock_mark(floor) != seen:
        return
    if floor.ends_at is not None:
        floor.ends_at = max(floor.ends_at, now) + timedelta(seconds=MORE_SECONDS)
    else:
        floor.left_seconds = (floor.left_seconds or 0) + MORE_SECONDS
    session.flush()


def stop_clock(session: Session, meeting: Meeting, now: datetime) -> None:
    """Back to the full time, and not running."""
    floor = _opened(session, meeting, now)
    if floor.speaker_id is not None:
        floor.ends_at, floor.left_seconds = None, floor.seconds
        session.flush()


def clock_mark(floor: Floor | None) -> str:
    """A text that is another one whenever the clock was touched."""
    if floor is None:
        return ""
    ends = floor.ends_at.isoformat() if floor.ends_at else ""
    return f"{floor.speaker_id or ''}/{ends}/{floor.left_seconds}"


def clear_floors(session: Session, now: datetime) -> int:
    """Forget who had the floor in meetings that are over; returns in how many. May run twice."""
    rows = session.execute(sa.select(Floor, Meeting).join(Floor.meeting)).all()
    over = [floor for floor, meeting in rows if now >= meeting.last_instant + RUNS_OVER]
    for floor in over:
        session.delete(floor)
    session.flush()
    return len(over)


def _opened(session: Session, meeting: Meeting, now: datetime) -> Floor:
    """The floor of a meeting that is on, made by the first who touches it. Raises FloorClosed."""
    if not is_running(meeting, now):
        raise FloorClosed(
            _l("Speakers can be called from one hour before the meeting until two hours after its end.")
        )
    lock(session, meeting)
    floor = find_floor(session, meeting)
    if floor is None:
        floor = Floor(meeting_id=meeting.id, seconds=meeting.speaking_seconds)
        session.add(floor)
        session.flush()
    return floor


def _move(session: Session, wish: SpeakerRequest, state: SpeakerState) -> None:
    moved = session.execute(
        sa.update(SpeakerRequest)
        .where(SpeakerRequest.id == wish.id, SpeakerRequest.state.in_(_MAY_FOLLOW[state]))
        .values(state=state)
        .returning(SpeakerRequest.id)
    ).first()
    if moved is None:
        raise NotInTime(_l("The list has changed meanwhile, so nothing was done. Look at it again."))


def _leave(session: Session, floor: Floor, state: SpeakerState) -> None:
    """Take the floor from whoever has it."""
    if floor.speaker_id is not None:
        session.execute(
            sa.update(SpeakerRequest)
            .where(SpeakerRequest.id == floor.speaker_id, SpeakerRequest.state == SpeakerState.CALLED)
            .values(state=state)
        )
    floor.seconds = floor.meeting.speaking_seconds
    _clear(floor)


def _clear(floor: Floor) -> None:
    floor.speaker_id = floor.ends_at = floor.left_seconds = None


def _left(ends_at: datetime, now: datetime) -> int:
    return max(0, math.ceil((ends_at - now).total_seconds()))
