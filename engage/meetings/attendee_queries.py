"""Who comes to a meeting, counted and listed. Only the staff of the meeting see more than their own row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from engage.errors import NotFound
from engage.meetings.models import AccommodationRequest, AccommodationState, Attendee, Meeting, Mode

_OPEN = AccommodationRequest.state == AccommodationState.REQUESTED


@dataclass(frozen=True, slots=True)
class Counts:
    """How many come: with a place in the room, waiting for one, from elsewhere; and how many have come."""

    in_person: int
    waiting: int
    remote: int
    come: int


@dataclass(frozen=True, slots=True)
class NeedCounts:
    """How many requests there are that were not withdrawn, how many wait for an answer, how many for too
    long."""

    asked: int
    unanswered: int
    overdue: int


def counts(session: Session, meeting: Meeting) -> Counts:
    """How many come to a meeting."""
    in_person = Attendee.wants_place & (Attendee.mode == Mode.IN_PERSON)
    waits = in_person & Attendee.seat.is_(None) if meeting.capacity is not None else sa.false()
    row = session.execute(
        sa.select(
            sa.func.count().filter(in_person & ~waits),
            sa.func.count().filter(waits),
            sa.func.count().filter(Attendee.wants_place & (Attendee.mode == Mode.REMOTE)),
            sa.func.count().filter(Attendee.has_come),
        ).where(Attendee.meeting_id == meeting.id, Attendee.cancelled_on.is_(None))
    ).one()
    return Counts(*row)


def is_full(session: Session, meeting: Meeting) -> bool:
    """Whether places are counted and none is free."""
    return meeting.capacity is not None and counts(session, meeting).in_person >= meeting.capacity


def waiting_before(session: Session, attendee: Attendee) -> int:
    """How many wait for a place and come before this one."""
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                Attendee.meeting_id == attendee.meeting_id,
                Attendee.wants_place,
                Attendee.mode == Mode.IN_PERSON,
                Attendee.seat.is_(None),
                Attendee.cancelled_on.is_(None),
                Attendee.number < attendee.number,
            )
        )
        or 0
    )


def attendees(meeting: Meeting) -> sa.Select[Attendee]:
    """Those who come to a meeting, in the order of the line."""
    return (
        sa.select(Attendee)
        .where(Attendee.meeting_id == meeting.id, Attendee.cancelled_on.is_(None))
        .order_by(Attendee.number)
    )


def need_counts(session: Session, meeting: Meeting, today: date) -> NeedCounts:
    """How many requests a meeting has."""
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(_OPEN),
            sa.func.count().filter(_OPEN & (AccommodationRequest.due_on < today)),
        ).where(
            AccommodationRequest.attendee_id == Attendee.id,
            Attendee.meeting_id == meeting.id,
            AccommodationRequest.state != AccommodationState.WITHDRAWN,
        )
    ).one()
    return NeedCounts(*row)


def needs(session: Session, meeting: Meeting) -> Sequence[AccommodationRequest]:
    """What was asked for: what waits for an answer first, and of that what is due first."""
    return session.scalars(
        _needs_of(meeting)
        .where(AccommodationRequest.state != AccommodationState.WITHDRAWN)
        .order_by(sa.case((_OPEN, 0), else_=1), AccommodationRequest.due_on, Attendee.number)
    ).all()


def get_need(session: Session, meeting: Meeting, request_id: int) -> AccommodationRequest:
    """One request of this meeting. Raises NotFound, also for another meeting's."""
    found = session.scalar(_needs_of(meeting).where(AccommodationRequest.id == request_id))
    if found is None:
        raise NotFound(_l("There is no such request."))
    return found


def _needs_of(meeting: Meeting) -> sa.Select[AccommodationRequest]:
    return (
        sa.select(AccommodationRequest)
        .join(AccommodationRequest.attendee)
        .where(Attendee.meeting_id == meeting.id)
        .options(joinedload(AccommodationRequest.attendee))
    )
