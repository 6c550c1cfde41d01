"""The chain of all that was ever posted about meetings: who keeps one of its values can later prove that
nothing before it was changed, taken out or put in.

    digest = SHA-256(content)
    chain  = SHA-256(previous chain LF digest LF instant)

over all meetings of the site in the order of posting. All in UTF-8, hexadecimal; the instant is UTC in ISO
8601 with microseconds; before the first stands GENESIS. A content names its meeting, its document and its
start, so a row cannot be given to another meeting either.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.meetings.models import Meeting, MeetingNotice
from engage.meetings.notice_content import digest_of

GENESIS = "0" * 64
_BATCH = 500


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """How far the ledger holds: ``entries`` versions that are right, the chain value of the last of them, the
    first wrong row's id, and the ids of right rows whose instant is before that of the row before them.

    Such a row was written down later than it says: an import may do that, a person posting may not.
    """

    entries: int
    head: str
    broken_at: int | None
    dated_back: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every row is as it was written."""
        return self.broken_at is None


def instant_of(posted_at: datetime) -> str:
    """An instant as the chain says it."""
    return posted_at.astimezone(UTC).isoformat(timespec="microseconds")


def chain_digest(previous: str, digest: str, posted_at: datetime) -> str:
    """The chain value of a version that follows ``previous``."""
    return hashlib.sha256("\n".join((previous, digest, instant_of(posted_at))).encode()).hexdigest()


def head(session: Session) -> tuple[int, str]:
    """The newest row's id and chain value; 0 and GENESIS in an empty ledger. Ids may have gaps."""
    newest = session.execute(
        sa.select(MeetingNotice.id, MeetingNotice.chain_digest).order_by(MeetingNotice.id.desc()).limit(1)
    ).first()
    return (newest.id, newest.chain_digest) if newest else (0, GENESIS)


def previous_chain(session: Session, version: MeetingNotice) -> str:
    """The chain value that a version follows."""
    before = sa.select(MeetingNotice.chain_digest).where(MeetingNotice.id < version.id)
    return session.scalar(before.order_by(MeetingNotice.id.desc()).limit(1)) or GENESIS


def verify_ledger(session: Session) -> LedgerCheck:
    """Compute every digest anew, some hundred rows at a time."""
    check = LedgerCheck(0, GENESIS, None)
    numbers: Counter[tuple[int, str]] = Counter()
    last_at: datetime | None = None
    for row, uid in _rows(session):
        numbers[row.meeting_id, row.kind] += 1
        is_next = row.number == numbers[row.meeting_id, row.kind]
        if not is_next or row.chain_digest != chain_digest(check.head, row.digest, row.posted_at):
            return LedgerCheck(check.entries, check.head, row.id, check.dated_back)
        if not _says_what_it_says(row, uid):
            return LedgerCheck(check.entries, check.head, row.id, check.dated_back)
        is_back = last_at is not None and row.posted_at < last_at
        last_at = row.posted_at
        dated_back = (*check.dated_back, row.id) if is_back else check.dated_back
        check = LedgerCheck(check.entries + 1, row.chain_digest, None, dated_back)
    return check


def _says_what_it_says(row: MeetingNotice, uid: str | None) -> bool:
    """Whether the columns beside the content are those of the content."""
    if row.digest != digest_of(row.content):
        return False
    said: dict[str, Any] = json.loads(row.content)
    is_of_this = said.get("meeting") == uid and said.get("document") == row.kind
    return is_of_this and said.get("starts_at") == row.starts_at.astimezone(UTC).isoformat()


def _rows(session: Session) -> Iterator[tuple[MeetingNotice, str | None]]:
    last = 0
    while True:
        wanted = (
            sa.select(MeetingNotice, Meeting.uid)
            .outerjoin(Meeting, MeetingNotice.meeting_id == Meeting.id)
            .where(MeetingNotice.id > last)
            .order_by(MeetingNotice.id)
            .limit(_BATCH)
        )
        batch = session.execute(wanted).all()
        yield from ((row, uid) for row, uid in batch)
        if len(batch) < _BATCH:
            return
        last = batch[-1][0].id
