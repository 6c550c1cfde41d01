"""Meetings under test, and the mails about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.mail.models import OutboxMessage
from engage.mail.sealed import Content, read
from engage.meetings.service.tell import tell_attendees

Mails = Callable[[], list[Content]]


@pytest.fixture
def mails(session: Session) -> Mails:
    """Do what the worker has to do, and give the mails that were not given before."""
    given: set[int] = set()

    def new_mails() -> list[Content]:
        session.rollback()
        tell_attendees()
        session.expire_all()
        rows = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()
        new = [row for row in rows if row.id not in given]
        given.update(row.id for row in new)
        return [content for row in new if (content := read(row)) is not None]

    return new_mails
