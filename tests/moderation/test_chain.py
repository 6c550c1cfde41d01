"""The log cannot be changed without notice: the database refuses, and the chain tells."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.comments.models import Comment, Disposition, ModerationReason
from engage.moderation import chain, cli, service
from engage.moderation.models import ModerationEvent
from tests.support import makers
from tests.support.makers import NOON


def decide_some(session: Session, count: int = 4) -> list[ModerationEvent]:
    """Half of them posted, half restricted, in two transactions."""
    period = makers.comment_period(session)
    comments = [
        makers.comment(session, period, disposition=Disposition.RECEIVED, name="Ana") for _ in range(count)
    ]
    moderator = makers.user(session)
    service.post_comments(session, comments[: count // 2], moderator, NOON)
    session.commit()
    service.restrict_comments(
        session, comments[count // 2 :], moderator, NOON + timedelta(hours=1), ModerationReason.SPAM
    )
    session.commit()
    return list(session.scalars(sa.select(ModerationEvent).order_by(ModerationEvent.id)))


def tamper(session: Session, *statements: str) -> None:
    """Change the log behind the back of the database's own protection, as a superuser could."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        session.execute(sa.text("ALTER TABLE moderation_event DISABLE TRIGGER ALL"))
    else:
        for verb in ("update", "delete"):
            session.execute(sa.text(f"DROP TRIGGER moderation_event_no_{verb}"))
    for statement in statements:
        session.execute(sa.text(statement))
    if is_postgresql:
        session.execute(sa.text("ALTER TABLE moderation_event ENABLE TRIGGER ALL"))
    session.expire_all()


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "statement", ["UPDATE moderation_event SET reason = NULL", "DELETE FROM moderation_event"]
    )
    def test_to_change_or_delete_a_row_of_the_log(self, session: Session, statement: str) -> None:
        decide_some(session)

        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            session.execute(sa.text(statement))

    def test_to_delete_a_comment_that_has_a_history(self, session: Session) -> None:
        (event, *_) = decide_some(session)

        with pytest.raises(sa.exc.IntegrityError):
            session.execute(sa.delete(Comment).where(Comment.id == event.comment_id))


class TestTheChain:
    def test_holds_and_names_its_head(self, session: Session) -> None:
        events = decide_some(session)

        check = chain.verify_chain(session)

        assert check == chain.ChainCheck(4, events[-1].digest, None)
        assert chain.head(session) == (4, events[-1].digest)

    def test_of_an_empty_log_holds(self, session: Session) -> None:
        assert chain.verify_chain(session) == chain.ChainCheck(0, chain.GENESIS, None)

    def test_links_each_row_to_the_one_before_it(self, session: Session) -> None:
        events = decide_some(session)

        assert events[0].previous_digest == chain.GENESIS
        assert all(after.previous_digest == before.digest for before, after in itertools.pairwise(events))

    @pytest.mark.parametrize(
        "change",
        [
            "action = 'reopen'",
            "reason = 'off_topic'",
            "actor_id = NULL",
            "comment_id = (SELECT max(comment_id) FROM moderation_event)",
            "happened_at = '2026-10-15 16:00:01+00:00'",
            f"digest = '{'f' * 64}'",
            "id = 99",
        ],
    )
    def test_names_the_first_row_that_was_changed(self, session: Session, change: str) -> None:
        events = decide_some(session)
        highest = max(event.comment_id for event in events)
        victim = next(event.id for event in events[1:] if event.comment_id != highest)

        tamper(session, f"UPDATE moderation_event SET {change} WHERE id = {victim}")  # noqa: S608

        check = chain.verify_chain(session)
        assert not check.holds
        assert check.entries == victim - 1

    def test_notices_a_row_that_was_taken_out(self, session: Session) -> None:
        decide_some(session)

        tamper(session, "DELETE FROM moderation_event WHERE id = 2")

        assert chain.verify_chain(session).broken_at == 3

    def test_notices_two_rows_that_changed_places(self, session: Session) -> None:
        decide_some(session)

        moves = ((2, 99), (3, 2), (99, 3))
        tamper(session, *(f"UPDATE moderation_event SET id = {new} WHERE id = {old}" for old, new in moves))  # noqa: S608

        assert chain.verify_chain(session).broken_at == 2

    def test_is_computed_as_the_page_tells_everybody(self, session: Session) -> None:
        event = decide_some(session)[2]

        instant = event.happened_at.isoformat(timespec="microseconds")
        secret = hashlib.sha256(f"{event.comment_id}\n{event.actor_id}\n{instant}".encode()).hexdigest()
        public = f"{event.previous_digest}\n2026-10-15\nrestrict\nspam\n{secret}"

        assert instant == "2026-10-15T17:00:00.000000+00:00"
        assert event.digest == hashlib.sha256(public.encode()).hexdigest()

    def test_counts_days_in_utc_wherever_the_instant_was_read(self, session: Session) -> None:
        late = datetime(2026, 10, 15, 23, 30, tzinfo=UTC).astimezone()
        event = ModerationEvent(happened_at=late)

        assert chain.day_of(event) == "2026-10-15"


class TestTheCommand:
    @pytest.fixture(autouse=True)
    def on_this_site(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "create_app", lambda: app)

    def test_says_that_the_log_holds(self, session: Session) -> None:
        events = decide_some(session)

        answer = CliRunner().invoke(cli.verify_command)

        assert answer.exit_code == 0
        assert "4 rows" in answer.output
        assert events[-1].digest in answer.output

    def test_names_the_broken_row(self, session: Session) -> None:
        decide_some(session)
        tamper(session, "UPDATE moderation_event SET reason = 'off_topic' WHERE id = 3")
        session.commit()

        answer = CliRunner().invoke(cli.verify_command)

        assert isinstance(answer.exception, cli.ChainBroken)
        assert "Row 3" in str(answer.exception)
