"""Tell those who left an address what has changed, and remind them once. May run twice, and at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.service import keep_until
from engage.db.session import db, write_transaction
from engage.meetings import letters
from engage.meetings.models import Attendee, Meeting, MeetingChange, MeetingChangeKind, Mode
from engage.meetings.service.attend import promote
from engage.meetings.service.mail import REMINDED_BEFORE, keep_day, write_to

TELL = "tell_attendees"

_PAGE = 50
_MATTERS = {kind: "place" if kind is MeetingChangeKind.PLACE else "date" for kind in MeetingChangeKind}
_OFF = (MeetingChangeKind.POSTPONE, MeetingChangeKind.CANCEL)

_Act = Callable[[Session, Attendee, datetime], None]


def tell_attendees() -> int:
    """Job: fill places that are free, tell of changes, remind; returns how many were given or written to."""
    now = utcnow()
    return _fill_places(now) + _in_pages(_unaware(), _tell_changes, now) + _in_pages(_near(now), _remind, now)


def _fill_places(now: datetime) -> int:
    """Whoever made a room larger, and however: nobody waits while a place is free."""
    seats = (
        sa.select(sa.func.count())
        .where(Attendee.meeting_id == Meeting.id, Attendee.seat.is_not(None))
        .scalar_subquery()
    )
    waits = sa.exists().where(
        Attendee.meeting_id == Meeting.id,
        Attendee.wants_place,
        Attendee.mode == Mode.IN_PERSON,
        Attendee.seat.is_(None),
        Attendee.cancelled_on.is_(None),
    )
    due = sa.select(Meeting.id).where(Meeting.starts_at > now, Meeting.capacity > seats, waits)
    with db.sessionmaker() as session:
        found = session.scalars(due.order_by(Meeting.id)).all()
    given = 0
    for meeting_id in found:
        with write_transaction() as session:
            given += len(promote(session, session.get_one(Meeting, meeting_id)))
    return given


def _writable() -> sa.Select[int]:
    return (
        sa.select(Attendee.id)
        .join(Meeting, Meeting.id == Attendee.meeting_id)
        .where(Attendee.contact_id.is_not(None), Attendee.cancelled_on.is_(None))
        .order_by(Attendee.id)
        .limit(_PAGE)
    )


def _unaware() -> sa.Select[int]:
    """Those whose meeting has changed since they were last told."""
    newer = MeetingChange.id > sa.func.coalesce(Attendee.told_change_id, 0)
    return _writable().where(sa.exists().where(MeetingChange.meeting_id == Meeting.id, newer))


def _near(now: datetime) -> sa.Select[int]:
    """Those whose meeting takes place within a day, and who were not reminded of this start."""
    return _writable().where(
        Meeting.starts_at > now,
        Meeting.starts_at <= now + REMINDED_BEFORE,
        Meeting.published_at <= now,
        Meeting.cancelled_at.is_(None),
        Meeting.postponed_at.is_(None),
        sa.or_(Attendee.reminded_of.is_(None), Attendee.reminded_of != Meeting.starts_at),
    )


def _in_pages(wanted: sa.Select[int], act: _Act, now: datetime) -> int:
    """One transaction a page: the mails are promised and the rows say so, or neither.

    Another worker waits for the rows, and then finds nothing left to do.
    """
    done = 0
    while True:
        with db.sessionmaker() as session:
            if session.scalar(wanted.limit(1)) is None:
                return done
        with write_transaction() as session:
            ids = session.scalars(wanted.with_for_update(of=Attendee)).all()
            for attendee in session.scalars(
                sa.select(Attendee).where(Attendee.id.in_(ids)).order_by(Attendee.id)
            ):
                act(session, attendee, now)
            done += len(ids)


def _tell_changes(session: Session, attendee: Attendee, now: datetime) -> None:
    changes = session.scalars(
        sa.select(MeetingChange)
        .where(
            MeetingChange.meeting_id == attendee.meeting_id,
            MeetingChange.id > (attendee.told_change_id or 0),
        )
        .order_by(MeetingChange.id)
    ).all()
    for changed in _still_true(changes):
        letter = letters.change(attendee, changed, now)
        write_to(session, attendee, "meeting_change", f"change {changed.id}", letter)
        if now > attendee.meeting.starts_at - 2 * REMINDED_BEFORE:
            # The reminder would come within a day of this mail, which says the same.
            attendee.reminded_of = attendee.meeting.starts_at
    if changes:
        attendee.told_change_id = changes[-1].id
    if attendee.contact is not None:
        keep_until(session, attendee.contact, keep_day(attendee.meeting))


def _still_true(changes: Sequence[MeetingChange]) -> list[MeetingChange]:
    """What holds of changes that followed each other before anybody was told.

    That is the newest word on the date and, where the meeting still has one, the newest on the place.
    """
    newest = {
        _MATTERS[changed.kind]: changed
        for changed in changes
        if changed.kind is not MeetingChangeKind.CONFIRM
    }
    if (date := newest.get("date")) and date.kind in _OFF:
        return [date]
    return sorted(newest.values(), key=lambda changed: changed.id)


def _remind(session: Session, attendee: Attendee, now: datetime) -> None:
    starts_at = attendee.meeting.starts_at
    write_to(
        session, attendee, "reminder", f"reminder {starts_at.isoformat()}", letters.reminder(attendee, now)
    )
    attendee.reminded_of = starts_at
