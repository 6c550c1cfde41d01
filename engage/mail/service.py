"""Put a message into the outbox; send what is due; take note of what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import write_transaction
from engage.mail.bounces import Bounce
from engage.mail.compose import compose, message_key
from engage.mail.models import OutboxMessage
from engage.mail.parts import tell_refused
from engage.mail.sealed import Content, read, seal
from engage.mail.smtp import DeliveryFailed, MailServer
from engage.sealing import CannotOpen

log = structlog.get_logger()

# Longer than one delivery can take with all its time-outs, or a second worker would send the message too.
_LEASE = timedelta(minutes=10)
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=6)
_GIVEN_UP_AFTER = timedelta(
    days=3
)  # from the start of the day on which it was queued: at least two whole ones


@dataclass(frozen=True, slots=True)
class _Claim:
    id: int
    message_key: str
    content: Content
    attempts: int
    queued_at: datetime


def queue_message(
    session: Session,
    *,
    event_key: str,
    recipient: str,
    subject: str,
    body: str,
    headers: Mapping[str, str] | None = None,
) -> bool:
    """Promise a plain-text message inside this session's transaction.

    ``event_key`` (at most 120 characters, no personal data) says what the message is about: a second message
    with the same key is not made; what stands before its first colon is the kind, by which the staff see how
    many were sent. Every later reader needs the contact key. The worker, which looks every few seconds, sends
    it after the commit. Returns whether this one is new. Raises ValueError for a line break in an address, a
    subject or a header.
    """
    lines = (recipient, subject, *(headers or {}).values())
    if any(len(line.splitlines()) > 1 for line in lines):
        raise ValueError("The recipient, the subject and a header of a message are one line each.")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    today = _start_of_day(utcnow())
    made = session.execute(
        insert(OutboxMessage)
        .values(
            event_key=event_key,
            kind=event_key.partition(":")[0][:40],
            message_key=message_key(event_key),
            sealed=seal(Content(recipient, subject, body, dict(headers or {})), event_key),
            queued_at=today,
            due_at=today,
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


def record_bounce(session: Session, bounce: Bounce, today: date) -> bool:
    """Note that a message came back; whoever hangs on its address is told.

    Returns whether this was a message of ours that had not come back before: nobody can stop the mail of
    somebody else with a bounce that they made up, because they do not know the id of a message.
    """
    message = session.scalar(
        sa.select(OutboxMessage)
        .where(OutboxMessage.message_key == bounce.message_key, OutboxMessage.bounced_on.is_(None))
        .with_for_update()
    )
    if message is None:
        return False
    message.bounced_on, message.last_error = today, f"came back ({bounce.status})"
    tell_refused(session, bounce.recipient)
    session.flush()
    return True


def _claim() -> _Claim | None:
    """Take the next message, so that no other worker does; its turn comes again should this worker die."""
    while True:
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
            content = _open(message)
            if content is None:
                _finish(message)
                continue
            message.attempts += 1
            message.due_at = now + _LEASE
            return _Claim(message.id, message.message_key, content, message.attempts, message.queued_at)


def _open(message: OutboxMessage) -> Content | None:
    try:
        return read(message)
    except CannotOpen:
        message.last_error = "sealed with another key"
        log.error("mail_cannot_be_opened", message=message.id)
        return None


def _send(server: MailServer, claim: _Claim) -> None:
    try:
        server.deliver(compose(server.sender, claim.message_key, claim.content, utcnow()))
    except DeliveryFailed as failure:
        _not_sent(claim, failure)
        return
    with write_transaction() as session:
        message = session.get_one(OutboxMessage, claim.id)
        message.sent_at, message.last_error = _start_of_day(utcnow()), None
        _finish(message)


def _not_sent(claim: _Claim, failure: DeliveryFailed) -> None:
    is_over = failure.is_final or utcnow() - claim.queued_at > _GIVEN_UP_AFTER
    log.warning("mail_not_sent", message=claim.id, reason=str(failure), given_up=is_over)
    with write_transaction() as session:
        message = session.get_one(OutboxMessage, claim.id)
        message.last_error = str(failure)[:200]
        message.due_at = utcnow() + _pause(claim.attempts)
        if is_over:
            _finish(message)
        if failure.is_final:
            tell_refused(session, claim.content.recipient)


def _finish(message: OutboxMessage) -> None:
    message.due_at = message.sealed = None


def _start_of_day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _pause(attempts: int) -> timedelta:
    """The wait after so many attempts: half a minute, then four times as long each time, up to six hours."""
    growth: int = 4 ** min(attempts - 1, 10)
    return min(_FIRST_PAUSE * growth, _LONGEST_PAUSE)
