"""Join the line of a meeting and leave it. Nobody is ever given a place that is not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.base import random_id
from engage.errors import RuleBroken
from engage.jobs.scrub import promise_scrub
from engage.meetings import letters
from engage.meetings.codes import code_of, index_of, seal_text
from engage.meetings.models import (
    AccommodationRequest,
    AccommodationState,
    Attendee,
    AttendeeState,
    Format,
    Meeting,
    Mode,
    SpeakerRequest,
    SpeakerState,
)
from engage.meetings.service.lock import lock
from engage.meetings.service.mail import forget_address, write_to


class AttendanceClosed(RuleBroken):
    """The meeting takes no registrations now, or not of this kind."""


class AlreadyJoined(RuleBroken):
    """This very form was sent before; ``first`` is the attendee that it made."""

    def __init__(self, first: Attendee) -> None:
        super().__init__(_l("This form was already sent."))
        self.first = first


class TooFewPlaces(RuleBroken):
    """More people have been promised a place than there would be."""


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
    meeting takes no registrations now and a place was wanted, AlreadyJoined where an attendee has this
    ``client_token``.
    """
    lock(session, meeting)
    if client_token and (first := _sent_before(session, client_token)):
        raise AlreadyJoined(first)
    if wants_place:
        _check(meeting, mode, now)
    number = random_id()
    attendee = Attendee(
        id=number,
        meeting=meeting,
        code_index=index_of(code_of(number)),
        client_token=client_token,
        number=_next_number(session, meeting),
        wants_place=wants_place,
        mode=mode,
        sealed_name=seal_text(name, bound_to=number) if name else None,
        language=language,
    )
    try:
        with session.begin_nested():
            session.add(attendee)
    except IntegrityError:
        # The same token, at the same time, at another meeting, whose line is another one: no browser does it.
        if client_token and (first := _sent_before(session, client_token)):
            raise AlreadyJoined(first) from None
        raise
    _give_places(session, meeting, newcomer=attendee)
    return Joined(attendee, code_of(number))


def change_attendance(
    session: Session, attendee: Attendee, *, wants_place: bool, mode: Mode, now: datetime
) -> list[Attendee]:
    """Attend otherwise: from the room or from elsewhere, with a place or without.

    Who comes to want a place while others wait for one is behind them; where their number says otherwise,
    they get a new one, and a mail that says it. Returns those who got a place thereby. Raises
    AttendanceClosed.
    """
    meeting = attendee.meeting
    lock(session, meeting)
    session.refresh(attendee)
    if attendee.cancelled_on is not None:
        raise AttendanceClosed(_l("This registration is cancelled."))
    if (attendee.wants_place, attendee.mode) == (wants_place, mode):
        return []
    if wants_place:
        _check(meeting, mode, now)
    promoted = _give_places(session, meeting)
    attendee.wants_place, attendee.mode, attendee.seat = wants_place, mode, None
    attendee.was_promoted = False
    session.flush()
    promoted += _give_places(session, meeting, newcomer=attendee)
    if attendee.state is AttendeeState.WAITLISTED and _is_before_others(session, attendee):
        attendee.number = _next_number(session, meeting)
        session.flush()
        write_to(
            session, attendee, "number", f"number {attendee.number}", letters.renumbered(attendee, utcnow())
        )
    return promoted


def cancel_attendance(session: Session, attendee: Attendee, now: datetime) -> list[Attendee]:
    """Leave the line, and with it all that was asked for; the address, the name and the details are erased.

    Returns those who thereby got a place, in the order of the line. May happen twice.
    """
    meeting = attendee.meeting
    lock(session, meeting)
    session.refresh(attendee)
    if attendee.cancelled_on is not None:
        return []
    attendee.seat = None
    attendee.sealed_name = None
    attendee.cancelled_on = now.astimezone(meeting.zone).date()
    session.execute(
        sa.update(AccommodationRequest)
        .where(AccommodationRequest.attendee_id == attendee.id)
        .values(state=AccommodationState.WITHDRAWN, sealed_details=None)
    )
    session.execute(
        sa.update(SpeakerRequest)
        .where(SpeakerRequest.attendee_id == attendee.id, SpeakerRequest.state == SpeakerState.REQUESTED)
        .values(state=SpeakerState.CANCELLED, sealed_name=None)
    )
    forget_address(session, attendee)
    promise_scrub(session)
    session.flush()
    return _give_places(session, meeting)


