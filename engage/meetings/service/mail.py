"""Keep the address of somebody who comes to a meeting, write to it, forget it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from engage.contacts.models import Contact, Purpose
from engage.contacts.service import address_of, find_contacts, keep_address
from engage.jobs.scrub import promise_scrub
from engage.mail.queries import count_with_key
from engage.mail.service import queue_message
from engage.meetings import letters
from engage.meetings.codes import address_index, event_index
from engage.meetings.letters import Letter
from engage.meetings.models import Attendee, Meeting, MeetingChange
from engage.sealing import CannotOpen

log = structlog.get_logger()

KEPT_DAYS = 30
"""So many days after a meeting, all that its attendees left is erased."""

REMINDED_BEFORE = timedelta(hours=24)

REGISTRATIONS_A_DAY = 10
"""So many registrations a day are confirmed to one address: who knows an address can fill no mailbox."""


def keep_day(meeting: Meeting) -> date:
    """The last day on which an address, a name or a need may be kept."""
    return meeting.last_instant.astimezone(meeting.zone).date() + timedelta(days=KEPT_DAYS)


def leave_address(session: Session, attendee: Attendee, address: str, now: datetime) -> bool:
    """Keep the address of an attendee and confirm to it what they have; False where it had too many today.

    What has changed before is nothing to tell them, and within REMINDED_BEFORE this mail is the reminder.
    """
    meeting, today = attendee.meeting, now.replace(hour=0, minute=0, second=0, microsecond=0)
    place = f"registration:{address_index(address, today.date().isoformat())}:"
    if count_with_key(session, place, today) >= REGISTRATIONS_A_DAY:
        return False
    forget_address(session, attendee)
    attendee.contact = keep_address(
        session, purpose=Purpose.MEETING, address=address, purge_after=keep_day(meeting)
    )
    attendee.told_change_id = session.scalar(
        sa.select(sa.func.max(MeetingChange.id)).where(MeetingChange.meeting_id == meeting.id)
    )
    is_near = now >= meeting.starts_at - REMINDED_BEFORE
    attendee.reminded_of = meeting.starts_at if is_near else None
    session.flush()
    letter = letters.confirmation(attendee, now)
    _queue(session, attendee, f"{place}{event_index(attendee.id, 'joined')[:32]}", letter)
    return True


def write_to(session: Session, attendee: Attendee, kind: str, event: str, letter: Letter) -> bool:
    """Promise a mail about one event, once; nothing for who left no address or has cancelled."""
    if attendee.contact is None or attendee.cancelled_on is not None:
        return False
    return _queue(session, attendee, f"{kind}:{event_index(attendee.id, event)}", letter)


def forget_address(session: Session, attendee: Attendee) -> None:
    """Write no more: the address is deleted."""
    contact = attendee.contact
    attendee.contact = attendee.told_change_id = attendee.reminded_of = None
    session.flush()
    if contact is not None:
        session.delete(contact)
        session.flush()
        promise_scrub(session)


def note_refusal(session: Session, address: str) -> None:
    """A mail came back for good: an address that takes none is of no use, and is forgotten."""
    refused = [contact.id for contact in find_contacts(session, Purpose.MEETING, address)]
    session.execute(sa.update(Attendee).where(Attendee.contact_id.in_(refused)).values(contact_id=None))
    session.execute(sa.delete(Contact).where(Contact.id.in_(refused)))


def _queue(session: Session, attendee: Attendee, event_key: str, letter: Letter) -> bool:
    if attendee.contact is None:
        return False
    try:
        recipient = address_of(attendee.contact)
    except CannotOpen:
        # It will open as little next time, and must not keep the others from their mail.
        log.error("address_cannot_be_opened", contact=attendee.contact_id)
        return False
    return queue_message(
        session, event_key=event_key, recipient=recipient, subject=letter.subject, body=letter.body
    )
