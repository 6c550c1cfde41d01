"""What was said at meetings and written for them, as everybody may read it: by the one scoped query of
comments, so what is withheld or withdrawn is nowhere, in no list and in no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from engage.comments.models import Channel, Comment, CommentPeriod
from engage.comments.queries import public_comments, with_details
from engage.meetings.models import AgendaItem, Attendee, Meeting, MeetingComment, Mode
from engage.meetings.queries import public_meetings
from engage.web.paging import PAGE_SIZE, Page

ON_ANYTHING = 0
"""The item of what was said on no item of the agenda, in addresses."""


class How(StrEnum):
    """How a comment came to a meeting."""

    SPOKEN = "spoken"
    WRITTEN = "written"


def how(comment: Comment) -> How:
    """Whether it was spoken at the meeting or written for it."""
    return How.SPOKEN if comment.channel is Channel.MEETING_ORAL else How.WRITTEN


@dataclass(frozen=True, slots=True)
class Said:
    """How many posted comments were spoken and written."""

    spoken: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.spoken + self.written

    def of(self, which: How) -> int:
        """One of the two."""
        return self.spoken if which == How.SPOKEN else self.written

    def __add__(self, other: Said) -> Said:
        return Said(self.spoken + other.spoken, self.written + other.written)


@dataclass(frozen=True, slots=True)
class SaidAt:
    """A meeting and how much was said at it and written for it."""

    meeting: Meeting
    said: Said


def read_said(
    session: Session,
    meeting: Meeting,
    *,
    item: int | None = None,
    which: How | None = None,
    number: int,
    now: datetime,
) -> Page[tuple[Comment, AgendaItem | None]]:
    """One page of a meeting's posted comments with their items, in the order of the agenda.

    Within an item the newest day first, within a day at random, never in the order in which people spoke.
    ``item`` is an item's id or ON_ANYTHING.
    """
    wanted = _posted(now).where(MeetingComment.meeting_id == meeting.id)
    if item is not None:
        wanted = wanted.where(
            MeetingComment.item_id.is_(None) if item == ON_ANYTHING else MeetingComment.item_id == item
        )
    if which is not None:
        wanted = wanted.where(_is_spoken() if which is How.SPOKEN else ~_is_spoken())
    total = session.scalar(wanted.with_only_columns(sa.func.count(Comment.id))) or 0
    rows = session.execute(
        with_details(wanted.add_columns(AgendaItem))
        .outerjoin(AgendaItem, AgendaItem.id == MeetingComment.item_id)
        .order_by(
            AgendaItem.position.is_(None), AgendaItem.position, Comment.received_on.desc(), Comment.id.desc()
        )
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(
        rows=[(comment, its_item) for comment, its_item in rows], number=number, size=PAGE_SIZE, total=total
    )


def said_by_item(session: Session, meeting: Meeting, now: datetime) -> dict[int, Said]:
    """How much was said on each item, by its id; on none: ON_ANYTHING. Items without a comment are left
    out."""
    rows = session.execute(
        _counted(MeetingComment.item_id, now).where(MeetingComment.meeting_id == meeting.id)
    )
    return {item_id or ON_ANYTHING: _said(spoken, n) for item_id, spoken, n in rows}


def said_in(session: Session, period: CommentPeriod, now: datetime) -> list[SaidAt]:
    """The public meetings of a period that have begun or have comments, in the order of their time.

    One statement, which begins at the meetings: it costs what was said at them, not what the period has.
    """
    its_own = sa.select(Meeting.id).where(Meeting.period_id == period.id)
    counted = (
        _counted(MeetingComment.meeting_id, now)
        .where(MeetingComment.meeting_id.in_(its_own))
        .subquery("counted")
    )
    rows = session.execute(
        public_meetings(now)
        .outerjoin(counted, counted.c.of == Meeting.id)
        .where(Meeting.period_id == period.id, sa.or_(counted.c.of.is_not(None), _has_begun(now)))
        .add_columns(counted.c.spoken, counted.c.n)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [SaidAt(meeting, _said(spoken, n)) for meeting, spoken, n in rows]


def held_meanwhile(session: Session, period: CommentPeriod, now: datetime) -> list[Meeting]:
    """The public meetings of a period's docket that belong to no period and have begun while it took
    comments, in the order of their time. Nothing that was said at them is a comment of the period.
    """
    wanted = public_meetings(now).where(
        Meeting.docket_id == period.docket_id,
        Meeting.period_id.is_(None),
        Meeting.starts_at >= period.opens_at,
        Meeting.starts_at < period.closes_at,
        _has_begun(now),
    )
    return list(session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)))


def meetings_of(session: Session, comments: Iterable[Comment], now: datetime) -> dict[int, MeetingComment]:
    """By the id of the comment, the meeting and item that it belongs to; only of meetings that everybody
    sees."""
    ids = [comment.id for comment in comments]
    if not ids:
        return {}
    visible = public_meetings(now).with_only_columns(Meeting.id)
    rows: Sequence[MeetingComment] = session.scalars(
        sa.select(MeetingComment)
        .where(MeetingComment.comment_id.in_(ids), MeetingComment.meeting_id.in_(visible))
        .options(joinedload(MeetingComment.meeting), joinedload(MeetingComment.item))
    ).all()
    return {row.comment_id: row for row in rows}


def count_typed(session: Session, meeting: Meeting) -> int:
    """How many spoken comments were typed in for a meeting, whatever has become of them: for its staff."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(MeetingComment)
            .join(Comment, Comment.id == MeetingComment.comment_id)
            .where(MeetingComment.meeting_id == meeting.id, _is_spoken())
        )
        or 0
    )


def count_checked_in(session: Session, meeting: Meeting) -> dict[Mode, int]:
    """How many were checked in at the door, in person and from elsewhere: for its staff."""
    rows = session.execute(
        sa.select(Attendee.mode, sa.func.count())
        .where(Attendee.meeting_id == meeting.id, Attendee.has_come)
        .group_by(Attendee.mode)
    )
    return {mode: int(n) for mode, n in rows}


def _posted(now: datetime) -> sa.Select[Comment]:
    return public_comments(now).join(MeetingComment, MeetingComment.comment_id == Comment.id)


def _counted(key: InstrumentedAttribute[Any], now: datetime) -> sa.Select[Any, int, int]:
    """How many were spoken and how many there are in all, by a column of the tie between comment and
    meeting."""
    spoken = sa.func.sum(sa.case((_is_spoken(), 1), else_=0))
    return (
        _posted(now)
        .with_only_columns(key.label("of"), spoken.label("spoken"), sa.func.count(Comment.id).label("n"))
        .group_by(key)
    )


def _said(spoken: int | None, n: int | None) -> Said:
    return Said(int(spoken or 0), int(n or 0) - int(spoken or 0))


def _has_begun(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Meeting.starts_at <= now, Meeting.cancelled_at.is_(None), Meeting.postponed_at.is_(None))


def _is_spoken() -> sa.ColumnElement[bool]:
    return Comment.channel == Channel.MEETING_ORAL
