"""What staff see of forms: their list, what waits for the clerks, and what a form may be about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import Role, RoleName, User
from engage.dockets import queries as dockets
from engage.dockets.models import Docket
from engage.feedback import queries
from engage.feedback.access import may_publish
from engage.feedback.models import BoxedAnswer, FeedbackForm, FormResponse, FormVersion
from engage.meetings import queries as meetings
from engage.meetings.models import Meeting
from engage.survey.suppression import K

Row = TypeVar("Row")

_MOST_MEETINGS = 300
"""So many can be chosen from, the newest first: a form is about a meeting that is near."""


class Shown(StrEnum):
    """Which forms a list shows."""

    EVERYTHING = ""
    WAITING = "waiting"
    DRAFTS = "drafts"
    OPEN = "open"
    CLOSED = "closed"


def listed(user: User, shown: Shown, now: datetime) -> sa.Select[FeedbackForm]:
    """The forms of one sort that this person may work on: what waits for a clerk first, then the newest."""
    is_closed = FeedbackForm.closes_at <= now
    conditions: dict[Shown, tuple[sa.ColumnElement[bool], ...]] = {
        Shown.EVERYTHING: (),
        Shown.WAITING: (_WAITS,),
        Shown.DRAFTS: (FeedbackForm.published_at.is_(None),),
        Shown.OPEN: (
            FeedbackForm.published_at <= now,
            sa.or_(FeedbackForm.closes_at.is_(None), sa.not_(is_closed)),
        ),
        Shown.CLOSED: (FeedbackForm.published_at <= now, is_closed),
    }
    order: dict[Shown, Any] = {
        Shown.WAITING: FeedbackForm.submitted_at,
        Shown.OPEN: FeedbackForm.opens_at.desc(),
        Shown.CLOSED: FeedbackForm.closes_at.desc(),
    }
    return (
        queries.staff_forms(user)
        .where(*conditions[shown])
        .options(selectinload(FeedbackForm.versions), joinedload(FeedbackForm.host))
        .order_by(
            sa.case((_WAITS, 0), else_=1),
            order.get(shown, FeedbackForm.changed_at.desc()),
            FeedbackForm.id,
        )
    )


def count_waiting(session: Session) -> int:
    """How many forms the hosts have handed to the clerks."""
    return session.scalar(sa.select(sa.func.count()).select_from(FeedbackForm).where(_WAITS)) or 0


def answers_by_version(session: Session, form: FeedbackForm) -> dict[int, int]:
    """How many answers each version has, by its number: acknowledged ones, counted or not."""
    ids = {version.id: version.number for version in form.versions}
    counts = dict.fromkeys(ids.values(), 0)
    for model in (FormResponse, BoxedAnswer):
        found = session.execute(
            sa.select(model.version_id, sa.func.count())
            .where(model.version_id.in_(ids))
            .group_by(model.version_id)
        )
        for version_id, count in found:
            counts[ids[version_id]] += count
    return counts


def has_few(answers: dict[int, int]) -> bool:
    """Whether some version has so few answers that it is not told, which the others would give away."""
    return any(0 < count < K for count in answers.values())


def newest_first(form: FeedbackForm) -> list[FormVersion]:
    """The versions of a form, what is asked now first."""
    return sorted(form.versions, key=lambda version: -version.number)


def offered_dockets(session: Session, user: User, form: FeedbackForm | None, now: datetime) -> list[Docket]:
    """The dockets that this person may ask about: a host those that residents see."""
    if may_publish(user):
        return dockets.dockets(session)
    return _with_own(dockets.public_dockets(session, now), form.docket if form else None)


def offered_meetings(session: Session, user: User, form: FeedbackForm | None) -> list[Meeting]:
    """The meetings that this person may ask about: a host their own."""
    wanted = meetings.staff_meetings(user).order_by(Meeting.starts_at.desc(), Meeting.id)
    return _with_own(list(session.scalars(wanted.limit(_MOST_MEETINGS))), form.meeting if form else None)


def offered_hosts(session: Session, form: FeedbackForm | None) -> Sequence[User]:
    """The people to whom clerks may give a form: every active host, by name."""
    wanted = sa.select(User).join(User.roles).where(Role.name == RoleName.HOST, User.active)
    found = list(session.scalars(wanted.order_by(User.name, User.id)).unique())
    return _with_own(found, form.host if form else None)


_WAITS = FeedbackForm.submitted_at.is_not(None)


def _with_own(offered: list[Row], own: Row | None) -> list[Row]:
    return offered if own is None or own in offered else [*offered, own]
