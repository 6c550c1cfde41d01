"""Ask to speak, and take it back. Nobody has the same number as somebody else, or two on the same item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.db.base import random_id
from engage.errors import NotFound, RuleBroken
from engage.meetings.codes import code_of, seal_text
from engage.meetings.models import AgendaItem, Attendee, Meeting, Mode, SpeakerRequest, SpeakerState
from engage.meetings.posted import posted_items
from engage.meetings.service.attend import join_meeting
from engage.meetings.service.lock import lock
from engage.meetings.service.needs import ask_for_interpreter


class SpeakersClosed(RuleBroken):
    """The meeting, or this item of it, takes nobody on its list of speakers now."""


class AlreadyAsked(RuleBroken):
    """This person, whose ``code`` is known for a stranger, is on the list of this item already."""

    code = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks: on which ``item`` (None: on anything), from where, called by which name (None: by
    the number), interpreted from which language (None: no interpreter)."""

    item: AgendaItem | None
    mode: Mode
    name: str | None = None
    spoken: str | None = None


def ask_to_speak(
    session: Session, *, attendee: Attendee, wish: Wish, is_at_door: bool = False, now: datetime
) -> SpeakerRequest:
    """Put somebody at the end of the list. An interpreter is asked for in time, as every other need.

    Raises SpeakersClosed and AlreadyAsked. ``is_at_door``: staff write it, also after the cut-off.
    """
    meeting = attendee.meeting
    _check_open(meeting, wish, is_at_door=is_at_door, now=now)
    if attendee.cancelled_on is not None:
        raise SpeakersClosed(_l("You have cancelled. Sign up anew if you want to speak."))
    lock(session, meeting)
    taken_back = session.scalar(
        sa.select(SpeakerRequest).where(
            SpeakerRequest.attendee_id == attendee.id,
            SpeakerRequest.item_id.is_(None) if wish.item is None else SpeakerRequest.item_id == wish.item.id,
            SpeakerRequest.state == SpeakerState.CANCELLED,
        )
    )
    row = taken_back or SpeakerRequest(
        id=random_id(),
        meeting_id=meeting.id,
        attendee_id=attendee.id,
        item_id=wish.item.id if wish.item else None,
    )
    row.number = _next_number(session, meeting)
    row.mode, row.spoken, row.state = wish.mode, wish.spoken, SpeakerState.REQUESTED
    row.sealed_name = seal_text(wish.name, bound_to=row.id) if wish.name else None
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise AlreadyAsked(_l("You are on the list of this item already.")) from None
    if wish.spoken and not is_at_door:
        ask_for_interpreter(session, attendee, wish.spoken, now)
    return row


def ask_as_stranger(
    session: Session,
    *,
    meeting: Meeting,
    wish: Wish,
    language: str,
    client_token: str | None,
    now: datetime,
) -> tuple[SpeakerRequest, str]:
    """Put somebody on the list who has no code yet; returns the wish, and the code, which is kept nowhere.

    The same form sent twice leads to the same code. Raises as ``ask_to_speak`` does.
    """
    _check_open(meeting, wish, is_at_door=False, now=now)
    lock(session, meeting)
    attendee = find_joined(session, meeting, client_token)
    if attendee is None:
        attendee = join_meeting(
            session,
            meeting=meeting,
            wants_place=False,
            mode=wish.mode,
            language=language,
            client_token=client_token,
            now=now,
        ).attendee
    code = code_of(attendee.id)
    try:
        return ask_to_speak(session, attendee=attendee, wish=wish, now=now), code
    except AlreadyAsked as error:
        error.code = code
        raise


def find_joined(session: Session, meeting: Meeting, client_token: str | None) -> Attendee | None:
    """Whom this very form has put on the line before."""
    if client_token is None:
        return None
    return session.scalar(
        sa.select(Attendee).where(Attendee.meeting_id == meeting.id, Attendee.client_token == client_token)
    )


def take_back(session: Session, attendee: Attendee, wish_id: int) -> None:
    """Leave the list. Once called it is too late, and twice is as good as once. Raises NotFound."""
    wish = session.scalar(
        sa.select(SpeakerRequest).where(
            SpeakerRequest.id == wish_id, SpeakerRequest.attendee_id == attendee.id
        )
    )
    if wish is None:
        raise NotFound(_l("Nobody on the list has this number."))
    session.execute(
        sa.update(SpeakerRequest)
        .where(
            SpeakerRequest.id == wish.id,
            SpeakerRequest.state.in_((SpeakerState.REQUESTED, SpeakerState.ABSENT)),
        )
        .values(state=SpeakerState.CANCELLED, sealed_name=None)
    )


def _check_open(meeting: Meeting, wish: Wish, *, is_at_door: bool, now: datetime) -> None:
    is_open = (
        meeting.takes_speakers and meeting.takes_place(now) if is_at_door else meeting.takes_speakers_at(now)
    )
    if not is_open:
        raise SpeakersClosed(_l("The list is closed here. Sign up at the door."))
    if wish.item is not None and not wish.item.takes_speakers:
        raise SpeakersClosed(_l("Nobody can sign up to speak on this item."))
    if wish.item is not None and not is_at_door and wish.item not in posted_items(meeting):
        raise SpeakersClosed(_l("This item is not on the agenda any more. Choose another one."))
    if not (meeting.is_online if wish.mode is Mode.REMOTE else meeting.is_in_person):
        raise SpeakersClosed(_l("This meeting cannot be attended in this way."))


def _next_number(session: Session, meeting: Meeting) -> int:
    last = session.scalar(
        sa.select(sa.func.max(SpeakerRequest.number)).where(SpeakerRequest.meeting_id == meeting.id)
    )
    return (last or 0) + 1
