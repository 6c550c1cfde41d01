"""What stands in the outbox."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.mail.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many messages wait to be sent, and how many were given up."""

    waiting: int
    given_up: int


def outbox_state(session: Session) -> OutboxState:
    """Count what is not sent."""
    waiting = OutboxMessage.due_at.is_not(None)
    given_up = OutboxMessage.due_at.is_(None) & OutboxMessage.sent_at.is_(None)
    row = session.execute(
        sa.select(sa.func.count().filter(waiting), sa.func.count().filter(given_up)).select_from(
            OutboxMessage
        )
    ).one()
    return OutboxState(waiting=row[0], given_up=row[1])
