"""Change how many places a room has, without taking one from anybody who was promised it."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.errors import RuleBroken
from engage.meetings.models import Attendee, Meeting, Mode
from engage.meetings.service.attend import change_capacity


class TooFewPlaces(RuleBroken):
    """More people have been promised a place than there would be."""


def set_capacity(session: Session, meeting: Meeting, capacity: int | None) -> list[Attendee]:
    """Give the room so many places, None for uncounted ones. The meeting's line is locked.

    Returns those who waited and have a place now, in the order of the line. Raises TooFewPlaces.
    """
    if capacity == meeting.capacity:
        return []
    if capacity is not None and (promised := _count_promised(session, meeting)) > capacity:
        raise TooFewPlaces(
            _l("%(count)s places are given already, so there cannot be fewer.", count=promised)
        )
    return change_capacity(session, meeting, capacity)


def _count_promised(session: Session, meeting: Meeting) -> int:
    """How many people have a place in the room: all who want one, where nobody counted."""
    has_place = sa.true() if meeting.capacity is None else Attendee.seat.is_not(None)
    return (
        session.scalar(
            sa.select(sa.func.count()).where(
                Attendee.meeting_id == meeting.id,
                Attendee.wants_place,
                Attendee.mode == Mode.IN_PERSON,
                Attendee.cancelled_on.is_(None),
                has_place,
            )
        )
        or 0
    )
