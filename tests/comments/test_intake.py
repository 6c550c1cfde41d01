"""Whether a comment is in time, for every way in (cases 18 and 19): by our clock and the place's days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import NoSuchTime, from_wall_clock
from engage.comments.models import Channel, Comment, CommentPeriod, LatePolicy
from engage.comments.service import AlreadySent, Intake, NotADay, PeriodClosed, Submission, submit_comment
from tests.support import makers
from tests.support.makers import NOON

NEW_YORK = ZoneInfo("America/New_York")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SAID = Submission(body="I have something to say.")
LATE = LatePolicy.ACCEPT_MARKED


def wall(*clock: int) -> datetime:
    """The instant at which clocks in New York show this."""
    return from_wall_clock(datetime(*clock), NEW_YORK)  # type: ignore[arg-type]  # noqa: DTZ001


def period_until(session: Session, closes_at: datetime, **fields: object) -> CommentPeriod:
    long_ago = closes_at - timedelta(days=400)
    return makers.comment_period(
        session, opens_at=long_ago, closes_at=closes_at, published_at=long_ago, **fields
    )


def send(
    session: Session,
    period: CommentPeriod,
    now: datetime,
    intake: Intake = Intake(),  # noqa: B008 - frozen
    token: str | None = None,
) -> Comment:
    return submit_comment(session, period=period, submission=SAID, client_token=token, now=now, intake=intake)


# Clocks are set forward at 2:00 on March 8 and back at 2:00 on November 1.
DEADLINES = [
    (2026, 7, 1, 17, 0),
    (2026, 3, 8, 1, 59, 59),
    (2026, 3, 8, 3, 0),
    (2026, 3, 8, 17, 0),
    (2026, 11, 1, 0, 59, 59),
    (2026, 11, 1, 1, 30),
    (2026, 11, 1, 2, 0),
    (2026, 11, 1, 17, 0),
]


@pytest.mark.parametrize("clock", DEADLINES)
@pytest.mark.parametrize("policy", LatePolicy)
def test_one_second_before_at_and_after_the_deadline(
    session: Session, policy: LatePolicy, clock: tuple[int, ...]
) -> None:
    closes_at = wall(*clock)
    period = period_until(session, closes_at, late_policy=policy)

    assert send(session, period, closes_at - SECOND).on_time
    for late in (closes_at, closes_at + SECOND):
        if policy is LatePolicy.REFUSE:
            with pytest.raises(PeriodClosed):
                send(session, period, late)
        else:
            assert not send(session, period, late).on_time


def test_a_deadline_that_no_clock_shows_is_refused_and_of_two_the_later_holds() -> None:
    with pytest.raises(NoSuchTime):
        wall(2026, 3, 8, 2, 30)
    assert wall(2026, 11, 1, 1, 30).hour == 6  # in UTC, five hours behind: after the clocks were set back


def test_late_comments_are_taken_up_to_the_second_before_the_stated_time(session: Session) -> None:
    period = period_until(session, NOON, late_policy=LATE, late_until=NOON + DAY)

    assert not send(session, period, NOON + DAY - SECOND).on_time
    for too_late in (NOON + DAY, NOON + DAY + SECOND):
        with pytest.raises(PeriodClosed):
            send(session, period, too_late)


LETTER = Intake(channel=Channel.MAIL)
LAST_DAY = date(2026, 7, 1)
DEADLINE = (2026, 7, 1, 17, 0)


@pytest.mark.parametrize(
    ("postmarked_on", "received_on", "on_time"),
    [
        (None, LAST_DAY, True),
        (None, LAST_DAY + DAY, False),
        (LAST_DAY, LAST_DAY + 9 * DAY, True),
        (LAST_DAY + DAY, LAST_DAY + 9 * DAY, False),
        (LAST_DAY - 3 * DAY, LAST_DAY, True),
    ],
)
def test_what_has_only_a_day_counts_by_its_postmark_or_its_receipt(
    session: Session, postmarked_on: date | None, received_on: date, on_time: bool
) -> None:
    period, now = period_until(session, wall(*DEADLINE), late_policy=LATE), wall(2026, 7, 20, 9, 0)
    clerk = makers.user(session, RoleName.CLERK)
    letter = replace(LETTER, received_on=received_on, postmarked_on=postmarked_on, entered_by=clerk)

    comment = send(session, period, now, letter)

    assert (comment.on_time, comment.received_on) == (on_time, received_on)
    assert (comment.channel, comment.postmarked_on, comment.entered_by_id) == (
        Channel.MAIL,
        postmarked_on,
        clerk.id,
    )


def test_the_last_day_is_the_place_s_and_midnight_belongs_to_the_day_before(session: Session) -> None:
    period = period_until(session, wall(2026, 7, 2, 0, 0), late_policy=LATE)
    now = wall(2026, 7, 9, 9, 0)

    assert send(session, period, now, replace(LETTER, received_on=LAST_DAY)).on_time
    assert not send(session, period, now, replace(LETTER, received_on=LAST_DAY + DAY)).on_time


def test_the_policy_is_the_same_for_paper(session: Session) -> None:
    refusing = period_until(session, wall(*DEADLINE))
    for_a_while = period_until(session, wall(*DEADLINE), late_policy=LATE, late_until=wall(2026, 7, 3, 17, 0))
    now = wall(2026, 7, 20, 9, 0)

    with pytest.raises(PeriodClosed):
        send(session, refusing, now, replace(LETTER, received_on=LAST_DAY + DAY))
    assert not send(session, for_a_while, now, replace(LETTER, received_on=date(2026, 7, 3))).on_time
    with pytest.raises(PeriodClosed):
        send(session, for_a_while, now, replace(LETTER, received_on=date(2026, 7, 4)))


def test_what_came_before_a_cancellation_is_still_taken(session: Session) -> None:
    period = period_until(session, wall(*DEADLINE), cancelled_at=wall(2026, 6, 10, 12, 0))
    now = wall(2026, 6, 12, 9, 0)

    assert send(session, period, now, replace(LETTER, received_on=date(2026, 6, 10))).on_time
    with pytest.raises(PeriodClosed):
        send(session, period, now, replace(LETTER, received_on=date(2026, 6, 11)))


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("received_on", {"received_on": LAST_DAY + DAY}),
        ("postmarked_on", {"received_on": LAST_DAY - DAY, "postmarked_on": LAST_DAY}),
    ],
)
def test_a_day_that_cannot_be_is_refused(session: Session, field: str, days: dict[str, date]) -> None:
    period = period_until(session, wall(*DEADLINE))

    with pytest.raises(NotADay) as refusal:
        send(session, period, wall(2026, 7, 1, 12, 0), replace(LETTER, **days))  # type: ignore[arg-type]

    assert refusal.value.field == field


def test_nothing_is_entered_into_a_draft_or_before_the_opening(session: Session) -> None:
    opens_at = wall(2026, 7, 1, 9, 0)
    dates = {"opens_at": opens_at, "closes_at": opens_at + DAY}
    scheduled = makers.comment_period(session, published_at=opens_at - DAY, **dates)
    draft = makers.comment_period(session, published_at=None, **dates)

    for period, now in ((scheduled, opens_at - SECOND), (draft, opens_at)):
        with pytest.raises(PeriodClosed):
            send(session, period, now, replace(LETTER, received_on=(opens_at - DAY).date()))


def test_one_form_of_the_entry_screen_makes_one_comment(session: Session) -> None:
    period, now = period_until(session, wall(*DEADLINE)), wall(2026, 7, 1, 12, 0)
    letter = replace(LETTER, received_on=LAST_DAY)
    first = send(session, period, now, letter, token="t")

    assert send(session, period, now, letter, token="t") is first
    for other in (replace(letter, channel=Channel.PHONE), replace(letter, received_on=LAST_DAY - DAY)):
        with pytest.raises(AlreadySent):
            send(session, period, now, other, token="t")


def test_what_came_before_the_opening_has_a_mistyped_day_and_an_early_postmark_has_not(
    session: Session,
) -> None:
    # It opens on July 1 in New York, where it is still June 30 in the evening by UTC’s midnight.
    opens_at = wall(2026, 7, 1, 0, 0)
    period = makers.comment_period(
        session, opens_at=opens_at, closes_at=opens_at + 30 * DAY, published_at=opens_at - DAY
    )
    first_day, now = opens_at.astimezone(NEW_YORK).date(), opens_at + 5 * DAY

    for day in (first_day - DAY, first_day.replace(year=2025)):
        with pytest.raises(NotADay) as refusal:
            send(session, period, now, replace(LETTER, received_on=day))
        assert refusal.value.field == "received_on"

    posted = replace(LETTER, received_on=first_day, postmarked_on=first_day - DAY)
    assert send(session, period, now, posted).on_time
