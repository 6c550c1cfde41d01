"""Put a message into the outbox; send what is due."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.mail.models import OutboxMessage
from engage.mail.smtp import DeliveryFailed, MailServer

log = structlog.get_logger()

# Longer than one delivery can take with all its time-outs, or a second worker would send the message too.
_LEASE = timedelta(minutes=10)
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=6)
_GIVEN_UP_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Claim:
    id: int
    event_key: str
    recipient: str
    subject: str
    body: str
    attempts: int
    queued_at: datetime


def queue_message(session: Session, *, event_key: str, recipient: str, subject: str, body: str) -> bool:
    """Promise a plain-text message inside this session's transaction.

    ``event_key`` (at most 120 characters, no personal data) says what the message is about: a second message
    with the same key is not made. The worker, which looks every few seconds, sends it after the commit.
    Returns whether this one is new. Raises ValueError for a line break in an address or a subject.
    """
    if "\n" in f"{recipient}{subject}":
        raise ValueError("The recipient and the subject of a message are one line each.")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    now = utcnow()
    made = session.execute(
        insert(OutboxMessage)
        .values(
            event_key=event_key,
            recipient=recipient,
            subject=subject,
            body=body,
            queued_at=now,
            due_at=now,
            attempts=0,
        )
        .on_conflict_do_nothing(index_elements=["event_key"])
        .returning(OutboxMessage.id)
    ).scalar()
    return made is not None


def send_due() -> int:
    """Job: send every message that is due; returns how many were tried. Without a mail server they wait."""
    url = current_app.config["ENGAGE_SETTINGS"].mail_url
    if not url:
        return 0
    server = MailServer.parse(url)
    tried = 0
    while (claim := _claim()) is not None:
        _send(server, claim)
        tried += 1
    return tried


def _claim() -> _Claim | None:
    """Take the next message, so that no other worker does; its turn comes again should this worker die."""
    now = utcnow()
    with write_transaction() as session:
        message = session.scalar(
            sa.select(OutboxMessage)
            .where(OutboxMessage.due_at <= now)
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if message is None:
            return None
        message.attempts += 1
        message.due_at = now + _LEASE
        return _Claim(
            message.id,
            message.event_key,
            message.recipient,
            message.subject,
            message.body,
            message.attempts,
            message.queued_at,
        )


def _send(server: MailServer, claim: _Claim) -> None:
    try:
        server.deliver(_compose(server.sender, claim))
    except DeliveryFailed as failure:
        is_over = failure.is_final or utcnow() - claim.queued_at > _GIVEN_UP_AFTER
        log.warning("mail_not_sent", message=claim.id, reason=str(failure), given_up=is_over)
        with write_transaction() as session:
            message = session.get_one(OutboxMessage, claim.id)
            message.last_error = str(failure)[:200]
            message.due_at = utcnow() + _pause(claim.attempts)
            if is_over:
                _finish(message)
        return
    with write_transaction() as session:
        message = session.get_one(OutboxMessage, claim.id)
        message.sent_at, message.last_error = utcnow(), None
        _finish(message)


def _finish(message: OutboxMessage) -> None:
    message.due_at = None
    message.recipient = message.subject = message.body = ""


def _pause(attempts: int) -> timedelta:
    """The wait after so many attempts: half a minute, then four times as long each time, up to six hours."""
    growth: int = 4 ** min(attempts - 1, 10)
    return min(_FIRST_PAUSE * growth, _LONGEST_PAUSE)


def _compose(sender: str, claim: _Claim) -> EmailMessage:
    """The message. Its id is always the same, so that a receiver can drop a second copy after a crash."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = claim.recipient
    message["Subject"] = claim.subject
    digest = hashlib.sha256(claim.event_key.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2].strip('> ')}>"
    message["Date"] = format_datetime(utcnow())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(claim.body)
    return message
