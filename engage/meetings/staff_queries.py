"""What staff see of meetings: their list, what waits for the clerks, and what a form may offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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
from engage.meetings.models import Meeting

Row = TypeVar("Row")


class Shown(StrEnum):
    """Which meetings a list shows."""

    EVERYTHING = ""
    TO_COME = "to_come"
    PAST = "past"
    DRAFTS = "drafts"
    WAITING = "waiting"


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
    return wanted.order_by(orders.get(shown, Meeting.starts_at.desc()), Meeting.id)


def count_waiting(session: Session) -> int:
    """How many drafts the hosts have handed to the clerks."""
    return session.scalar(sa.select(sa.func.count()).select_from(Meeting).where(*_waiting())) or 0


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
