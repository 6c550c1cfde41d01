"""Check in at the door. Every step may be sent twice: a phone in a full hall has a slow line."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.meetings.codes import seal_text
from engage.meetings.models import Attendee, Meeting, Mode, SpeakerRequest, SpeakerState
from engage.meetings.service.attend import join_meeting, promote
from engage.meetings.service.lock import lock
from engage.meetings.service.speak import find_joined


def mark_come(session: Session, attendee: Attendee, *, has_come: bool) -> None:
    """Somebody is here, or was taken for somebody else.

    Whoever was called and was not there goes back to their place in the list when they come.
    """
    attendee.has_come = has_come
    session.flush()
    if has_come:
        session.execute(
            sa.update(SpeakerRequest)
            .where(SpeakerRequest.attendee_id == attendee.id, SpeakerRequest.state == SpeakerState.ABSENT)
            .values(state=SpeakerState.REQUESTED)
        )


def walk_in(
    session: Session,
    *,
    meeting: Meeting,
    name: str | None,
    language: str,
    client_token: str | None,
    now: datetime,
) -> Attendee:
    """Write down somebody who comes without a registration, with a place if one is free; else they wait."""
    lock(session, meeting)
    if (known := find_joined(session, meeting, client_token)) is not None:
        return known
    attendee = join_meeting(
        session,
        meeting=meeting,
        wants_place=False,
        mode=Mode.IN_PERSON if meeting.is_in_person else Mode.REMOTE,
        language=language,
        client_token=client_token,
        now=now,
    ).attendee
    # Registration is closed by now, and everybody who waited had the free places offered: this is the end of
    # the line, at the door.
    attendee.wants_place = attendee.has_come = True
    attendee.sealed_name = seal_text(name, bound_to=attendee.id) if name else None
    session.flush()
    promote(session, meeting)
    attendee.was_promoted = False
    session.flush()
    return attendee
