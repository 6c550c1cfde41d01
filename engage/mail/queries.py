"""What stands in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.mail.models import OutboxMessage

_WAITING = OutboxMessage.due_at.is_not(None)
_BOUNCED = OutboxMessage.bounced_on.is_not(None)
_SENT = OutboxMessage.sent_at.is_not(None) & OutboxMessage.bounced_on.is_(None)
_GIVEN_UP = ~_WAITING & OutboxMessage.sent_at.is_(None) & OutboxMessage.bounced_on.is_(None)


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How many messages wait to be sent, and how many were given up."""

    waiting: int
    given_up: int


@dataclass(frozen=True, slots=True)
class MailCount:
    """What became of the messages of one kind, all together or those that were queued on one day."""

    kind: str
    day: date | None
    queued: int
    waiting: int
    sent: int
    bounced: int
    given_up: int


def outbox_state(session: Session) -> OutboxState:
    """Count what is not sent."""
    row = session.execute(
        sa.select(sa.func.count().filter(_WAITING), sa.func.count().filter(_GIVEN_UP)).select_from(
            OutboxMessage
        )
    ).one()
    return OutboxState(waiting=row[0], given_up=row[1])


def count_by_kind(session: Session, since: datetime) -> list[MailCount]:
    """What became of the messages queued since an instant, by kind."""
    rows = session.execute(
        sa.select(OutboxMessage.kind, *_counts())
        .where(OutboxMessage.queued_at >= since)
        .group_by(OutboxMessage.kind)
        .order_by(OutboxMessage.kind)
    )
    return [_count(row.kind, None, row) for row in rows]


def count_by_day(session: Session, since: datetime) -> list[MailCount]:
    """The same for each day, the newest first."""
    rows = session.execute(
        sa.select(OutboxMessage.kind, OutboxMessage.queued_at, *_counts())
        .where(OutboxMessage.queued_at >= since)
        .group_by(OutboxMessage.kind, OutboxMessage.queued_at)
        .order_by(OutboxMessage.queued_at.desc(), OutboxMessage.kind)
    )
    return [_count(row.kind, row.queued_at.date(), row) for row in rows]


def count_with_key(session: Session, prefix: str, day: datetime) -> int:
    """How many messages that were queued on a day (its start) have a key that begins so."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(OutboxMessage)
            .where(
                OutboxMessage.queued_at == day,
                OutboxMessage.event_key.startswith(prefix, autoescape=True),
            )
        )
        or 0
    )


def has_message(session: Session, event_key: str) -> bool:
    """Whether a message with this key was ever promised."""
    wanted = sa.select(OutboxMessage.id).where(OutboxMessage.event_key == event_key)
    return session.scalar(wanted) is not None


def _counts() -> list[sa.Label[int]]:
    return [
        sa.func.count().label("queued"),
        sa.func.count().filter(_WAITING).label("waiting"),
        sa.func.count().filter(_SENT).label("sent"),
        sa.func.count().filter(_BOUNCED).label("bounced"),
        sa.func.count().filter(_GIVEN_UP).label("given_up"),
    ]


def _count(kind: str, day: date | None, row: Any) -> MailCount:
    return MailCount(kind, day, row.queued, row.waiting, row.sent, row.bounced, row.given_up)
