"""Thirty days after a meeting nothing is left of who came but how many they were."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.models import Contact
from engage.meetings import service
from engage.meetings.models import (
    AccommodationKind,
    AccommodationRequest,
    Attendee,
    Meeting,
    Mode,
    SpeakerRequest,
)
from engage.retention.service import purge_due
from tests.support import makers


def held(session: Session, days_ago: float, come: tuple[Mode, ...] = ()) -> Meeting:
    """A meeting that ended so long ago, with somebody who came in each way and somebody who did not."""
    meeting = makers.meeting(session)
    for mode in (*come, Mode.IN_PERSON):
        attendee = service.register(
            session,
            meeting=meeting,
            registration=service.Registration(
                mode, "Ana", "ana@example.org", service.Needs((AccommodationKind.CAPTIONS,), None, "Large")
            ),
            language="en",
            client_token=None,
            now=utcnow(),
        ).attendee
        attendee.has_come = True
        session.add(SpeakerRequest(meeting=meeting, attendee=attendee, number=attendee.number))
    attendee.has_come = False
    meeting.ends_at = utcnow() - timedelta(days=days_ago)
    meeting.starts_at = meeting.ends_at - timedelta(hours=2)
    session.commit()
    return meeting


def rows(session: Session) -> list[int]:
    """How many rows there are that say something of people."""
    session.expire_all()
    tables = (Attendee, AccommodationRequest, SpeakerRequest, Contact)
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.parametrize(("days_ago", "left"), [(29.9, 3), (30.1, 0)])
def test_all_that_people_left_goes_thirty_days_after_the_end(
    session: Session, days_ago: float, left: int
) -> None:
    held(session, days_ago, (Mode.IN_PERSON, Mode.REMOTE))

    purge_due()

    assert rows(session) == [left] * 4


def test_how_many_came_stays(session: Session) -> None:
    meeting = held(session, 31, (Mode.IN_PERSON, Mode.IN_PERSON, Mode.REMOTE))

    purge_due()

    session.refresh(meeting)
    assert (meeting.attended_in_person, meeting.attended_remote) == (2, 1)


def test_what_the_staff_counted_is_not_overwritten(session: Session) -> None:
    meeting = held(session, 31, (Mode.IN_PERSON,))
    meeting.attended_in_person = 140
    session.commit()

    purge_due()

    session.refresh(meeting)
    assert (meeting.attended_in_person, meeting.attended_remote) == (140, 0)


def test_no_number_is_made_where_nobody_kept_the_door(session: Session) -> None:
    meeting = held(session, 31)

    purge_due()

    session.refresh(meeting)
    assert (meeting.attended_in_person, meeting.attended_remote) == (None, None)
    assert rows(session) == [0] * 4
