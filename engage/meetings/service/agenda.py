"""Write the working agenda of a meeting, and its documents. Residents read it only as it is posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.types import Localised
from engage.dockets.models import DocumentVersion
from engage.errors import RuleBroken
from engage.files import CleanFile
from engage.meetings.models import (
    AgendaItem,
    DecidedState,
    FileKindName,
    Meeting,
    MeetingFile,
    MeetingNotice,
)
from engage.meetings.service.lock import lock
from engage.meetings.service.notice import agenda_mark, post_agenda


class ItemInUse(RuleBroken):
    """People have spoken or written on this item, or want to: it cannot be removed."""


class AlreadyDecided(RuleBroken):
    """What was decided on the item was written down already."""


class AgendaIncomplete(RuleBroken):
    """The agenda lacks something that residents need."""


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """What is written about an item of an agenda. ``summary`` is Markdown."""

    title: Localised
    summary: Localised | None = None
    takes_written: bool = True
    takes_speakers: bool = True


Source = CleanFile | DocumentVersion | str
"""Where a document comes from: a clean file, a version on the docket, or an https address."""


def add_item(session: Session, meeting: Meeting, draft: ItemDraft) -> AgendaItem:
    """Put an item at the end of the agenda."""
    lock(session, meeting)
    last = session.scalar(
        sa.select(sa.func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting.id)
    )
    item = AgendaItem(meeting_id=meeting.id, position=(last or 0) + 1, title=draft.title)
    _write(item, draft)
    session.add(item)
    session.flush()
    session.expire(meeting, ["items"])
    return item


def change_item(session: Session, item: AgendaItem, draft: ItemDraft) -> None:
    """Write an item anew, in its place."""
    _write(item, draft)
    session.flush()


def move_item(session: Session, item: AgendaItem, *, by: int) -> None:
    """Move an item so many places down, or up where ``by`` is below 0, and no further than the end."""
    meeting = item.meeting
    ids = _in_order(session, meeting)
    at = ids.index(item.id)
    ids.insert(max(0, at + by), ids.pop(at))
    _number(session, meeting, ids)


def remove_item(session: Session, item: AgendaItem) -> None:
    """Take an item and its documents out of the working agenda. Raises ItemInUse."""
    meeting, item_id = item.meeting, item.id
    ids = _in_order(session, meeting)
    try:
        with session.begin_nested():
            # By the database itself, which takes the documents along: the session would keep them and make
            # them documents of the whole meeting, that residents see at once.
            session.execute(
                sa.delete(AgendaItem).where(AgendaItem.id == item_id),
                execution_options={"synchronize_session": False},
            )
    except IntegrityError:
        raise ItemInUse(
            _l(
                "People have written on this item or signed up to speak on it, so it stays. You can mark it "
                "as taken off the agenda."
            )
        ) from None
    session.expire(meeting, ["items", "files"])
    session.expunge(item)
    _number(session, meeting, [one for one in ids if one != item_id])


def take_off(session: Session, item: AgendaItem) -> None:
    """Mark an item as taken off the agenda; it stays to be read. Raises AlreadyDecided."""
    if item.decided not in (None, DecidedState.WITHDRAWN):
        raise AlreadyDecided(_l("What was decided on this item is written down already."))
    item.decided = DecidedState.WITHDRAWN
    session.flush()


def put_back(session: Session, item: AgendaItem) -> None:
    """Put an item on the agenda again that was taken off; any other stays as it is."""
    if item.decided is DecidedState.WITHDRAWN:
        item.decided = None
        session.flush()


def post_complete_agenda(
    session: Session, meeting: Meeting, *, actor: User | None, now: datetime, seen: str | None = None
) -> MeetingNotice | None:
    """Show the agenda as it stands to residents; None where they see it so already.

    ``seen`` is the mark of the agenda that somebody read. Raises AgendaIncomplete where it is empty or lacks
    a language, where nobody can see the meeting yet, or where it is not the agenda any more that was read.
    """
    lock(session, meeting)
    if seen not in (None, agenda_mark(meeting)):
        raise AgendaIncomplete(_l("The agenda was changed meanwhile. Read it again before you post it."))
    if meeting.published_at is None or now < meeting.published_at:
        raise AgendaIncomplete(_l("Publish the meeting first: residents cannot see it yet."))
    if not meeting.items:
        raise AgendaIncomplete(_l("There is no item on the agenda yet."))
    if missing := lacking_a_language(meeting):
        names = ", ".join(f"“{text.en or text.es}”" for text in missing)
        raise AgendaIncomplete(
            _l("Residents read both languages. Write this in English and in Spanish: %(names)s", names=names)
        )
    return post_agenda(session, meeting, actor=actor, now=now)


def lacking_a_language(meeting: Meeting) -> list[Localised]:
    """The texts of the agenda that are not written in every language of the site."""
    texts = [item.title for item in meeting.items]
    texts += [item.summary for item in meeting.items if item.summary]
    texts += [file.title for item in meeting.items for file in item.files]
    return [text for text in texts if not text.is_complete]


def add_file(
    session: Session,
    meeting: Meeting,
    *,
    item: AgendaItem | None,
    kind: FileKindName,
    title: Localised,
    source: Source,
    now: datetime,
) -> MeetingFile:
    """Put a document to a meeting or to one of its items, after those that are there."""
    last = session.scalar(
        sa.select(sa.func.max(MeetingFile.position)).where(MeetingFile.meeting_id == meeting.id)
    )
    file = MeetingFile(
        meeting_id=meeting.id,
        item_id=item.id if item else None,
        position=(last or 0) + 1,
        kind=kind,
        title=title,
        posted_at=now,
    )
    _fill(file, source)
    session.add(file)
    session.flush()
    session.expire(meeting, ["files"])
    if item:
        session.expire(item, ["files"])
    return file


def change_file(
    session: Session,
    file: MeetingFile,
    *,
    kind: FileKindName,
    title: Localised,
    source: Source | None,
    now: datetime,
) -> None:
    """Name a document anew and, where there is a ``source``, replace it: then it counts as posted now."""
    file.kind, file.title = kind, title
    if source is not None:
        _fill(file, source)
        file.posted_at = now
    session.flush()


def remove_file(session: Session, file: MeetingFile) -> None:
    """Take a document away: nobody can read it any more."""
    meeting, item = file.meeting, file.item
    session.delete(file)
    session.flush()
    session.expire(meeting, ["files"])
    if item:
        session.expire(item, ["files"])


def _write(item: AgendaItem, draft: ItemDraft) -> None:
    item.title, item.summary = draft.title, draft.summary or None
    item.takes_written, item.takes_speakers = draft.takes_written, draft.takes_speakers


def _fill(file: MeetingFile, source: Source) -> None:
    file.version_id = source.id if isinstance(source, DocumentVersion) else None
    file.url = source if isinstance(source, str) else None
    uploaded = source if isinstance(source, CleanFile) else None
    file.content = uploaded.content if uploaded else None
    file.digest = uploaded.digest if uploaded else None
    file.media_type = uploaded.kind.media_type if uploaded else None
    file.size = len(uploaded.content) if uploaded else None


def _in_order(session: Session, meeting: Meeting) -> list[int]:
    """The ids of the agenda's items, in their order, which nobody else changes from now on."""
    lock(session, meeting)
    wanted = sa.select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
    return list(session.scalars(wanted.order_by(AgendaItem.position)))


def _number(session: Session, meeting: Meeting, ids: Sequence[int]) -> None:
    """Number the items in this order, from 1.

    All go past the last place first: both databases check after each row that no two have the same place.
    """
    if not ids:
        return
    of_meeting = AgendaItem.meeting_id == meeting.id
    last = session.scalars(sa.select(sa.func.max(AgendaItem.position)).where(of_meeting)).one()
    aside = {"synchronize_session": False}
    session.execute(
        sa.update(AgendaItem).where(of_meeting).values(position=AgendaItem.position + last),
        execution_options=aside,
    )
    places = {item_id: place for place, item_id in enumerate(ids, 1)}
    session.execute(
        sa.update(AgendaItem).where(of_meeting).values(position=sa.case(places, value=AgendaItem.id)),
        execution_options=aside,
    )
    for item in meeting.items:
        session.expire(item, ["position"])
    session.expire(meeting, ["items"])
