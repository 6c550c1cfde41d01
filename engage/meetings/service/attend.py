"""Join the line of a meeting and leave it. Nobody is ever given a place that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.db.base import random_id
from engage.errors import RuleBroken
from engage.meetings.codes import index_of, new_code, seal_text
from engage.meetings.models import Attendee, AttendeeState, Meeting, Mode


class AttendanceClosed(RuleBroken):
    """The meeting takes no registrations now."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A new attendee, and the code to come back with, which is kept nowhere: show it once."""

    attendee: Attendee
    code: str


def join_meeting(
    session: Session,
    *,
    meeting: Meeting,
    wants_place: bool,
    mode: Mode,
    language: str,
    name: str | None = None,
    client_token: str | None = None,
    now: datetime,
) -> Joined:
    """Put somebody at the end of the line, with a place in the room if one is free.

    Without ``wants_place`` they ask only for an accommodation or to speak. Raises AttendanceClosed where the
    meeting takes no registrations now and a place was wanted.
    """
    if wants_place and not meeting.takes_registrations_at(now):
        raise AttendanceClosed(_l("This meeting takes no registrations now."))
    _lock(session, meeting)
    number, code = random_id(), new_code()
    attendee = Attendee(
        id=number,
        meeting=meeting,
        code_index=index_of(code),
        client_token=client_token,
        number=_next_number(session, meeting),
        wants_place=wants_place,
        mode=mode,
        seat=_free_seat(session, meeting) if wants_place and mode is Mode.IN_PERSON else None,
        sealed_name=seal_text(name, bound_to=number) if name else None,
        language=language,
    )
    session.add(attendee)
    session.flush()
    return Joined(attendee, code)


def cancel_attendance(session: Session, attendee: Attendee, now: datetime) -> list[Attendee]:
    """Leave the line. Returns those who thereby got a place, in the order of the line."""
    meeting = attendee.meeting
    _lock(session, meeting)
    attendee.seat = None
    attendee.cancelled_on = now.astimezone(meeting.zone).date()
    session.flush()
    return promote(session, meeting)


def promote(session: Session, meeting: Meeting) -> list[Attendee]:
    """Give the free places to those who have waited longest; returns them. The meeting's line is locked."""
    waiting = session.scalars(
        sa.select(Attendee)
        .where(
            Attendee.meeting_id == meeting.id,
            Attendee.wants_place,
            Attendee.mode == Mode.IN_PERSON,
            Attendee.seat.is_(None),
            Attendee.cancelled_on.is_(None),
        )
        .order_by(Attendee.number)
    )
    promoted = []
    for attendee in waiting:
        if attendee.state is not AttendeeState.WAITLISTED:
            break
        attendee.seat = _free_seat(session, meeting)
        if attendee.seat is None:
            break
        attendee.was_promoted = True
        session.flush()
        promoted.append(attendee)
    return promoted


def _lock(session: Session, meeting: Meeting) -> None:
    """One at a time, on PostgreSQL; on SQLite every request that writes is alone anyway."""
    session.execute(sa.select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
    session.refresh(meeting, ["capacity"])


def _next_number(session: Session, meeting: Meeting) -> int:
    last = session.scalar(sa.select(sa.func.max(Attendee.number)).where(Attendee.meeting_id == meeting.id))
    return (last or 0) + 1


def _free_seat(session: Session, meeting: Meeting) -> int | None:
    """The lowest free place; None where there is none, or nobody counts."""
    if meeting.capacity is None:
        return None
    taken = set(session.scalars(sa.select(Attendee.seat).where(Attendee.meeting_id == meeting.id)))
    return next((seat for seat in range(1, meeting.capacity + 1) if seat not in taken), None)
