"""Days that were promised, by the calendar of the place: at midnight, and when its clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engage.responses import queries, words
from engage.responses.due import days_overdue, first_promised, is_due_soon
from tests.responses.answering import COST, counted, raising, save
from tests.support import makers

DUE = date(2026, 10, 3)


@pytest.mark.parametrize(("today", "days"), [(DUE - timedelta(1), 0), (DUE, 0), (DUE + timedelta(12), 12)])
def test_it_is_overdue_from_the_day_after(today: date, days: int) -> None:
    assert days_overdue(DUE, today) == days
    assert days_overdue(None, today) == 0


def test_it_is_due_soon_from_a_week_before_to_the_day_itself() -> None:
    assert [is_due_soon(DUE, DUE + timedelta(days)) for days in (-8, -7, 0, 1)] == [False, True, True, False]
    assert not is_due_soon(None, DUE)


def test_moving_a_promise_to_a_later_day_does_not_hide_the_first() -> None:
    assert first_promised(None, None) is None
    assert first_promised(None, DUE) == DUE
    assert first_promised(DUE, DUE + timedelta(9)) == DUE
    assert first_promised(DUE, DUE - timedelta(9)) == DUE - timedelta(9)


@pytest.mark.parametrize(
    ("due_on", "last"),
    [
        (date(2026, 10, 3), datetime(2026, 10, 4, 3, 59, 59, tzinfo=UTC)),
        # The day on which summer time begins has 23 hours, that on which it ends 25.
        (date(2027, 3, 14), datetime(2027, 3, 15, 3, 59, 59, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_promised_day_ends_at_midnight_of_the_place(session: Session, due_on: date, last: datetime) -> None:
    period = makers.comment_period(session, time_zone="America/New_York")
    raising(session, period, COST)
    save(session, period, COST, today=date(2026, 9, 1), due_on=due_on, is_ready=False)
    counted(session)

    def overdue(now: datetime) -> int:
        (line,) = queries.lines(session, period, max(now, datetime.now(UTC)))
        return line.told.overdue_days(queries.today_of(period, now))

    assert overdue(last) == 0
    assert overdue(last + timedelta(seconds=1)) == 1


def test_it_is_said_in_plain_words(session: Session) -> None:
    assert words.promised(DUE, DUE) == "Promised for October 3, 2026"
    assert words.promised(DUE, DUE + timedelta(30)) == (
        "Promised for October 3, 2026, moved to November 2, 2026"
    )
    assert [words.overdue(days) for days in (1, 12)] == ["1 day overdue", "12 days overdue"]
