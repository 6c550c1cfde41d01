"""Comments that were received as residents send them, and the log as it takes them up."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import Channel, Comment, CommentPeriod
from engage.comments.service import Intake, Submission, submit_comment
from engage.receipts import queries
from engage.receipts.codes import CodeKind, from_code
from engage.receipts.holding import Codes, codes_of
from engage.receipts.keys import log_keys
from engage.receipts.models import LogEntry
from engage.receipts.service import seal
from tests.support import makers

WORDS = "Unmistakable words about the jail"

_tokens = itertools.count(1)


def receive(
    session: Session,
    period: CommentPeriod,
    body: str = WORDS,
    *,
    channel: Channel = Channel.WEB,
    **said: Any,
) -> Comment:
    """A comment that was received, flushed; sent by the form where nothing else is said."""
    now = min(utcnow(), period.closes_at - timedelta(seconds=1))
    submission = Submission(body=body, **said)
    return submit_comment(
        session,
        period=period,
        submission=submission,
        client_token=f"{next(_tokens):064x}",
        now=now,
        intake=Intake(channel=channel),
    )


def receive_many(session: Session, number: int, period: CommentPeriod | None = None) -> list[Comment]:
    """So many comments in a period that is open now."""
    period = period or makers.comment_period(session)
    return [receive(session, period, f"{WORDS} {count}") for count in range(number)]


def sealed(session: Session, *, now: datetime | None = None) -> int:
    """Seal what waits and commit; returns how many."""
    done = seal(session, now=now or utcnow())
    session.commit()
    return done


def entry_of(session: Session, comment: Comment) -> LogEntry:
    """What the log holds of a comment, read anew."""
    session.expire_all()
    entry = queries.entry_of(session, comment)
    assert entry is not None
    return entry


def codes(session: Session, comment: Comment) -> Codes:
    """Both codes of a comment that is not withdrawn."""
    found = codes_of(log_keys(), entry_of(session, comment))
    assert found is not None
    return found


def secret(session: Session, comment: Comment) -> bytes:
    """The bits of the receipt code."""
    return from_code(codes(session, comment).receipt, CodeKind.RECEIPT)


def entries(session: Session) -> list[LogEntry]:
    """All entries, sealed ones first in their order."""
    session.expire_all()
    return list(session.scalars(sa.select(LogEntry).order_by(LogEntry.leaf_index, LogEntry.leaf_hash)))
