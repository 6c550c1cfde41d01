"""Bursts: a plain rule, the same for both sides, that does nothing but tell staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.campaigns import days
from engage.campaigns.bursts import FEWEST, Burst, Days, find_bursts, limit
from engage.campaigns.models import BurstDismissal, BurstKind
from engage.clock import utcnow
from engage.comments.models import Comment, CommentFlag, CommentPeriod, Disposition, Flag, Position
from tests.campaigns.letters import LETTER, OTHER_LETTER, group
from tests.support import makers
from tests.support.pages import Client

SignIn = Callable[..., Client]
FIRST = date(2026, 10, 1)


def some_days(*counts: int, **others: dict[date, int]) -> Days:
    whole = {FIRST + timedelta(number): count for number, count in enumerate(counts)}
    rest: dict[str, Any] = {"letters": {}, "unnamed_copies": {}, "flagged": {}} | others
    return Days(first=FIRST, last=FIRST + timedelta(len(counts) - 1), all=whole, **rest)


class TestRule:
    def test_a_day_far_above_the_others_is_unusual(self) -> None:
        (burst,) = find_bursts(some_days(4, 6, 5, 7, 60, 5, 6))

        assert (burst.kind, burst.day, burst.count, burst.usual) == (
            BurstKind.BUSY_DAY,
            FIRST + timedelta(4),
            60,
            5.5,
        )

    def test_a_busy_period_is_used_to_busy_days(self) -> None:
        assert find_bursts(some_days(40, 60, 55, 70, 90, 50, 45)) == []

    def test_a_few_comments_in_a_quiet_period_are_no_burst(self) -> None:
        assert find_bursts(some_days(0, 0, 0, 0, 0, 0, FEWEST - 1)) == []
        assert len(find_bursts(some_days(0, 0, 0, 0, 0, 0, FEWEST))) == 1

    def test_with_few_days_nobody_knows_what_is_usual(self) -> None:
        assert find_bursts(some_days(2, 300)) == []

    def test_a_letter_is_compared_with_its_own_days(self) -> None:
        letters = {7: {FIRST: 25}, 8: {FIRST + timedelta(number): 25 for number in range(6)}}

        (burst,) = find_bursts(some_days(60, 60, 60, 60, 60, 60, letters=letters))  # type: ignore[arg-type]

        assert (burst.kind, burst.subject_id) == (BurstKind.LETTER_IN_A_DAY, 7)

    @given(st.lists(st.integers(0, 50), min_size=5, max_size=40))
    def test_no_day_is_above_its_limit_and_not_told(self, counts: list[int]) -> None:
        told = {burst.day for burst in find_bursts(some_days(*counts))}

        for number, count in enumerate(counts):
            others = counts[:number] + counts[number + 1 :]
            is_unusual = len(others) >= 5 and count >= FEWEST and count > limit(others)
            assert (FIRST + timedelta(number) in told) == is_unusual


def flooded(session: Session, *, swapped: bool = False) -> CommentPeriod:
    """Two weeks with a few comments a day, and a day with a flood of one letter without names."""
    sides = (Position.OPPOSE, Position.SUPPORT) if swapped else (Position.SUPPORT, Position.OPPOSE)
    today = utcnow().date()
    period = makers.comment_period(
        session, opens_at=datetime.now(UTC) - timedelta(days=14), closes_at=datetime.now(UTC) + timedelta(1)
    )
    for day in range(2, 13):
        for number in range(3):
            makers.comment(
                session,
                period,
                body=f"What I think on day {day} is number {number}, and I wrote it by myself.",
                received_on=today - timedelta(day),
                position=sides[number % 2],
            )
    for _ in range(FEWEST + 5):
        makers.comment(
            session,
            period,
            body=LETTER,
            received_on=today - timedelta(1),
            position=sides[0],
            disposition=Disposition.RECEIVED,
        )
    for number in range(12):
        comment = makers.comment(
            session,
            period,
            body=f"{OTHER_LETTER} {number}",
            received_on=today - timedelta(3),
            position=sides[1],
        )
        session.add(CommentFlag(comment_id=comment.id, flag=Flag.HONEYPOT))
    group(session)
    return period


def found(session: Session, period: CommentPeriod) -> list[tuple[BurstKind, date, int]]:
    return [(burst.kind, burst.day, burst.count) for burst in days.warnings(session, period, utcnow()).open]


def test_a_flood_is_pointed_out_and_nothing_is_done_to_it(session: Session) -> None:
    period = flooded(session)
    before = session.execute(sa.select(Comment.id, Comment.disposition).order_by(Comment.id)).all()

    told = found(session, period)

    today = utcnow().date()
    assert {kind for kind, day, _ in told if day == today - timedelta(1)} == {
        BurstKind.BUSY_DAY,
        BurstKind.LETTER_IN_A_DAY,
        BurstKind.UNNAMED_COPIES,
    }
    assert (BurstKind.FLAGGED_DAY, today - timedelta(3), 12) in told
    assert session.execute(sa.select(Comment.id, Comment.disposition).order_by(Comment.id)).all() == before


def test_with_the_positions_exchanged_the_warnings_are_the_same(session: Session) -> None:
    one, other = flooded(session), flooded(session, swapped=True)

    assert found(session, one) == found(session, other) != []


def named(period: CommentPeriod, burst: Burst) -> dict[str, Any]:
    return {
        "period": period.slug,
        "kind": burst.kind.value,
        "day": burst.day.isoformat(),
        "subject_id": str(burst.subject_id),
    }


class TestPage:
    def test_shows_warnings_and_takes_one_off_with_a_note(self, session: Session, sign_in: SignIn) -> None:
        period = flooded(session)
        client = sign_in(RoleName.MODERATOR)
        burst = days.warnings(session, period, utcnow()).open[0]
        answer = client.get("/en/staff/bursts")
        assert answer.get_data(as_text=True).count("Looked into: take it off the list") == 4
        assert "Something unusual came in" in client.get("/en/staff").get_data(as_text=True)

        sent = named(period, burst)
        refused = client.send("/en/staff/bursts", **sent, note=" ")
        assert refused.status_code == 422
        assert client.send("/en/staff/bursts", **sent, note="A school wrote together.").status_code == 303
        assert client.send("/en/staff/bursts", **sent, note="Two schools did.").status_code == 303

        page = client.get("/en/staff/bursts").get_data(as_text=True)
        assert page.count("Looked into: take it off the list") == 3
        assert "Two schools did." in page
        session.commit()
        (noted,) = session.scalars(sa.select(BurstDismissal)).all()
        assert (noted.count, noted.note) == (burst.count, "Two schools did.")

    def test_a_warning_comes_back_when_the_burst_goes_on(self, session: Session, sign_in: SignIn) -> None:
        period = flooded(session)
        burst = days.warnings(session, period, utcnow()).open[0]
        sent = named(period, burst)
        assert sign_in(RoleName.CLERK).send("/en/staff/bursts", **sent, note="Seen.").status_code == 303
        session.commit()
        assert burst not in days.warnings(session, period, utcnow()).open

        for _ in range(burst.count):
            makers.comment(session, period, body=LETTER, received_on=burst.day)
        group(session)

        assert (burst.kind, burst.day) in {
            (other.kind, other.day) for other in days.warnings(session, period, utcnow()).open
        }

    @pytest.mark.parametrize("field", ["kind", "day", "subject_id"])
    def test_what_is_no_warning_cannot_be_dismissed(
        self, session: Session, sign_in: SignIn, field: str
    ) -> None:
        period = flooded(session)
        sent: dict[str, Any] = {
            "period": period.slug,
            "kind": "busy_day",
            "day": "2020-01-01",
            "subject_id": "0",
            "note": "x",
        }
        clerk = sign_in(RoleName.CLERK)

        assert clerk.send("/en/staff/bursts", **{**sent, field: "9x"}).status_code == 422
        assert clerk.send("/en/staff/bursts", **sent).status_code == 404
