"""High-water marks of the public logs, in a file outside the database.

All logs only grow. A database whose log is shorter than its mark, or says something else where the mark was
set, is an older copy or was tampered with: what was acknowledged since would be lost in silence.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import Session

from engage.db.session import db
from engage.errors import EngageError
from engage.meetings import ledger
from engage.meetings.models import MeetingNotice
from engage.moderation import chain
from engage.moderation.models import ModerationEvent
from engage.receipts.models import LogHead
from engage.receipts.queries import count_pending, newest_head

log = structlog.get_logger()


class BelowTheMark(EngageError):
    """A log is shorter than it was, or says something else where its mark was set."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How long a log was, and the digest that it had then."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of every log of the site, by the log's name.

    ``promises`` counts what was acknowledged, sealed yet or not; it has no digest. Of ``notices`` the size is
    the newest row's number, which may have gaps before it.
    """

    moderation: Mark = Mark(0, chain.GENESIS)
    receipts: Mark = Mark(0, "")
    promises: Mark = Mark(0, "")
    notices: Mark = Mark(0, ledger.GENESIS)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The marks in a file; those of empty logs where there is none yet."""
        if not path.is_file():
            return cls()
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{name: Mark(**mark) for name, mark in stored.items()})

    def write(self, path: Path) -> None:
        """Replace the file in one step, so that a crash leaves the old marks or the new ones."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def marks_of(session: Session) -> Marks:
    """Where the logs of a database stand now."""
    head = newest_head(session)
    sealed = Mark(head.size, head.root.hex()) if head else Mark(0, "")
    return Marks(
        moderation=Mark(*chain.head(session)),
        receipts=sealed,
        promises=Mark(sealed.size + count_pending(session), ""),
        notices=Mark(*ledger.head(session)),
    )


def check_marks(session: Session, marks: Marks) -> None:
    """Raise BelowTheMark where a log of this database does not contain what its mark says."""
    for name, mark in ((name, getattr(marks, name)) for name in _DIGEST_AT):
        if mark.size and _DIGEST_AT[name](session, mark.size) != mark.digest:
            raise BelowTheMark(
                f"The log of {name} had {mark.size:,} entries and does not contain them now. "
                "This is an older copy of the database, or it was changed."
            )


def keep_marks() -> int:
    """Job: raise the marks to where the logs are. Never lowers one: then it says so and changes nothing."""
    path = mark_file()
    with db.sessionmaker() as session:
        stored, now = Marks.read(path), marks_of(session)
        if stored == now:
            return 0
        try:
            check_marks(session, stored)
        except BelowTheMark as error:
            log.error("below_the_mark", reason=str(error))
            return 0
    now.write(path)
    # Nothing that another step could go on with.
    return 0


def mark_file() -> Path:
    """Where the marks of this site are kept (``ENGAGE_MARK_FILE``)."""
    path: Path = current_app.config["ENGAGE_SETTINGS"].mark_file
    return path


def _moderation_at(session: Session, size: int) -> str | None:
    return session.scalar(sa.select(ModerationEvent.digest).where(ModerationEvent.id == size))


def _receipts_at(session: Session, size: int) -> str | None:
    root = session.scalar(sa.select(LogHead.root).where(LogHead.size == size))
    return root.hex() if root is not None else None


def _promised_at(session: Session, size: int) -> str | None:
    return "" if marks_of(session).promises.size >= size else None


def _notices_at(session: Session, size: int) -> str | None:
    return session.scalar(sa.select(MeetingNotice.chain_digest).where(MeetingNotice.id == size))


_DIGEST_AT: dict[str, Callable[[Session, int], str | None]] = {
    "moderation": _moderation_at,
    "receipts": _receipts_at,
    "promises": _promised_at,
    "notices": _notices_at,
}
