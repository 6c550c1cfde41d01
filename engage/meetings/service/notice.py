"""Post a version of a meeting's notice or agenda: hashed, timed, and never changed afterwards."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.types import Localised
from engage.meetings.models import (
    AgendaItem,
    DecidedState,
    Meeting,
    MeetingFile,
    MeetingNotice,
    NoticeKind,
)

GENESIS = "0" * 64


def post_notice(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime
) -> MeetingNotice | None:
    """Post the notice as the meeting stands; None where it says what the last version said."""
    return _post(session, meeting, NoticeKind.NOTICE, _notice(meeting), actor=actor, now=now)


def post_agenda(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime
) -> MeetingNotice | None:
    """Post the agenda with its documents as it stands; None where it says what the last version said."""
    content = {"starts_at": _instant(meeting.starts_at), "items": agenda_content(meeting)}
    return _post(session, meeting, NoticeKind.AGENDA, content, actor=actor, now=now)


def agenda_content(meeting: Meeting) -> list[dict[str, Any]]:
    """The items of the agenda as they stand, as they would be posted: see meetings.posted."""
    return [_item(item) for item in meeting.items]


def chain_digest(previous: str, digest: str, posted_at: datetime) -> str:
    """SHA-256(previous LF digest LF instant), in UTF-8, hexadecimal; the instant in UTC with microseconds."""
    text = "\n".join((previous, digest, posted_at.astimezone(UTC).isoformat(timespec="microseconds")))
    return hashlib.sha256(text.encode()).hexdigest()


def _post(
    session: Session,
    meeting: Meeting,
    kind: NoticeKind,
    said: dict[str, Any],
    *,
    actor: User | None,
    now: datetime,
) -> MeetingNotice | None:
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Versions are written one after the other: each continues the chain of the one before it.
    session.execute(sa.select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
    last = session.scalar(
        sa.select(MeetingNotice)
        .where(MeetingNotice.meeting_id == meeting.id, MeetingNotice.kind == kind)
        .order_by(MeetingNotice.number.desc())
        .limit(1)
    )
    if last is not None and last.content == content:
        return None
    digest = hashlib.sha256(content.encode()).hexdigest()
    head = session.scalar(sa.select(MeetingNotice.chain_digest).order_by(MeetingNotice.id.desc()).limit(1))
    row = MeetingNotice(
        meeting_id=meeting.id,
        kind=kind,
        number=last.number + 1 if last else 1,
        posted_at=now,
        actor_id=actor.id if actor else None,
        starts_at=meeting.starts_at,
        content=content,
        digest=digest,
        chain_digest=chain_digest(head or GENESIS, digest, now),
    )
    session.add(row)
    session.flush()
    return row


def _notice(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": _text(meeting.title),
        "kind": meeting.kind,
        "format": meeting.format,
        "starts_at": _instant(meeting.starts_at),
        "ends_at": _instant(meeting.ends_at),
        "time_zone": meeting.time_zone,
        "place": _text(meeting.place_name),
        "address": meeting.place_street,
        "join_url": meeting.join_url if meeting.join_is_public else None,
        "summary": _text(meeting.summary),
    }


def _item(item: AgendaItem) -> dict[str, Any]:
    said = {
        "id": item.id,
        "position": item.position,
        "title": _text(item.title),
        "summary": _text(item.summary),
        "files": [_file(file) for file in item.files],
    }
    return said | ({"withdrawn": True} if item.decided is DecidedState.WITHDRAWN else {})


def _file(file: MeetingFile) -> dict[str, Any]:
    digest = file.version.digest if file.version else file.digest
    return {"title": _text(file.title), "digest": digest, "url": file.url}


def _text(value: Localised | None) -> dict[str, str] | None:
    return {"en": value.en, "es": value.es} if value else None


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None
