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
    Meeting,
    MeetingStatus,
)
from engage.meetings.service.mail import write_to

_OVER = (MeetingStatus.CANCELLED, MeetingStatus.PASSED)


class NeedClosed(RuleBroken):
    """Nothing can be asked for, answered or withdrawn here any more."""


Asked = tuple[AccommodationKind, str | None, str | None]
"""A need, the language of an interpreter, and what was written about it."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What was asked for. ``spoken`` (ISO 639-1) only with an interpreter; ``details`` are for all of it."""

    kinds: tuple[AccommodationKind, ...] = ()
    spoken: str | None = None
    details: str | None = None

    def __bool__(self) -> bool:
        return bool(self.kinds)

    @property
    def each(self) -> set[Asked]:
        """The same one by one, as ``needs_of`` has it."""
        return {
            (kind, self.spoken if kind is AccommodationKind.INTERPRETER else None, self.details)
            for kind in self.kinds
        }


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
        spoken = needs.spoken if kind is AccommodationKind.INTERPRETER else None
        if (kind, spoken, needs.details) in asked:
            continue
        number = random_id()
        rows.append(
            AccommodationRequest(
                id=number,
                attendee=attendee,
                kind=kind,
                spoken=spoken,
                sealed_details=seal_text(needs.details, bound_to=number) if needs.details else None,
                due_on=today if is_late else meeting.accommodations_due_on,
                is_late=is_late,
            )
        )
    session.add_all(rows)
    session.flush()
    return rows


def ask_for_interpreter(session: Session, attendee: Attendee, spoken: str, now: datetime) -> None:
    """Ask for an interpreter of this language, unless the attendee has done so, in whichever words."""
    if (AccommodationKind.INTERPRETER, spoken) not in {asked[:2] for asked in needs_of(attendee)}:
        ask_for(session, attendee, Needs((AccommodationKind.INTERPRETER,), spoken), now)


def needs_of(attendee: Attendee) -> set[Asked]:
    """What an attendee has asked for and not withdrawn, with the details, opened."""
    return {
        (need.kind, need.spoken, own_words(need))
        for need in attendee.accommodations
        if need.state is not AccommodationState.WITHDRAWN
    }


def own_words(need: AccommodationRequest) -> str | None:
    """What somebody wrote about what they need. Raises sealing.CannotOpen."""
    return open_text(need.sealed_details, bound_to=need.id) if need.sealed_details else None


def set_due_anew(session: Session, meeting: Meeting, now: datetime) -> None:
    """The meeting has another day: what was not answered is due by the new day of promise, or today if that
    is over. What was overdue stays so unless there is time again, and nobody becomes late by it."""
    today, promised = now.astimezone(meeting.zone).date(), meeting.accommodations_due_on
    unanswered = sa.select(AccommodationRequest).join(AccommodationRequest.attendee)
    for need in session.scalars(
        unanswered.where(
            Attendee.meeting_id == meeting.id, AccommodationRequest.state == AccommodationState.REQUESTED
        )
    ):
        is_in_time = promised >= today
        need.due_on = promised if is_in_time else min(need.due_on, today)
        need.is_late = need.is_late and not is_in_time
    session.flush()


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
