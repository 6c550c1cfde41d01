"""Extend, reopen and cancel a published period: never in silence, and nothing that came before is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.clock import NoSuchTime, from_wall_clock, to_wall_clock
from engage.comments.models import (
    COUNT,
    ChangeKind,
    Comment,
    CommentPeriod,
    PeriodChange,
    PeriodState,
)
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.jobs.queue import wake

_FROM = {
    ChangeKind.EXTEND: frozenset({PeriodState.SCHEDULED, PeriodState.OPEN}),
    ChangeKind.REOPEN: frozenset({PeriodState.CLOSED}),
    ChangeKind.CANCEL: frozenset({PeriodState.SCHEDULED, PeriodState.OPEN}),
}
"""The states of a period in which each change is possible."""


class WrongPeriodState(RuleBroken):
    """This change cannot follow the state that the period is in; it may have changed meanwhile."""


class EndsTooEarly(RuleBroken):
    """The new end is not later than the old one, or has passed already."""


class NoReason(RuleBroken):
    """The public is not told why, in every language that the period needs."""


def extend_period(
    session: Session,
    period: CommentPeriod,
    *,
    closes_at: datetime,
    reason: Localised,
    actor: User | None,
    now: datetime,
) -> PeriodChange:
    """Let a period that is open, or not open yet, end later.

    Raises WrongPeriodState, EndsTooEarly, NoReason.
    """
    return _move_end(session, period, ChangeKind.EXTEND, closes_at, reason, actor, now)


def reopen_period(
    session: Session,
    period: CommentPeriod,
    *,
    closes_at: datetime,
    reason: Localised,
    actor: User | None,
    now: datetime,
) -> PeriodChange:
    """Open a closed period again, at once, until a new end. What came late meanwhile is then in time.

    Raises WrongPeriodState, EndsTooEarly, NoReason.
    """
    change = _move_end(session, period, ChangeKind.REOPEN, closes_at, reason, actor, now)
    session.execute(
        sa.update(Comment)
        .where(Comment.period_id == period.id, ~Comment.on_time, Comment.received_on <= period.last_day)
        .values(on_time=True, count_due=True)
        .execution_options(synchronize_session="fetch")
    )
    wake(session, COUNT)
    return change


def cancel_period(
    session: Session, period: CommentPeriod, *, reason: Localised, actor: User | None, now: datetime
) -> PeriodChange:
    """Take no more comments, for good. The period stays visible, and so does what came.

    Raises WrongPeriodState, NoReason.
    """
    _take(session, period, ChangeKind.CANCEL, reason, now)
    change = _record(session, period, ChangeKind.CANCEL, None, reason, actor, now)
    period.cancelled_at = now
    session.flush()
    return change


def possible_changes(period: CommentPeriod, now: datetime) -> list[ChangeKind]:
    """What can be done with a period in its present state."""
    return [kind for kind, states in _FROM.items() if period.state(now) in states]


def _move_end(
    session: Session,
    period: CommentPeriod,
    kind: ChangeKind,
    closes_at: datetime,
    reason: Localised,
    actor: User | None,
    now: datetime,
) -> PeriodChange:
    _take(session, period, kind, reason, now)
    if closes_at <= period.closes_at or closes_at <= now:
        raise EndsTooEarly(_l("The new end is later than the old one and lies ahead."))
    change = _record(session, period, kind, closes_at, reason, actor, now)
    late_for = _late_for(period)
    period.closes_at = closes_at
    if late_for is not None:
        shifted = to_wall_clock(closes_at, period.zone) + late_for
        period.late_until = _first_existing(shifted, period)
    session.flush()
    return change


def _late_for(period: CommentPeriod) -> timedelta | None:
    """How long late comments are taken, by the clocks of the place: it stays the same with a later end."""
    if period.late_until is None:
        return None
    return to_wall_clock(period.late_until, period.zone) - to_wall_clock(period.closes_at, period.zone)


def _first_existing(local: datetime, period: CommentPeriod) -> datetime:
    """The instant of a wall clock; an hour later where summer time skips it: nobody typed this one."""
    try:
        return from_wall_clock(local, period.zone)
    except NoSuchTime:
        return from_wall_clock(local + timedelta(hours=1), period.zone)


def _take(
    session: Session, period: CommentPeriod, kind: ChangeKind, reason: Localised, now: datetime
) -> None:
    """Read the row as it is now and hold it: somebody else may be changing it at this moment."""
    session.refresh(period, with_for_update=True)
    if period.state(now) not in _FROM[kind]:
        raise WrongPeriodState(_l("This cannot be done with the period in its present state."))
    if not all(getattr(reason, code) for code in period.required_languages):
        raise NoReason(_l("Say why, in each language that the period needs."))


def _record(
    session: Session,
    period: CommentPeriod,
    kind: ChangeKind,
    closes_at: datetime | None,
    reason: Localised,
    actor: User | None,
    now: datetime,
) -> PeriodChange:
    change = PeriodChange(
        period_id=period.id,
        kind=kind,
        happened_at=now,
        actor_id=actor.id if actor else None,
        old_closes_at=period.closes_at,
        new_closes_at=closes_at,
        reason=reason,
    )
    session.add(change)
    session.flush()
    session.expire(period, ["changes"])
    return change
