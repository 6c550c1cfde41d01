"""The hash chain of the moderation log: who keeps one digest can later prove that nothing before it was
changed.

Each row's digest covers the digest of the row before it, the three fields that everybody may see (day,
action, reason) and a commitment to the three that only staff may see (comment, person, instant). The
commitment is safe to publish: the comment's id is 62 random bits that stand on no public page. So everybody
can check the whole chain from the public list.

    commitment = SHA-256(comment_id LF actor_id LF instant)
    digest     = SHA-256(previous_digest LF day LF action LF reason LF commitment)

All in UTF-8, hexadecimal digests, ``-`` for a field that is empty; the instant is UTC in ISO 8601 with
microseconds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.moderation.models import ModerationEvent

GENESIS = "0" * 64
_EMPTY = "-"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How far the log holds: ``entries`` rows that are right, the digest of the last of them, the first wrong
    row's id.
    """

    entries: int
    head: str
    broken_at: int | None

    @property
    def holds(self) -> bool:
        """Whether every row is as it was written."""
        return self.broken_at is None


def commitment(event: ModerationEvent) -> str:
    """What stands in the chain for the fields that only staff may see."""
    instant = event.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _sha256(str(event.comment_id), str(event.actor_id or _EMPTY), instant)


def day_of(event: ModerationEvent) -> str:
    """The day of a row in UTC, as everybody may see it and as the chain says it."""
    return event.happened_at.astimezone(UTC).date().isoformat()


def digest_of(event: ModerationEvent) -> str:
    """The digest that a row must carry."""
    return _sha256(
        event.previous_digest, day_of(event), event.action, event.reason or _EMPTY, commitment(event)
    )


def head(session: Session) -> tuple[int, str]:
    """The newest row's number and digest; 0 and GENESIS in an empty log."""
    newest = session.execute(
        sa.select(ModerationEvent.id, ModerationEvent.digest).order_by(ModerationEvent.id.desc()).limit(1)
    ).first()
    return (newest.id, newest.digest) if newest else (0, GENESIS)


def verify_chain(session: Session) -> ChainCheck:
    """Compute every digest anew, a thousand rows at a time. Numbers run from 1 without a gap."""
    entries, last = 0, GENESIS
    while batch := _after(session, entries):
        for event in batch:
            is_right = event.id == entries + 1 and event.previous_digest == last
            if not is_right or event.digest != digest_of(event):
                return ChainCheck(entries, last, event.id)
            entries, last = event.id, event.digest
    return ChainCheck(entries, last, None)


def _after(session: Session, number: int) -> list[ModerationEvent]:
    statement = sa.select(ModerationEvent).where(ModerationEvent.id > number)
    return list(session.scalars(statement.order_by(ModerationEvent.id).limit(_BATCH)))


def _sha256(*fields: str) -> str:
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()
