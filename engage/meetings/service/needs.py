"""What somebody needs in order to take part: asked for, answered, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.base import random_id
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.jobs.scrub import promise_scrub
from engage.meetings import letters
from engage.meetings.codes import open_text, seal_text
from engage.meetings.models import (
    AccommodationKind,
    AccommodationRequest,
    AccommodationState,
    Attendee,
    MeetingStatus,
)
from engage.meetings.service.mail import write_to

_OVER = (MeetingStatus.CANCELLED, MeetingStatus.PASSED)


class NeedClosed(RuleBroken):
    """Nothing can be asked for, answered or withdrawn here any more."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What was asked for. ``spoken`` (ISO 639-1) only with an interpreter; ``details`` are for all of it."""

    kinds: tuple[AccommodationKind, ...] = ()
    spoken: str | None = None
    details: str | None = None

    def __bool__(self) -> bool:
        return bool(self.kinds)


def ask_for(
    session: Session, attendee: Attendee, needs: Needs, now: datetime
) -> Sequence[AccommodationRequest]:
    """Take a request for each kind. Asked after the day up to which it can be promised, it is late and due at
    once. What has been asked for already, in the same words, is not taken a second time. Raises NeedClosed
    where the meeting is over, called off, or the attendee has cancelled."""
    meeting = attendee.meeting
    session.execute(sa.select(Attendee.id).where(Attendee.id == attendee.id).with_for_update())
    session.refresh(attendee, ["cancelled_on", "accommodations"])
    if attendee.cancelled_on is not None or meeting.status(now) in _OVER:
        raise NeedClosed(_l("Nothing can be asked for here any more."))
    today = now.astimezone(meeting.zone).date()
    is_late = today > meeting.accommodations_due_on
    rows = []
    asked = needs_of(attendee)
    for kind in needs.kinds:
        if (kind, needs.details) in asked:
            continue
        number = random_id()
        rows.append(
            AccommodationRequest(
                id=number,
                attendee=attendee,
                kind=kind,
                spoken=needs.spoken if kind is AccommodationKind.INTERPRETER else None,
                sealed_details=seal_text(needs.details, bound_to=number) if needs.details else None,
                due_on=today if is_late else meeting.accommodations_due_on,
                is_late=is_late,
            )
        )
    session.add_all(rows)
    session.flush()
    return rows


def needs_of(attendee: Attendee) -> set[tuple[AccommodationKind, str | None]]:
    """What an attendee has asked for and not withdrawn, with the details, opened."""
    return {
        (need.kind, open_text(need.sealed_details, bound_to=need.id) if need.sealed_details else None)
        for need in attendee.accommodations
        if need.state is not AccommodationState.WITHDRAWN
    }


def withdraw_need(session: Session, attendee: Attendee, request_id: int) -> None:
    """Take a request of this attendee back; its details are erased. May happen twice. Raises NeedClosed for
    another's."""
    request = session.scalar(
        sa.select(AccommodationRequest)
        .where(AccommodationRequest.id == request_id, AccommodationRequest.attendee_id == attendee.id)
        .with_for_update()
    )
    if request is None:
        raise NeedClosed(_l("There is no such request."))
    request.state, request.sealed_details = AccommodationState.WITHDRAWN, None
    promise_scrub(session)


def answer_need(
    session: Session,
    request: AccommodationRequest,
    *,
    state: AccommodationState,
    answer: Localised,
    actor: User,
    now: datetime,
) -> None:
    """Say what becomes of a request, and write that there is an answer. Raises NeedClosed once withdrawn."""
    # Withdrawn and answered at once: whoever comes second sees what the first has done.
    wanted = sa.select(AccommodationRequest.id).where(AccommodationRequest.id == request.id)
    session.execute(wanted.with_for_update())
    session.refresh(request, ["state"])
    if request.state is AccommodationState.WITHDRAWN:
        raise NeedClosed(_l("This request was withdrawn."))
    request.state, request.answer = state, answer or None
    request.decided_by_id = actor.id
    session.flush()
    event = f"answer {request.id} {state} {answer.en} {answer.es}"
    write_to(session, request.attendee, "accommodation", event, letters.answer(request.attendee, now))
