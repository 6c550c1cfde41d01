"""Who is expected at the door, for the staff who stand there."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.analysis.folding import fold_all
from engage.errors import NotFound
from engage.meetings.codes import open_text
from engage.meetings.models import Attendee, AttendeeState, Meeting, SpeakerRequest
from engage.meetings.speaker_queries import called_name, speakers
from engage.sealing import CannotOpen

MOST_SHOWN = 60
"""Rows of one page: more is looked for by a number or a name, not by scrolling on a telephone."""


@dataclass(slots=True)
class AtDoor:
    """One person as the door sees them: the names that they gave, decrypted, and their wishes to speak."""

    attendee: Attendee
    name: str | None
    wishes: list[SpeakerRequest] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Each name once."""
        given = [self.name, *map(called_name, self.wishes)]
        return list(dict.fromkeys(name for name in given if name))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are here, have a place, and wait for one."""

    here: int
    registered: int
    waiting: int


def door(session: Session, meeting: Meeting) -> list[AtDoor]:
    """Everybody who has not cancelled: those who are not here yet first, by number."""
    order = (Attendee.has_come, Attendee.number)
    wanted = sa.select(Attendee).where(Attendee.meeting_id == meeting.id, Attendee.cancelled_on.is_(None))
    wishes: dict[int, list[SpeakerRequest]] = defaultdict(list)
    for wish in speakers(session, meeting):
        wishes[wish.attendee_id].append(wish)
    return [
        AtDoor(attendee, _name(attendee), wishes[attendee.id])
        for attendee in session.scalars(wanted.order_by(*order))
    ]


def found(people: list[AtDoor], text: str) -> list[AtDoor]:
    """Those with this number, of a registration or a speaker, or with this in a name; all for no text."""
    wanted = fold_all(text.strip().lstrip("#"))
    if not wanted:
        return people
    if re.fullmatch(r"\d{1,9}", wanted):
        return [each for each in people if int(wanted) in _numbers(each)]
    return [each for each in people if any(wanted in fold_all(name) for name in each.names)]


def counts(people: list[AtDoor]) -> Counts:
    """The figures at the head of the page."""
    states = [each.attendee.state for each in people]
    return Counts(
        here=sum(each.attendee.has_come for each in people),
        registered=states.count(AttendeeState.REGISTERED),
        waiting=states.count(AttendeeState.WAITLISTED),
    )


def get_attendee(session: Session, meeting: Meeting, attendee_id: int) -> Attendee:
    """One attendee of this meeting. Raises NotFound, also for another meeting's."""
    attendee = session.scalar(
        sa.select(Attendee).where(Attendee.id == attendee_id, Attendee.meeting_id == meeting.id)
    )
    if attendee is None:
        raise NotFound(_l("Nobody at this meeting has this number."))
    return attendee


def _numbers(person: AtDoor) -> set[int]:
    return {person.attendee.number, *(wish.number for wish in person.wishes)}


def _name(attendee: Attendee) -> str | None:
    if attendee.sealed_name is None:
        return None
    try:
        return open_text(attendee.sealed_name, bound_to=attendee.id)
    except CannotOpen:
        # Sealed under a key that is gone: the number is enough to let somebody in.
        return None
