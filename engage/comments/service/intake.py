"""How a comment reaches us, and whether that was in time: one rule for every way in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from engage.accounts.models import User
from engage.comments.models import Channel, CommentBatch, CommentPeriod, LatePolicy, PeriodState
from engage.errors import RuleBroken
from engage.web.locale import day

ENTERED_CHANNELS = (
    Channel.PAPER_INTAKE,
    Channel.MAIL,
    Channel.HAND_DELIVERY,
    Channel.EMAIL,
    Channel.PHONE,
    Channel.VOICEMAIL,
    Channel.MEETING_ORAL,
)
"""The ways by which a comment reaches staff, who type it in."""


class PeriodClosed(RuleBroken):
    """The period does not take this comment: it came too early or too late, or the period was cancelled."""


class NotADay(RuleBroken):
    """A day of receipt or a postmark that cannot be. ``field`` is the one to mend."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


@dataclass(frozen=True, slots=True)
class Intake:
    """How a comment came. What a resident sends from this site has no days of its own: it comes now.

    ``received_on`` and ``postmarked_on`` are days of the place, as whoever typed the comment in tells them;
    ``entered_by`` is that member of staff, ``batch`` the batch of an intermediary. Nothing else is known of
    who brought or spoke it.
    """

    channel: Channel = Channel.WEB
    received_on: date | None = None
    postmarked_on: date | None = None
    entered_by: User | None = None
    batch: CommentBatch | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """The day on which a comment counts as received, and whether that was in time."""

    received_on: date
    on_time: bool


def judge_arrival(period: CommentPeriod, intake: Intake, now: datetime) -> Arrival:
    """Whether the period takes a comment that comes like this, and as what.

    What comes over the site comes at this instant. What was handed in has only a day: it is in time if its
    postmark, or without one its receipt, is of the last day of the period or earlier, whatever the hour.
    Raises NotADay, and PeriodClosed where the period's policy does not take it.
    """
    today = now.astimezone(period.zone).date()
    if intake.received_on is None:
        if not period.takes_comments(now):
            raise _closed()
        return Arrival(today, period.is_open(now))
    _check_days(intake, today)
    return _judge_by_day(period, intake, intake.received_on, now)


def _judge_by_day(period: CommentPeriod, intake: Intake, received_on: date, now: datetime) -> Arrival:
    if period.state(now) in (PeriodState.DRAFT, PeriodState.SCHEDULED):
        raise _closed()
    _check_after_opening(period, received_on)
    # What had come before a cancellation stays, also where nobody had typed it in yet.
    if period.cancelled_at and received_on > period.cancelled_at.astimezone(period.zone).date():
        raise _closed()
    deciding = intake.postmarked_on or received_on
    on_time = deciding <= period.last_day
    if not on_time and not _is_taken_late(period, received_on):
        raise _closed()
    return Arrival(received_on, on_time)


def _is_taken_late(period: CommentPeriod, received_on: date) -> bool:
    if period.late_policy is not LatePolicy.ACCEPT_MARKED:
        return False
    return period.late_until is None or received_on <= period.day_before(period.late_until)


def _check_days(intake: Intake, today: date) -> None:
    if intake.received_on is not None and intake.received_on > today:
        raise NotADay("received_on", _l("This day has not come yet."))
    if intake.postmarked_on is not None and intake.postmarked_on > (intake.received_on or today):
        raise NotADay("postmarked_on", _l("A letter is postmarked before it is received."))


def _check_after_opening(period: CommentPeriod, received_on: date) -> None:
    """Refuse a mistyped year. A letter may have been posted before the opening, it is received after it."""
    opened_on = period.opens_at.astimezone(period.zone).date()
    if received_on < opened_on:
        said = _l(
            "The comment period opened on %(day)s: nothing can have come before that. Check the year.",
            day=LazyString(day, opened_on),
        )
        raise NotADay("received_on", said)


def _closed() -> PeriodClosed:
    return PeriodClosed(_l("This comment period does not take comments now."))