def change_capacity(session: Session, meeting: Meeting, capacity: int | None) -> list[Attendee]:
    """Give the room so many places, None for uncounted ones; nobody loses one that was promised.

    Returns those who waited and have a place now, in the order of the line. Raises TooFewPlaces.
    """
    lock(session, meeting)
    if capacity == meeting.capacity:
        return []
    line = _line(session, meeting).all()
    had = [attendee for attendee in line if attendee.state is AttendeeState.REGISTERED]
    waited = [attendee for attendee in line if attendee.state is AttendeeState.WAITLISTED]
    if capacity is not None and len(had) > capacity:
        raise TooFewPlaces(
            _l("%(count)s places are given already, so there cannot be fewer.", count=len(had))
        )
    meeting.capacity = capacity
    session.flush()
    if capacity is None:
        for attendee in waited:
            _promote(session, attendee)
        return waited
    taken = max((attendee.seat or 0 for attendee in had), default=0)
    for place, attendee in enumerate((each for each in had if each.seat is None), taken + 1):
        attendee.seat = place
    session.flush()
    return _give_places(session, meeting)


def promote(session: Session, meeting: Meeting) -> list[Attendee]:
    """Give the free places to those who have waited longest, and tell them; returns them."""
    lock(session, meeting)
    return _give_places(session, meeting)


def _check(meeting: Meeting, mode: Mode, now: datetime) -> None:
    if not meeting.takes_registrations_at(now):
        raise AttendanceClosed(_l("This meeting takes no registrations now."))
    impossible = Format.ONLINE if mode is Mode.IN_PERSON else Format.IN_PERSON
    if meeting.format is impossible:
        raise AttendanceClosed(_l("One cannot attend this meeting in this way."))


def _sent_before(session: Session, client_token: str) -> Attendee | None:
    return session.scalar(sa.select(Attendee).where(Attendee.client_token == client_token))


def _give_places(session: Session, meeting: Meeting, newcomer: Attendee | None = None) -> list[Attendee]:
    """In the order of the line, which is locked. A newcomer who gets one at once never waited."""
    promoted: list[Attendee] = []
    while (seat := _free_seat(session, meeting)) is not None:
        attendee = session.scalar(
            _waiting(meeting).where(Attendee.seat.is_(None)).order_by(Attendee.number).limit(1)
        )
        if attendee is None:
            break
        attendee.seat = seat
        session.flush()
        if attendee is not newcomer:
            _promote(session, attendee)
            promoted.append(attendee)
    return promoted


def _promote(session: Session, attendee: Attendee) -> None:
    attendee.was_promoted = True
    session.flush()
    write_to(session, attendee, "promotion", f"seat {attendee.number}", letters.promotion(attendee, utcnow()))


def _waiting(meeting: Meeting) -> sa.Select[Attendee]:
    return sa.select(Attendee).where(
        Attendee.meeting_id == meeting.id,
        Attendee.wants_place,
        Attendee.mode == Mode.IN_PERSON,
        Attendee.cancelled_on.is_(None),
    )


def _is_before_others(session: Session, attendee: Attendee) -> bool:
    """Whether somebody waits who has a later number."""
    later = _waiting(attendee.meeting).where(Attendee.seat.is_(None), Attendee.number > attendee.number)
    return session.scalar(later.limit(1)) is not None


def _line(session: Session, meeting: Meeting) -> sa.ScalarResult[Attendee]:
    return session.scalars(_waiting(meeting).order_by(Attendee.number))


def _next_number(session: Session, meeting: Meeting) -> int:
    last = session.scalar(sa.select(sa.func.max(Attendee.number)).where(Attendee.meeting_id == meeting.id))
    return (last or 0) + 1


def _free_seat(session: Session, meeting: Meeting) -> int | None:
    """The lowest free place, in one query; None where the room is full, or nobody counts.

    It is the first one, or the one beside a taken one. Full is as many taken as there are places, whatever
    their numbers: of a room that was made smaller, some are above it.
    """
    if meeting.capacity is None:
        return None
    taken = (
        sa.select(Attendee.seat).where(Attendee.meeting_id == meeting.id, Attendee.seat.is_not(None)).cte()
    )
    candidates = sa.union_all(sa.select(sa.literal(1).label("seat")), sa.select(taken.c.seat + 1)).subquery()
    count = sa.select(sa.func.count()).select_from(taken).scalar_subquery()
    seat: int | None = session.scalar(
        sa.select(sa.func.min(candidates.c.seat)).where(
            count < meeting.capacity, candidates.c.seat.not_in(sa.select(taken.c.seat))
        )
    )
    return seat
