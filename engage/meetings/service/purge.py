"""Thirty days after a meeting nothing is left of those who came but how many they were."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.contacts.models import Contact
from engage.meetings.models import Attendee, Meeting, Mode


def purge_attendees(session: Session, before: datetime) -> int:
    """Erase the attendees, needs and wishes to speak of meetings that ended before an instant; returns how
    many attendees. What the door counted is kept where the staff wrote no numbers."""
    meetings = session.scalars(
        sa.select(Meeting).where(
            Meeting.starts_at < before, sa.exists().where(Attendee.meeting_id == Meeting.id)
        )
    ).all()
    erased = 0
    for meeting in meetings:
        if meeting.last_instant < before:
            _keep_counts(session, meeting)
            erased += _erase(session, meeting)
    return erased


def _keep_counts(session: Session, meeting: Meeting) -> None:
    wanted = (
        sa.select(Attendee.mode, sa.func.count())
        .where(Attendee.meeting_id == meeting.id, Attendee.has_come)
        .group_by(Attendee.mode)
    )
    counted = {row[0]: row[1] for row in session.execute(wanted)}
    if not counted:
        return  # Nobody kept the door: no number is better than a wrong one.
    if meeting.attended_in_person is None:
        meeting.attended_in_person = counted.get(Mode.IN_PERSON, 0)
    if meeting.attended_remote is None:
        meeting.attended_remote = counted.get(Mode.REMOTE, 0)
    session.flush()


def _erase(session: Session, meeting: Meeting) -> int:
    of_meeting = Attendee.meeting_id == meeting.id
    contacts = session.scalars(
        sa.select(Attendee.contact_id).where(of_meeting, Attendee.contact_id.is_not(None))
    ).all()
    # Needs and wishes to speak go with the attendee, by the foreign keys.
    gone = session.scalars(sa.delete(Attendee).where(of_meeting).returning(Attendee.id)).all()
    session.execute(sa.delete(Contact).where(Contact.id.in_(contacts)))
    return len(gone)
