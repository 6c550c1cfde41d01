"""The county is filled in whole, once, and as if people had done it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask_security import verify_password
from sqlalchemy.orm import Session

from engage import models
from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition, PeriodState
from engage.demo import reading
from engage.demo.service import NotEmpty, fill_county, is_filled, steps
from engage.dockets.models import Docket, DocketPhase, PhaseKind
from engage.moderation.chain import verify_chain
from engage.moderation.models import ModerationEvent
from engage.moderation.rules import TWO_PEOPLE
from tests.demo.filled import NOW, filled
from tests.demo.records import records
from tests.support import makers


@pytest.fixture
def a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send only every twelfth comment, where a test is not about the comments."""
    some = reading.scripts()[::12]
    monkeypatch.setattr(reading, "scripts", lambda: some)


def rows_of(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in models.Base.metadata.sorted_tables
    }


def test_every_comment_is_sent_decided_and_logged_as_its_file_says(session: Session) -> None:
    done: list[int] = []

    county = fill_county(session, now=utcnow(), on_progress=done.append)

    assert county is not None
    assert sum(done) == steps()
    wanted = Counter((r.period, r.moderation.replace("pending", "received"), r.reason) for r in records())
    found = session.execute(
        sa.select(CommentPeriod.slug, Comment.disposition, Comment.restriction_reason).join(Comment.period)
    )
    assert Counter((slug, str(state), reason) for slug, state, reason in found) == wanted
    assert Counter(session.scalars(sa.select(Comment.body))) == Counter(record.text for record in records())
    assert county.comments == len(records())
    assert county.waiting == sum(record.moderation == "pending" for record in records())

    log = verify_chain(session)
    assert log.holds
    by_two = sum(record.reason in TWO_PEOPLE for record in records())
    assert by_two > 0
    assert log.entries == county.comments - county.waiting + by_two
    moderators = session.scalars(
        sa.select(User.email).join(ModerationEvent, ModerationEvent.actor_id == User.id).distinct()
    )
    assert sorted(moderators) == ["administrator@olmeda.example.org", "moderator@olmeda.example.org"]


@pytest.mark.usefixtures("a_few")
class TestFilled:
    def test_a_newcomer_meets_a_docket_that_is_being_talked_about(self, session: Session) -> None:
        filled(session)

        docket = session.scalars(sa.select(Docket).where(Docket.slug == "287g-agreement")).one()
        today = NOW.astimezone(ZoneInfo("America/Denver")).date()
        phase = docket.phase_on(today)
        assert docket.is_published(NOW)
        assert phase is not None
        assert phase.kind is PhaseKind.ENGAGE_STAKEHOLDERS
        assert session.scalar(sa.select(sa.func.count()).select_from(DocketPhase)) == 10
        assert docket.documents[0].slug == "draft-agreement"
        assert [version.number for version in docket.documents[0].versions] == [2, 1]
        assert docket.decision is None

    def test_and_one_that_is_decided(self, session: Session) -> None:
        filled(session)

        docket = session.scalars(sa.select(Docket).where(Docket.slug == "body-cameras")).one()
        assert docket.decision is not None
        assert docket.decision.outcome.is_complete

    def test_one_period_is_closed_and_the_other_open_until_five_in_the_afternoon(
        self, session: Session
    ) -> None:
        filled(session)

        periods = {period.slug: period for period in session.scalars(sa.select(CommentPeriod))}
        first, second = periods["287g-first-draft"], periods["287g-second-draft"]
        assert first.state(NOW) is PeriodState.CLOSED
        assert second.state(NOW) is PeriodState.OPEN
        assert second.closes_at.astimezone(ZoneInfo(second.time_zone)).strftime("%H:%M") == "17:00"

    @pytest.mark.parametrize(
        "now",
        [
            pytest.param(
                datetime(2026, 3, 15, 6, 30, tzinfo=UTC), id="just after clocks went forward, past midnight"
            ),
            pytest.param(datetime(2026, 11, 10, 3, 0, tzinfo=UTC), id="just after clocks went back, evening"),
            pytest.param(datetime(2027, 1, 1, 12, 0, tzinfo=UTC), id="New Year"),
        ],
    )
    def test_on_any_day_comments_came_within_their_period_and_nothing_happened_later_than_now(
        self, session: Session, now: datetime
    ) -> None:
        fill_county(session, now=now)

        for comment in session.scalars(sa.select(Comment)):
            zone = ZoneInfo(comment.period.time_zone)
            opens, closes = (
                at.astimezone(zone).date() for at in (comment.period.opens_at, comment.period.closes_at)
            )
            assert opens <= comment.received_on < min(closes, now.astimezone(zone).date())
        acts = list(session.scalars(sa.select(ModerationEvent.happened_at).order_by(ModerationEvent.id)))
        assert acts == sorted(acts)
        assert max(acts) <= now

    def test_there_is_one_account_for_each_role_of_the_staff(self, session: Session) -> None:
        county = filled(session)

        users = {user.email: user for user in session.scalars(sa.select(User))}
        assert {account.role for account in county.accounts} == set(RoleName) - {RoleName.RESIDENT}
        assert len(users) == len(county.accounts)
        for account in county.accounts:
            user = users[account.email]
            assert user.role_names == {account.role}
            assert user.password is not None
            assert verify_password(account.password, user.password)

    def test_passwords_are_new_in_every_county(self, session: Session) -> None:
        first = fill_county(session, now=utcnow())
        session.rollback()
        second = fill_county(session, now=utcnow())

        assert first is not None
        assert second is not None
        assert {a.password for a in first.accounts}.isdisjoint(a.password for a in second.accounts)

    def test_the_analysis_of_every_comment_is_promised(self, session: Session) -> None:
        filled(session)

        assert set(session.scalars(sa.select(Comment.analysis_due))) == {True}

    def test_a_second_time_changes_nothing(self, session: Session) -> None:
        filled(session)
        before = rows_of(session)

        assert is_filled(session)
        assert fill_county(session, now=utcnow() + timedelta(days=40)) is None
        assert rows_of(session) == before

    def test_what_people_do_afterwards_stays(self, session: Session) -> None:
        filled(session)
        period = session.scalars(
            sa.select(CommentPeriod).where(CommentPeriod.slug == "287g-second-draft")
        ).one()
        mine = makers.comment(session, period, body="My own words.", disposition=Disposition.RECEIVED)
        session.commit()

        fill_county(session, now=utcnow())

        assert session.get_one(Comment, mine.id).body == "My own words."


def test_a_site_with_dockets_of_its_own_is_left_alone(session: Session) -> None:
    makers.docket(session)
    before = rows_of(session)

    with pytest.raises(NotEmpty):
        fill_county(session, now=utcnow())

    assert rows_of(session) == before


def test_an_empty_site_is_not_filled(session: Session) -> None:
    assert not is_filled(session)
