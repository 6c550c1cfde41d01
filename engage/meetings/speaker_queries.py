"""Who wants to speak, in which order, and who has the floor.

The order of a list knows nothing but the agenda and the numbers: item by item, who came first first. Whoever
was called and was not there stands at the end of the item.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, contains_eager, joinedload

from engage.errors import NotFound
from engage.meetings.codes import open_text
from engage.meetings.models import (
    AgendaItem,
    Attendee,
    Floor,
    Meeting,
    MeetingStatus,
    SpeakerRequest,
    SpeakerState,
)
from engage.meetings.queries import public_meetings
from engage.sealing import CannotOpen

OPENS_BEFORE = timedelta(hours=1)
RUNS_OVER = timedelta(hours=2)
"""How long before its start and after its end a meeting has a floor, and names stand on the screen."""

SHOWN_NEXT = 3

_NOT_HELD = (MeetingStatus.DRAFT, MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody as they are called out: by the name that they chose, or by their number."""

    number: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Screen:
    """What everybody in the room may see. Empty but for the meeting while it does not run."""

    meeting: Meeting
    is_running: bool = False
    floor: Floor | None = None
    item: AgendaItem | None = None
    speaker: Called | None = None
    coming: tuple[Called, ...] = ()


def is_running(meeting: Meeting, now: datetime) -> bool:
    """Whether the meeting is on, or begins or ended a moment ago."""
    begins, ends = meeting.starts_at - OPENS_BEFORE, meeting.last_instant + RUNS_OVER
    return meeting.status(now) not in _NOT_HELD and begins <= now < ends


def called_name(wish: SpeakerRequest) -> str | None:
    """The name that somebody chose to be called by; None to be called by the number."""
    if wish.sealed_name is None:
        return None
    try:
        return open_text(wish.sealed_name, bound_to=wish.id)
    except CannotOpen:
        # Sealed under a key that is gone. A meeting goes on all the same: everybody has a number.
        return None


def called(wish: SpeakerRequest) -> Called:
    """Somebody as they are called out."""
    return Called(wish.number, called_name(wish))


def speakers(session: Session, meeting: Meeting) -> list[SpeakerRequest]:
    """The whole list in its order, with items and attendees; without those who took their wish back."""
    order = (AgendaItem.position.is_(None), AgendaItem.position, *_within_item())
    return list(session.scalars(_listed(meeting.id).order_by(*order)))


def wishes_of(session: Session, attendee: Attendee) -> list[SpeakerRequest]:
    """All wishes of one person, those that were taken back too, by number."""
    wanted = sa.select(SpeakerRequest).where(SpeakerRequest.attendee_id == attendee.id)
    return list(
        session.scalars(wanted.options(joinedload(SpeakerRequest.item)).order_by(SpeakerRequest.number))
    )


def waiting_before(session: Session, wish: SpeakerRequest) -> int:
    """How many are to be called on the same item before this one."""
    waiting = _listed(wish.meeting_id).where(
        _on_item(wish.item_id),
        SpeakerRequest.state == SpeakerState.REQUESTED,
        SpeakerRequest.number < wish.number,
    )
    ids = waiting.with_only_columns(SpeakerRequest.id).order_by(None)
    return session.scalar(sa.select(sa.func.count()).select_from(ids.subquery())) or 0


def signed_up(session: Session, meeting: Meeting) -> Counter[int | None]:
    """How many want to speak on each item, or have spoken; under None on anything."""
    ids = _listed(meeting.id).with_only_columns(SpeakerRequest.item_id)
    return Counter(session.scalars(ids))


def get_wish(session: Session, meeting: Meeting, wish_id: int) -> SpeakerRequest:
    """One wish of this meeting. Raises NotFound, also for another meeting's."""
    wish: SpeakerRequest | None = session.scalar(_listed(meeting.id).where(SpeakerRequest.id == wish_id))
    if wish is None:
        raise NotFound(_l("Nobody on the list has this number."))
    return wish


def find_floor(session: Session, meeting: Meeting) -> Floor | None:
    """Who has the floor and the clock, as it stands in the database now."""
    return session.get(Floor, meeting.id, populate_existing=True)


def screen(session: Session, slug: str, now: datetime) -> Screen:
    """What the public screen of a meeting shows, in two queries. Raises NotFound."""
    row = session.execute(
        public_meetings(now)
        .where(Meeting.slug == slug.replace("\0", ""))
        .add_columns(Floor, AgendaItem, SpeakerRequest)
        .outerjoin(Floor, Floor.meeting_id == Meeting.id)
        .outerjoin(AgendaItem, AgendaItem.id == Floor.item_id)
        .outerjoin(SpeakerRequest, SpeakerRequest.id == Floor.speaker_id)
    ).first()
    if row is None:
        raise NotFound(_l("There is no such meeting."))
    meeting, floor, item, wish = row
    if not is_running(meeting, now):
        return Screen(meeting)
    if floor is None:
        return Screen(meeting, is_running=True)
    coming = session.scalars(
        _listed(meeting.id)
        .where(_on_item(floor.item_id), SpeakerRequest.state == SpeakerState.REQUESTED)
        .order_by(SpeakerRequest.number)
        .limit(SHOWN_NEXT)
    )
    return Screen(
        meeting,
        is_running=True,
        floor=floor,
        item=item,
        speaker=called(wish) if wish else None,
        coming=tuple(map(called, coming)),
    )


def _listed(meeting_id: int) -> sa.Select[Any]:
    return (
        sa.select(SpeakerRequest)
        .join(SpeakerRequest.attendee)
        .outerjoin(SpeakerRequest.item)
        .options(contains_eager(SpeakerRequest.attendee), contains_eager(SpeakerRequest.item))
        .where(
            SpeakerRequest.meeting_id == meeting_id,
            SpeakerRequest.state != SpeakerState.CANCELLED,
            Attendee.cancelled_on.is_(None),
        )
    )


def _on_item(item_id: int | None) -> sa.ColumnElement[bool]:
    return SpeakerRequest.item_id.is_(None) if item_id is None else SpeakerRequest.item_id == item_id


def _within_item() -> tuple[sa.ColumnElement[Any], ...]:
    return SpeakerRequest.state == SpeakerState.ABSENT, SpeakerRequest.number.expression
