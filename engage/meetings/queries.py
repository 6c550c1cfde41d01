"""What may be seen of meetings. Every reader, page or feed or other room, goes through the queries here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import User
from engage.dockets.models import Docket, Document, DocumentVersion
from engage.errors import NotFound
from engage.meetings.access import CLERKS, may_edit
from engage.meetings.codes import index_of
from engage.meetings.models import AgendaItem, Attendee, Meeting, MeetingFile, MeetingSeries
from engage.meetings.models.meeting import LASTS_WITHOUT_END


def public_meetings(now: datetime) -> sa.Select[Meeting]:
    """The meetings that everybody may see: published, of no docket or of a published one. In no order.

    What is cancelled or postponed stays among them.
    """
    is_shown = sa.or_(Meeting.docket_id.is_(None), Docket.published_at <= now)
    return (
        sa.select(Meeting)
        .outerjoin(Docket, Meeting.docket_id == Docket.id)
        .where(Meeting.published_at <= now, is_shown)
    )


def of_docket(now: datetime, docket_id: int) -> sa.Select[Meeting]:
    """The public meetings of a docket. In no order."""
    return public_meetings(now).where(Meeting.docket_id == docket_id)


def of_period(now: datetime, period_id: int) -> sa.Select[Meeting]:
    """The public meetings whose comments belong to a comment period. In no order."""
    return public_meetings(now).where(Meeting.period_id == period_id)


def is_over(now: datetime) -> sa.ColumnElement[bool]:
    """What Meeting.last_instant says, for the database. Never NULL, so that its opposite can be asked for."""
    has_no_end = Meeting.ends_at.is_(None)
    return sa.or_(
        sa.and_(sa.not_(has_no_end), Meeting.ends_at <= now),
        sa.and_(has_no_end, Meeting.starts_at <= now - LASTS_WITHOUT_END),
    )


def next_and_past(
    session: Session, wanted: sa.Select[Meeting], now: datetime, *, next_ones: int = 50, past: int = 50
) -> tuple[list[Meeting], list[Meeting]]:
    """Those that are not over, the next first; and those that are, the newest first. With their changes."""
    wanted = wanted.options(selectinload(Meeting.changes))
    upcoming = wanted.where(sa.not_(is_over(now))).order_by(Meeting.starts_at, Meeting.id)
    earlier = wanted.where(is_over(now)).order_by(Meeting.starts_at.desc(), Meeting.id)
    return (
        list(session.scalars(upcoming.limit(next_ones))),
        list(session.scalars(earlier.limit(past))),
    )


def with_contents(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Load with the meetings their docket, agenda, files (without content), changes and notices."""
    return statement.options(
        joinedload(Meeting.docket),
        selectinload(Meeting.items).selectinload(AgendaItem.files),
        selectinload(Meeting.files)
        .joinedload(MeetingFile.version)
        .joinedload(DocumentVersion.document)
        .joinedload(Document.docket),
        selectinload(Meeting.changes),
        selectinload(Meeting.notices),
    )


def get_public_meeting(session: Session, slug: str, now: datetime) -> Meeting:
    """The published meeting with this slug. Raises NotFound: a draft is not there for the public."""
    return _found(session.scalar(public_meetings(now).where(Meeting.slug == _searchable(slug))))


def get_meeting(session: Session, slug: str, user: User) -> Meeting:
    """A meeting for somebody of the staff who may work on it. Raises NotFound, also for another host's."""
    meeting = _found(session.scalar(sa.select(Meeting).where(Meeting.slug == _searchable(slug))))
    if not may_edit(user, meeting):
        raise _unknown()
    return meeting


def get_series(session: Session, slug: str, user: User) -> MeetingSeries:
    """A series for somebody of the staff who may work on it. Raises NotFound, also for another host's."""
    series = session.scalar(sa.select(MeetingSeries).where(MeetingSeries.slug == _searchable(slug)))
    if series is None or not may_edit(user, series):
        raise NotFound(_l("There is no such series of meetings."))
    return series


def staff_meetings(user: User) -> sa.Select[Meeting]:
    """The meetings that this person may work on. In no order."""
    if user.has_any_role(*CLERKS):
        return sa.select(Meeting)
    return sa.select(Meeting).where(Meeting.host_id == user.id)


def staff_series(user: User) -> sa.Select[MeetingSeries]:
    """The series that this person may work on. In no order."""
    if user.has_any_role(*CLERKS):
        return sa.select(MeetingSeries)
    return sa.select(MeetingSeries).where(MeetingSeries.host_id == user.id)


def get_item(meeting: Meeting, item_id: int) -> AgendaItem:
    """One item of this meeting's agenda. Raises NotFound, also for another meeting's."""
    for item in meeting.items:
        if item.id == item_id:
            return item
    raise NotFound(_l("There is no such item on the agenda."))


def get_attendee(session: Session, code: str, now: datetime) -> Attendee:
    """Whose code this is. Raises NotFound, also where the meeting is not there for the public any more."""
    visible = public_meetings(now).with_only_columns(Meeting.id)
    attendee = session.scalar(
        sa.select(Attendee).where(Attendee.code_index == index_of(code), Attendee.meeting_id.in_(visible))
    )
    if attendee is None:
        raise NotFound(_l("Nobody has this code."))
    return attendee


def _found(meeting: Meeting | None) -> Meeting:
    if meeting is None:
        raise _unknown()
    return meeting


def _unknown() -> NotFound:
    return NotFound(_l("There is no such meeting."))


def _searchable(text: str) -> str:
    """Without the one character that PostgreSQL cannot even be asked for."""
    return text.replace("\0", "")
