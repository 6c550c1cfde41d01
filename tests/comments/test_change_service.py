"""Extending, reopening and cancelling: in public, append-only, and nothing that came is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import from_wall_clock
from engage.comments import service
from engage.comments.models import (
    ChangeKind,
    Comment,
    CommentPeriod,
    Disposition,
    LatePolicy,
    PeriodChange,
    PeriodState,
)
from engage.comments.service import Submission, submit_comment
from engage.db.types import Localised
from tests.support import makers
from tests.support.makers import NOON, both

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
WHY = both("More time to translate")


def period_until(session: Session, closes_at: datetime = NOON, **fields: object) -> CommentPeriod:
    before = closes_at - 30 * DAY
    return makers.comment_period(session, opens_at=before, closes_at=closes_at, published_at=before, **fields)


def send(session: Session, period: CommentPeriod, now: datetime) -> Comment:
    said = Submission(body="I have something to say.")
    return submit_comment(session, period=period, submission=said, client_token=None, now=now)


def test_an_extension_keeps_who_when_the_old_end_and_why(session: Session) -> None:
    period, clerk = period_until(session), makers.user(session, RoleName.CLERK)

    service.extend_period(session, period, closes_at=NOON + DAY, reason=WHY, actor=clerk, now=NOON - SECOND)
    service.extend_period(session, period, closes_at=NOON + 9 * DAY, reason=WHY, actor=None, now=NOON)

    assert period.closes_at == NOON + 9 * DAY
    assert [
        (each.kind, each.old_closes_at, each.new_closes_at, each.reason, each.actor_id, each.happened_at)
        for each in period.changes
    ] == [
        (ChangeKind.EXTEND, NOON, NOON + DAY, WHY, clerk.id, NOON - SECOND),
        (ChangeKind.EXTEND, NOON + DAY, NOON + 9 * DAY, WHY, None, NOON),
    ]
    assert send(session, period, NOON + 9 * DAY - SECOND).on_time


@pytest.mark.parametrize("new_end", [NOON, NOON - SECOND])
def test_an_extension_ends_later(session: Session, new_end: datetime) -> None:
    period = period_until(session)

    with pytest.raises(service.EndsTooEarly):
        service.extend_period(session, period, closes_at=new_end, reason=WHY, actor=None, now=NOON - DAY)

    assert period.changes == []


def test_a_reopened_period_is_open_at_once_and_closes_at_its_new_end(session: Session) -> None:
    period = period_until(session)
    with pytest.raises(service.EndsTooEarly):
        service.reopen_period(session, period, closes_at=NOON + DAY, reason=WHY, actor=None, now=NOON + DAY)

    service.reopen_period(session, period, closes_at=NOON + 9 * DAY, reason=WHY, actor=None, now=NOON + DAY)

    assert period.state(NOON + DAY) is PeriodState.OPEN
    assert period.state(NOON + 9 * DAY) is PeriodState.CLOSED


def test_what_came_late_before_a_period_was_reopened_is_in_time_and_counted_anew(session: Session) -> None:
    period = period_until(session, late_policy=LatePolicy.ACCEPT_MARKED)
    late = send(session, period, NOON + DAY)
    assert (late.on_time, late.received_on) == (False, (NOON + DAY).date())
    session.execute(sa.update(Comment).values(count_due=False))

    service.reopen_period(
        session, period, closes_at=NOON + 9 * DAY, reason=WHY, actor=None, now=NOON + 2 * DAY
    )

    session.refresh(late)
    assert (late.on_time, late.count_due) == (True, True)


def test_a_cancelled_period_takes_nothing_and_keeps_what_came(session: Session) -> None:
    period = period_until(session, late_policy=LatePolicy.ACCEPT_MARKED)
    comment = send(session, period, NOON - 2 * DAY)

    service.cancel_period(session, period, reason=WHY, actor=None, now=NOON - DAY)

    for now in (NOON - DAY, NOON - SECOND, NOON, NOON + 9 * DAY):
        assert period.state(now) is PeriodState.CANCELLED
        with pytest.raises(service.PeriodClosed):
            send(session, period, now)
    session.refresh(comment)
    assert comment.disposition is Disposition.RECEIVED
    assert period.changes[0].new_closes_at is None


@pytest.mark.parametrize(
    ("now", "possible"),
    [
        (NOON - 31 * DAY, []),
        (NOON - 30 * DAY, [ChangeKind.EXTEND, ChangeKind.CANCEL]),
        (NOON - SECOND, [ChangeKind.EXTEND, ChangeKind.CANCEL]),
        (NOON, [ChangeKind.REOPEN]),
    ],
)
def test_each_change_has_its_states(session: Session, now: datetime, possible: list[ChangeKind]) -> None:
    period = period_until(session)
    session.commit()
    assert service.possible_changes(period, now) == possible
    later: dict[str, Any] = {"closes_at": NOON + 9 * DAY, "reason": WHY, "actor": None, "now": now}

    for kind, change in (
        (ChangeKind.EXTEND, service.extend_period),
        (ChangeKind.REOPEN, service.reopen_period),
    ):
        if kind not in possible:
            with pytest.raises(service.WrongPeriodState):
                change(session, period, **later)
    if ChangeKind.CANCEL not in possible:
        with pytest.raises(service.WrongPeriodState):
            service.cancel_period(session, period, reason=WHY, actor=None, now=now)


def test_a_cancelled_period_stays_cancelled(session: Session) -> None:
    period = period_until(session)
    service.cancel_period(session, period, reason=WHY, actor=None, now=NOON - DAY)

    with pytest.raises(service.WrongPeriodState):
        service.reopen_period(session, period, closes_at=NOON + DAY, reason=WHY, actor=None, now=NOON)


@pytest.mark.parametrize("reason", [Localised(), Localised(en="Only English"), Localised(es="Solo español")])
def test_the_public_is_told_why_in_every_language(session: Session, reason: Localised) -> None:
    period = period_until(session)

    with pytest.raises(service.NoReason):
        service.extend_period(
            session, period, closes_at=NOON + DAY, reason=reason, actor=None, now=NOON - DAY
        )
    with pytest.raises(service.NoReason):
        service.cancel_period(session, period, reason=reason, actor=None, now=NOON - DAY)


def test_late_comments_are_taken_as_long_after_the_new_end_as_after_the_old_one(session: Session) -> None:
    new_york = ZoneInfo("America/New_York")
    end = from_wall_clock(datetime(2026, 10, 25, 17, 0), new_york)  # noqa: DTZ001 - on the wall
    until = from_wall_clock(datetime(2026, 10, 28, 17, 0), new_york)  # noqa: DTZ001
    period = period_until(session, end, late_policy=LatePolicy.ACCEPT_MARKED, late_until=until)

    service.extend_period(
        session, period, closes_at=end + timedelta(days=14, hours=1), reason=WHY, actor=None, now=end - DAY
    )

    # Summer time has ended between the two, and clocks show 17:00 at both.
    assert period.late_until == datetime(2026, 11, 11, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "statement", [sa.update(PeriodChange).values(actor_id=None), sa.delete(PeriodChange)]
)
def test_the_database_refuses_to_forget_a_change(session: Session, statement: sa.Update | sa.Delete) -> None:
    period = period_until(session)
    service.extend_period(session, period, closes_at=NOON + DAY, reason=WHY, actor=None, now=NOON - DAY)
    session.commit()

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(statement)
