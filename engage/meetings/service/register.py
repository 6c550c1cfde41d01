"""Register from the public form: a place, a need, an address, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engage.contacts.service import address_of
from engage.meetings.codes import code_of, open_text
from engage.meetings.models import Attendee, Meeting, Mode
from engage.meetings.service.attend import AlreadyJoined, Joined, join_meeting
from engage.meetings.service.mail import leave_address
from engage.meetings.service.needs import Needs, ask_for, needs_of

NO_NEEDS = Needs()


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody typed. ``mode`` None: no place, only what they need."""

    mode: Mode | None
    name: str | None = None
    address: str | None = None
    needs: Needs = NO_NEEDS


def register(
    session: Session,
    *,
    meeting: Meeting,
    registration: Registration,
    language: str,
    client_token: str | None,
    may_write: bool = True,
    now: datetime,
) -> Joined:
    """Register somebody; the same form with the same content answers with the registration that it made.

    With ``may_write`` False the address is not kept: the form shows signs of a machine, and nobody's mailbox
    may be filled by one. Raises AlreadyJoined where the content differs, AttendanceClosed, NeedClosed.
    """
    try:
        joined = join_meeting(
            session,
            meeting=meeting,
            wants_place=registration.mode is not None,
            mode=registration.mode or (Mode.IN_PERSON if meeting.is_in_person else Mode.REMOTE),
            language=language,
            name=registration.name,
            client_token=client_token,
            now=now,
        )
    except AlreadyJoined as error:
        if error.first.meeting_id != meeting.id or not _is_same(error.first, registration):
            raise
        return Joined(error.first, code_of(error.first.id))
    if registration.needs:
        ask_for(session, joined.attendee, registration.needs, now)
    if registration.address and may_write:
        leave_address(session, joined.attendee, registration.address, now)
    return joined


def _is_same(first: Attendee, registration: Registration) -> bool:
    """Whether a form would make again what it has made. What was changed since counts as changed."""
    name = open_text(first.sealed_name, bound_to=first.id) if first.sealed_name else None
    address = address_of(first.contact) if first.contact else None
    mode = first.mode if first.wants_place else None
    # An address that is not there may have been left and forgotten since: it makes no other registration.
    is_same_person = name == registration.name and (address is None or address == registration.address)
    return mode == registration.mode and is_same_person and needs_of(first) == registration.needs.each
