"""How tests register for the meeting “forum”, and what they find then."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.clock import utcnow
from engage.meetings import service
from engage.meetings.models import (
    Attendee,
    Meeting,
    Mode,
)
from tests.support.pages import Client, page

ANA = "ana@example.org"


def attendees(session: Session) -> list[Attendee]:
    """Everybody, as the database has them now."""
    session.rollback()
    session.expire_all()
    return list(session.scalars(sa.select(Attendee).order_by(Attendee.number)))


def register(client: Client, **typed: Any) -> TestResponse:
    """Fill the form in and send it."""
    return client.send("/en/meetings/forum/register", **typed)


def own_page(client: Client, answer: TestResponse) -> str:
    """The words of the page that a registration leads to."""
    assert answer.status_code == 303, page(answer).text()
    return page(client.get(answer.location)).text()


def joined(session: Session, meeting: Meeting, **fields: object) -> tuple[Attendee, str]:
    """Somebody who has registered, and the address of their page."""
    values = {"wants_place": True, "mode": Mode.IN_PERSON, "language": "en", "now": utcnow()} | fields
    row = service.join_meeting(session, meeting=meeting, **values)  # type: ignore[arg-type]
    session.commit()
    return row.attendee, f"/en/meetings/attending/{row.code}"
