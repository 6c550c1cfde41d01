"""Post a version of a meeting's notice or agenda: hashed, timed, and never changed afterwards."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from engage.accounts.models import User
from engage.clock import utcnow
from engage.db.session import advisory_lock
from engage.jobs.queue import KEEP_MARKS, wake
from engage.meetings import ledger
from engage.meetings.models import AgendaItem, Meeting, MeetingFile, MeetingNotice, NoticeKind
from engage.meetings.notice_content import agenda_of, canonical, digest_of, instant_of, items_of, notice_of
from engage.meetings.notice_rules import rule_for
from engage.meetings.service.lock import lock

_LEDGER_LOCK = 2_870_021


def post_notice(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime
) -> MeetingNotice | None:
    """Post the notice as the meeting stands; None where it says what the last version said.

    The notice names the rule that it is posted by. A cancelled or postponed meeting says so.
    """
    _hold(session, meeting)
    said = notice_of(meeting, rule_for(session, meeting))
    return _post(session, meeting, NoticeKind.NOTICE, said, actor=actor, now=now)


def post_agenda(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime
) -> MeetingNotice | None:
    """Post the agenda with the documents that can be seen now; None where it says what the last one said."""
    _hold(session, meeting)
    whole = {"populate_existing": True}
    items = session.scalars(
        sa.select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id)
        .options(selectinload(AgendaItem.files).joinedload(MeetingFile.version))
        .order_by(AgendaItem.position),
        execution_options=whole,
    ).all()
    files = session.scalars(
        sa.select(MeetingFile)
        .where(MeetingFile.meeting_id == meeting.id, MeetingFile.item_id.is_(None))
        .order_by(MeetingFile.position, MeetingFile.id),
        execution_options=whole,
    ).all()
    said = agenda_of(meeting, list(items), list(files), now)
    return _post(session, meeting, NoticeKind.AGENDA, said, actor=actor, now=now)


def post_all(session: Session, meeting: Meeting, *, actor: User | None, now: datetime) -> None:
    """Post the notice and, where there are items, the agenda, as they stand."""
    post_notice(session, meeting, actor=actor, now=now)
    if meeting.items:
        post_agenda(session, meeting, actor=actor, now=now)


def repost_agenda(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime
) -> MeetingNotice | None:
    """Post what the last agenda said under the start that holds now; None where none was posted.

    What was written since stays unseen: a clerk posts it once it has been read.
    """
    _hold(session, meeting)
    last = _last(session, meeting, NoticeKind.AGENDA)
    if last is None:
        return None
    said = json.loads(last.content) | {"starts_at": instant_of(meeting.starts_at)}
    return _post(session, meeting, NoticeKind.AGENDA, said, actor=actor, now=now)


def agenda_content(meeting: Meeting, now: datetime | None = None) -> list[dict[str, Any]]:
    """The items of the agenda as they would be posted now."""
    return items_of(meeting.items, now or utcnow())


def agenda_mark(meeting: Meeting) -> str:
    """A text that is another one whenever the agenda that would be posted is: what somebody has read."""
    return digest_of(canonical({"items": agenda_content(meeting)}))


def _hold(session: Session, meeting: Meeting) -> None:
    """Nobody else can change the meeting or post from now on.

    The row comes first and the ledger second, always. Whoever posts for several meetings that others can
    change meanwhile locks all their rows before the first.
    """
    lock(session, meeting)
    advisory_lock(session, _LEDGER_LOCK)


def _post(
    session: Session,
    meeting: Meeting,
    kind: NoticeKind,
    said: dict[str, Any],
    *,
    actor: User | None,
    now: datetime,
) -> MeetingNotice | None:
    content = canonical(said)
    last = _last(session, meeting, kind)
    if last is not None and last.content == content:
        return None
    digest = digest_of(content)
    _number, chain = ledger.head(session)
    row = MeetingNotice(
        meeting_id=meeting.id,
        kind=kind,
        number=last.number + 1 if last else 1,
        posted_at=now,
        actor_id=actor.id if actor else None,
        starts_at=meeting.starts_at,
        content=content,
        digest=digest,
        chain_digest=ledger.chain_digest(chain, digest, now),
    )
    session.add(row)
    session.flush()
    # The list of what was posted is read again when it is asked for.
    session.expire(meeting, ["notices"])
    wake(session, KEEP_MARKS)
    return row


def _last(session: Session, meeting: Meeting, kind: NoticeKind) -> MeetingNotice | None:
    return session.scalar(
        sa.select(MeetingNotice)
        .where(MeetingNotice.meeting_id == meeting.id, MeetingNotice.kind == kind)
        .order_by(MeetingNotice.number.desc())
        .limit(1)
    )
