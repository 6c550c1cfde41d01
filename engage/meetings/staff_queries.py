"""What staff see of meetings: their list, what waits for the clerks, and what a form may offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import Role, RoleName, User
from engage.comments import queries as comments
from engage.comments.models import CommentPeriod
from engage.dockets import queries as dockets
from engage.dockets.models import Docket
from engage.meetings import queries
from engage.meetings.access import may_publish
from engage.meetings.models import (
    AccommodationRequest,
    AccommodationState,
    AgendaItem,
    Attendee,
    Meeting,
    MeetingSeries,
)
from engage.meetings.posted import differs_from_posted

Row = TypeVar("Row")


class Shown(StrEnum):
    """Which meetings a list shows."""

    EVERYTHING = ""
    TO_COME = "to_come"
    PAST = "past"
    DRAFTS = "drafts"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class OpenNeeds:
    """How many requests of one meeting wait for an answer, and by when the next is due."""

    meeting: Meeting
    count: int
    due_on: date


def listed(user: User, shown: Shown, now: datetime) -> sa.Select[Meeting]:
    """The meetings that this person may work on, of one sort, in the order in which they are looked for."""
    conditions: dict[Shown, tuple[sa.ColumnElement[bool], ...]] = {
        Shown.EVERYTHING: (),
        Shown.TO_COME: (Meeting.published_at.is_not(None), _is_ahead(now)),
        Shown.PAST: (Meeting.published_at.is_not(None), sa.not_(_is_ahead(now))),
        Shown.DRAFTS: (Meeting.published_at.is_(None),),
        Shown.WAITING: _waiting(),
    }
    orders: dict[Shown, Any] = {
        Shown.TO_COME: Meeting.starts_at,
        Shown.DRAFTS: Meeting.starts_at,
        Shown.WAITING: Meeting.submitted_at,
    }
    wanted = queries.staff_meetings(user).where(*conditions[shown])
    if shown is Shown.EVERYTHING:
        return wanted.order_by(*nearest_first(now))
    return wanted.order_by(orders.get(shown, Meeting.starts_at.desc()), Meeting.id)


def nearest_first(now: datetime) -> tuple[sa.ColumnElement[Any], ...]:
    """The order of a list of all: what is to come, the next first, then what is over, the newest first."""
    starts_ahead = sa.case((_is_ahead(now), Meeting.starts_at))
    is_over = sa.case((_is_ahead(now), 0), else_=1)
    return is_over, starts_ahead, Meeting.starts_at.desc(), Meeting.id.asc()


def count_waiting(session: Session) -> int:
    """How many drafts the hosts have handed to the clerks."""
    return session.scalar(sa.select(sa.func.count()).select_from(Meeting).where(*_waiting())) or 0


def waiting_series(session: Session) -> list[tuple[MeetingSeries, int]]:
    """The series of which several drafts were handed to the clerks, and how many of each."""
    count = sa.func.count()
    wanted = (
        sa.select(MeetingSeries, count)
        .join(Meeting, Meeting.series_id == MeetingSeries.id)
        .where(*_waiting())
        .group_by(MeetingSeries.id)
        .having(count > 1)
        .order_by(MeetingSeries.starts_at, MeetingSeries.id)
    )
    return [(series, number) for series, number in session.execute(wanted)]


def unposted_agendas(session: Session, now: datetime) -> list[Meeting]:
    """The published meetings still to be held whose agenda is another than residents read, the next first."""
    wanted = sa.select(Meeting).where(
        Meeting.published_at <= now,
        Meeting.cancelled_at.is_(None),
        _is_ahead(now),
        sa.exists().where(AgendaItem.meeting_id == Meeting.id),
    )
    found = session.scalars(queries.with_contents(wanted).order_by(Meeting.starts_at, Meeting.id))
    return [meeting for meeting in found if differs_from_posted(meeting, now)]


def open_needs(session: Session, user: User, now: datetime) -> list[OpenNeeds]:
    """What wait for an answer in the meetings of this person that are still to be held, what is due first
    first."""
    due_on = sa.func.min(AccommodationRequest.due_on)
    meetings = queries.staff_meetings(user).where(Meeting.cancelled_at.is_(None), _is_ahead(now))
    rows = session.execute(
        sa.select(Attendee.meeting_id, sa.func.count(), due_on)
        .join(AccommodationRequest, AccommodationRequest.attendee_id == Attendee.id)
        .where(
            AccommodationRequest.state == AccommodationState.REQUESTED,
            Attendee.cancelled_on.is_(None),
            Attendee.meeting_id.in_(meetings.with_only_columns(Meeting.id)),
        )
        .group_by(Attendee.meeting_id)
        .order_by(due_on, Attendee.meeting_id)
    ).all()
    return [OpenNeeds(session.get_one(Meeting, number), count, day) for number, count, day in rows]


def offered_dockets(session: Session, user: User, meeting: Meeting | None, now: datetime) -> list[Docket]:
    """The dockets that this person may give a meeting: a host those that residents see."""
    if may_publish(user):
        return dockets.dockets(session)
    return _with_own(dockets.public_dockets(session, now), meeting.docket if meeting else None)


def offered_periods(
    session: Session, user: User, meeting: Meeting | None, now: datetime
) -> list[CommentPeriod]:
    """The comment periods that this person may give a meeting: a host those that residents see."""
    if may_publish(user):
        return comments.periods(session)
    seen = list(session.scalars(comments.with_docket(comments.public_periods(now))))
    return _with_own(seen, meeting.period if meeting else None)


def offered_hosts(session: Session, meeting: Meeting | None) -> Sequence[User]:
    """The people to whom clerks may give a meeting: every active host, by name."""
    wanted = sa.select(User).join(User.roles).where(Role.name == RoleName.HOST, User.active)
    found = list(session.scalars(wanted.order_by(User.name, User.id)).unique())
    return _with_own(found, meeting.host if meeting else None)


def _is_ahead(now: datetime) -> sa.ColumnElement[bool]:
    """Not over, or without a date: see Meeting.status."""
    return sa.or_(
        sa.not_(queries.is_over(now)),
        sa.and_(Meeting.postponed_at.is_not(None), Meeting.cancelled_at.is_(None)),
    )


def _waiting() -> tuple[sa.ColumnElement[bool], ...]:
    return Meeting.published_at.is_(None), Meeting.submitted_at.is_not(None)


def _with_own(offered: list[Row], own: Row | None) -> list[Row]:
    return offered if own is None or own in offered else [*offered, own]
