"""Change how many places a room has, without taking one from anybody who was promised it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.meetings.models import Attendee, Meeting, Mode
from engage.meetings.service.attend import promote


class TooFewPlaces(RuleBroken):
    """More people have been promised a place than there would be."""


def set_capacity(session: Session, meeting: Meeting, capacity: int | None) -> list[Attendee]:
    """Give the room so many places, None for uncounted ones. The meeting's line is locked.

    Returns those who waited and have a place now, in the order of the line. Raises TooFewPlaces.
    """
    if capacity == meeting.capacity:
        return []
    line = _line(session, meeting)
    promised = [attendee for attendee in line if meeting.capacity is None or attendee.seat is not None]
    if capacity is None:
        meeting.capacity = None
        return _let_all_in([attendee for attendee in line if attendee not in promised])
    if len(promised) > capacity:
        raise TooFewPlaces(
            _l("%(count)s places are given already, so there cannot be fewer.", count=len(promised))
        )
    meeting.capacity = capacity
    _seat(session, promised, capacity)
    return promote(session, meeting)


def _line(session: Session, meeting: Meeting) -> Sequence[Attendee]:
    """Who wants a place in the room, in the order in which they came."""
    return session.scalars(
        sa.select(Attendee)
        .where(
            Attendee.meeting_id == meeting.id,
            Attendee.wants_place,
            Attendee.mode == Mode.IN_PERSON,
            Attendee.cancelled_on.is_(None),
        )
        .order_by(Attendee.number)
    ).all()


def _let_all_in(waiting: Sequence[Attendee]) -> list[Attendee]:
    for attendee in waiting:
        attendee.was_promoted = True
    return list(waiting)


def _seat(session: Session, promised: Sequence[Attendee], capacity: int) -> None:
    """Number the promised places within the room: a number above them all would leave a lower one free,
    and that one would be given away a second time."""
    taken = {attendee.seat for attendee in promised if attendee.seat is not None}
    free = iter(sorted(set(range(1, capacity + 1)) - taken))
    for attendee in promised:
        if attendee.seat is None or attendee.seat > capacity:
            attendee.seat = next(free)
    session.flush()
