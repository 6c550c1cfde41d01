"""Tell moderators that comments wait: a number, at most as often as each has asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.follows import letters
from engage.follows.models import NoticeFrequency, QueueNotice
from engage.follows.queries import count_waiting
from engage.follows.service.dates import digest_day
from engage.mail.queries import has_message
from engage.mail.service import queue_message
from engage.web.locale import site_time_zone


def set_notice(session: Session, user: User, frequency: NoticeFrequency | None, language: str) -> None:
    """How often at most a moderator is told, in which language; None for never."""
    notice = session.get(QueueNotice, user.id)
    if frequency is None:
        if notice is not None:
            session.delete(notice)
    elif notice is None:
        session.add(QueueNotice(user_id=user.id, frequency=frequency, language=language))
    else:
        notice.frequency, notice.language = frequency, language
    session.flush()


def tell_moderators() -> int:
    """Job: a mail to every moderator who is to be told now; returns how many were written."""
    with db.sessionmaker() as session:
        if not _due(session, utcnow()):
            return 0
    with write_transaction() as session:
        due = _due(session, utcnow())
        for turn in due:
            _write(session, turn)
        return len(due)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One moderator, the number to tell, and the key of this hour's or this day's mail."""

    notice: QueueNotice
    user: User
    waiting: int
    event_key: str


def _due(session: Session, now: datetime) -> list[_Turn]:
    rows = session.execute(
        sa.select(QueueNotice, User)
        .join(User, User.id == QueueNotice.user_id)
        .where(User.active.is_(True))
        .order_by(User.id)
    ).all()
    waiting = count_waiting(session) if rows else 0
    turns = [_Turn(notice, user, waiting, _key(notice, now)) for notice, user in rows]
    return [turn for turn in turns if _is_due(session, turn)]


def _is_due(session: Session, turn: _Turn) -> bool:
    if not turn.user.has_any_role(RoleName.MODERATOR, RoleName.ADMINISTRATOR):
        return False
    is_new = turn.waiting != turn.notice.told_count
    if not turn.waiting:
        return is_new  # Nothing to tell but to remember, so that the next comment is news.
    is_wanted = is_new or turn.notice.frequency is NoticeFrequency.DAILY
    return is_wanted and not has_message(session, turn.event_key)


def _key(notice: QueueNotice, now: datetime) -> str:
    zone = site_time_zone()
    is_hourly = notice.frequency is NoticeFrequency.HOURLY
    turn = f"{now.astimezone(zone):%Y-%m-%dT%H}" if is_hourly else digest_day(now, zone).isoformat()
    return f"queue:{notice.user_id}:{notice.frequency}:{turn}"


def _write(session: Session, turn: _Turn) -> None:
    turn.notice.told_count = turn.waiting
    if turn.waiting:
        letter = letters.queue(turn.waiting, turn.notice.language)
        queue_message(
            session,
            event_key=turn.event_key,
            recipient=turn.user.email,
            subject=letter.subject,
            body=letter.body,
        )
