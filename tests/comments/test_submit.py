"""Taking a comment: once, on time, with nothing in it that tells when or from where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import from_wall_clock
from engage.comments.models import Comment, CommentPeriod, Disposition, Position
from engage.comments.service import AlreadySent, PeriodClosed, Submission, TextTooLong, submit_comment
from tests.support import makers
from tests.support.makers import NOON

NEW_YORK = ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)
SAID = Submission(body="I have something to say.", position=Position.MIXED, name="Ana", organisation="Farms")


def period_until(session: Session, closes_at: datetime, **fields: object) -> CommentPeriod:
    long_ago = closes_at - timedelta(days=400)
    return makers.comment_period(
        session, opens_at=long_ago, closes_at=closes_at, published_at=long_ago, **fields
    )


def send(
    session: Session,
    period: CommentPeriod,
    said: Submission = SAID,
    *,
    token: str | None = "t",  # noqa: S107
    now: datetime = NOON,
) -> Comment:
    return submit_comment(session, period=period, submission=said, client_token=token, now=now)


def test_a_comment_waits_hidden_for_a_moderator_and_for_its_analysis(session: Session) -> None:
    comment = send(session, period_until(session, NOON + SECOND))

    assert (comment.body, comment.position, comment.name) == (SAID.body, Position.MIXED, "Ana")
    assert comment.disposition is Disposition.RECEIVED
    assert comment.analysis_due
    assert comment.count_due
    assert comment.on_time


@pytest.mark.parametrize("change_of_clocks", [(2026, 3, 8), (2026, 11, 1), (2026, 7, 1)])
def test_the_closing_instant_is_too_late_also_when_clocks_change(
    session: Session, change_of_clocks: tuple[int, int, int]
) -> None:
    closes_at = from_wall_clock(datetime(*change_of_clocks, 17, 0), NEW_YORK)  # noqa: DTZ001 - on the wall
    period = period_until(session, closes_at)

    assert send(session, period, now=closes_at - SECOND).on_time
    for late in (closes_at, closes_at + SECOND):
        with pytest.raises(PeriodClosed):
            send(session, period, token=str(late), now=late)


def test_the_opening_instant_is_early_enough(session: Session) -> None:
    period = makers.comment_period(
        session, opens_at=NOON, closes_at=NOON + SECOND, published_at=NOON - SECOND
    )

    with pytest.raises(PeriodClosed):
        send(session, period, now=NOON - SECOND)
    assert send(session, period, now=NOON).period is period


def test_a_draft_takes_no_comments(session: Session) -> None:
    period = period_until(session, NOON + SECOND)
    period.published_at = None

    with pytest.raises(PeriodClosed):
        send(session, period)


@pytest.mark.parametrize(
    ("utc_hour", "day"), [(3, date(2026, 10, 14)), (4, date(2026, 10, 15)), (23, date(2026, 10, 15))]
)
def test_the_day_is_that_of_the_place(session: Session, utc_hour: int, day: date) -> None:
    period = period_until(session, NOON + timedelta(days=9))

    assert send(session, period, now=NOON.replace(hour=utc_hour)).received_on == day


def test_no_column_of_a_comment_holds_an_instant() -> None:
    kinds = {column.name: column.type for column in Comment.__table__.columns}

    assert [name for name, kind in kinds.items() if isinstance(kind, sa.DateTime | sa.Time)] == []
    assert not {"created_at", "ip", "ip_address", "user_agent", "referrer"} & kinds.keys()


def test_ids_do_not_tell_who_came_first(session: Session) -> None:
    period = period_until(session, NOON + SECOND)
    ids = [send(session, period, token=str(number)).id for number in range(30)]

    assert sorted(ids) not in (ids, ids[::-1])


def test_the_same_form_with_the_same_words_makes_one_comment(session: Session) -> None:
    period = period_until(session, NOON + SECOND)

    first = send(session, period)

    assert send(session, period) is first
    # The answer to the first may have been lost on the way, and the deadline have passed meanwhile.
    assert send(session, period, now=NOON + timedelta(days=1)) is first
    assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"body": "Other words."}, {"position": None}, {"name": None}, {"organisation": "Other"}],
    ids=["body", "position", "name", "organisation"],
)
def test_the_same_form_with_anything_else_is_refused_and_names_the_first(
    session: Session, changes: dict[str, str | None]
) -> None:
    period = period_until(session, NOON + SECOND)
    first = send(session, period)

    with pytest.raises(AlreadySent) as refusal:
        send(session, period, replace(SAID, **changes))  # type: ignore[arg-type]

    assert refusal.value.first is first


def test_two_forms_make_two_comments_of_the_same_words(session: Session) -> None:
    period = period_until(session, NOON + SECOND)

    first, second = send(session, period, token="a"), send(session, period, token="b")

    assert first is not second
    assert first.body_digest == second.body_digest


def test_the_limit_counts_characters_and_the_last_one_fits(session: Session) -> None:
    period = period_until(session, NOON + SECOND, text_limit=200)

    assert len(send(session, period, Submission(body="😀" * 200), token="a").body) == 200
    with pytest.raises(TextTooLong):
        send(session, period, Submission(body="😀" * 201), token="b")
