"""Deciding: many at once, each once, in one transaction, with a line in the log."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentConcern,
    Disposition,
    ModerationReason,
    Position,
)
from engage.db.session import db, write_transaction
from engage.dockets.models import District
from engage.errors import RuleBroken
from engage.moderation import chain, service
from engage.moderation.models import ModerationAction, ModerationEvent
from tests.support import makers
from tests.support.makers import NOON


def waiting(session: Session, count: int = 3, **fields: object) -> list[Comment]:
    period = makers.comment_period(session)
    return [
        makers.comment(session, period, **{"disposition": Disposition.RECEIVED, "count_due": False} | fields)
        for _ in range(count)
    ]


def log(session: Session) -> list[tuple[str, str | None]]:
    events = session.scalars(sa.select(ModerationEvent).order_by(ModerationEvent.id))
    return [(event.action, event.reason) for event in events]


class TestDecide:
    def test_posting_shows_the_comments_and_writes_a_line_for_each(self, session: Session) -> None:
        comments, moderator = waiting(session), makers.user(session)

        outcome = service.post_comments(session, comments, moderator, NOON)

        assert outcome.done == 3
        assert all(comment.is_public and comment.count_due for comment in comments)
        assert {event.actor_id for event in outcome.events} == {moderator.id}
        assert log(session) == [("post", None)] * 3

    def test_restricting_gives_every_comment_the_one_reason(self, session: Session) -> None:
        comments = waiting(session)

        service.restrict_comments(session, comments, makers.user(session), NOON, ModerationReason.SPAM)

        assert {comment.restriction_reason for comment in comments} == {ModerationReason.SPAM}
        assert log(session) == [("restrict", "spam")] * 3

    def test_reopening_takes_a_decision_back(self, session: Session) -> None:
        comments, moderator = waiting(session), makers.user(session)
        service.restrict_comments(session, comments, moderator, NOON, ModerationReason.SPAM)

        service.reopen_comments(session, comments, moderator, NOON)

        assert {(comment.disposition, comment.restriction_reason) for comment in comments} == {
            (Disposition.RECEIVED, None)
        }

    def test_who_comes_second_is_told_how_many_were_already_decided(self, session: Session) -> None:
        comments = waiting(session)
        service.post_comments(session, comments[:2], makers.user(session), NOON)

        outcome = service.restrict_comments(
            session, comments, makers.user(session), NOON, ModerationReason.SPAM
        )

        assert (outcome.done, outcome.already) == (1, 2)
        assert comments[0].disposition is Disposition.POSTED

    def test_nothing_is_done_where_one_comment_is_withdrawn(self, session: Session) -> None:
        comments = waiting(session)
        service.withdraw_comment(session, comments[1], None, NOON)

        with pytest.raises(service.WrongState):
            service.post_comments(session, comments, makers.user(session), NOON)

        assert [comment.disposition for comment in comments if comment.is_public] == []

    def test_the_order_of_the_log_is_the_order_of_the_queue_whatever_was_declared(
        self, session: Session
    ) -> None:
        period = makers.comment_period(session)
        comments = [
            makers.comment(
                session, period, body="Same words.", position=position, disposition=Disposition.RECEIVED
            )
            for position in [Position.OPPOSE, Position.SUPPORT] * 3
        ]

        events = service.post_comments(session, comments, None, NOON).events

        assert [event.comment_id for event in events] == sorted(comment.id for comment in comments)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (Disposition.RECEIVED, {"post", "restrict", "withdraw", "update", "import"}),
        (Disposition.POSTED, {"reopen", "withdraw", "update", "import"}),
        (Disposition.RESTRICTED, {"reopen", "withdraw", "update", "import"}),
        (Disposition.WITHDRAWN, set()),
    ],
)
def test_only_these_steps_follow_each_state(session: Session, state: Disposition, allowed: set[str]) -> None:
    steps: dict[str, Callable[[Comment], object]] = {
        "post": lambda comment: service.post_comments(session, [comment], None, NOON),
        "restrict": lambda comment: service.restrict_comments(
            session, [comment], None, NOON, ModerationReason.SPAM
        ),
        "reopen": lambda comment: service.reopen_comments(session, [comment], None, NOON),
        "withdraw": lambda comment: service.withdraw_comment(session, comment, None, NOON),
        "update": lambda comment: service.record_update(session, [comment], None, NOON),
        "import": lambda comment: service.record_import(session, [comment], None, NOON),
    }
    reason = ModerationReason.SPAM if state is Disposition.RESTRICTED else None
    taken = set()
    for name, step in steps.items():
        (comment,) = waiting(session, 1, disposition=state, restriction_reason=reason)
        before = len(log(session))
        try:
            step(comment)
        except RuleBroken:
            assert state is Disposition.WITHDRAWN
        if len(log(session)) > before:
            taken.add(name)

    assert taken == allowed


class TestUndo:
    def decided(self, session: Session, moderator: User) -> tuple[list[Comment], list[int]]:
        comments = waiting(session)
        events = service.post_comments(session, comments, moderator, NOON).events
        return comments, [event.id for event in events]

    def test_reopens_what_the_same_person_has_just_decided(self, session: Session) -> None:
        moderator = makers.user(session)
        comments, numbers = self.decided(session, moderator)

        assert service.undo_decisions(session, numbers, moderator, NOON).done == 3
        assert {comment.disposition for comment in comments} == {Disposition.RECEIVED}

    def test_leaves_what_somebody_else_decided(self, session: Session) -> None:
        comments, numbers = self.decided(session, makers.user(session))

        assert service.undo_decisions(session, numbers, makers.user(session), NOON).done == 0
        assert {comment.disposition for comment in comments} == {Disposition.POSTED}

    def test_leaves_what_was_decided_again_meanwhile(self, session: Session) -> None:
        moderator = makers.user(session)
        comments, numbers = self.decided(session, moderator)
        service.reopen_comments(session, comments[:1], None, NOON)
        service.restrict_comments(session, comments[:1], None, NOON, ModerationReason.SPAM)

        assert service.undo_decisions(session, numbers, moderator, NOON).done == 2
        assert comments[0].disposition is Disposition.RESTRICTED


class TestSource:
    def test_a_withdrawn_comment_keeps_nothing_that_was_said_or_by_whom(self, session: Session) -> None:
        district = District(code="north", name=makers.both("North"))
        session.add(district)
        (comment,) = waiting(session, 1, name="Ana", organisation="Neighbors", district=district)
        comment.analysis = CommentAnalysis(
            analyser_version="1",
            language="en",
            language_confidence=1.0,
            tone="not_scored",
            tone_reason="too_short",
            position_suggested="unclear",
            concerns=[CommentConcern(code="cost", spans=[[0, 4, "word"]])],
        )
        session.flush()

        service.withdraw_comment(session, comment, None, NOON)
        session.expire_all()

        assert comment.disposition is Disposition.WITHDRAWN
        assert (comment.body, comment.body_digest, comment.name, comment.organisation) == ("", "", None, None)
        assert not any((comment.district_id, comment.analysis, comment.analysis_due))
        assert session.scalars(sa.select(CommentConcern)).all() == []
        assert log(session) == [("withdraw", None)]

    def test_a_restricted_comment_can_be_withdrawn(self, session: Session) -> None:
        (comment,) = waiting(
            session, 1, disposition=Disposition.RESTRICTED, restriction_reason=ModerationReason.SPAM
        )

        service.withdraw_comment(session, comment, None, NOON)

        assert comment.disposition is Disposition.WITHDRAWN

    def test_an_update_keeps_what_its_caller_has_changed(self, session: Session) -> None:
        (comment,) = waiting(session, 1)
        comment.body = "Written anew in the other system."

        service.record_update(session, [comment], None, NOON)

        assert comment.body == "Written anew in the other system."
        assert comment.count_due

    def test_imports_leave_the_state_as_it_came(self, session: Session) -> None:
        comments = waiting(session, 2, disposition=Disposition.POSTED)

        events = service.record_import(session, comments, None, NOON)

        assert [event.action for event in events] == [ModerationAction.IMPORT] * 2
        assert all(comment.is_public for comment in comments)


def test_two_moderators_at_once_decide_every_comment_once(app: Flask, session: Session) -> None:
    comments, moderators = waiting(session, 20), [makers.user(session), makers.user(session)]
    session.commit()
    ids = [comment.id for comment in comments]
    outcomes: list[tuple[int, int]] = []
    ready = threading.Barrier(2)

    def decide(moderator: User) -> None:
        with app.app_context():
            ready.wait(timeout=10)
            with write_transaction() as writing:
                mine = writing.scalars(sa.select(Comment).where(Comment.id.in_(ids))).all()
                outcome = service.post_comments(writing, mine, moderator, NOON)
            outcomes.append((outcome.done, outcome.already))

    threads = [threading.Thread(target=decide, args=(moderator,)) for moderator in moderators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == [(0, 20), (20, 0)]
    with db.sessionmaker() as fresh:
        assert chain.verify_chain(fresh).entries == 20


def test_many_writers_make_one_chain(app: Flask, session: Session) -> None:
    comments = waiting(session, 12)
    session.commit()
    ids = [comment.id for comment in comments]

    def decide(mine: list[int]) -> None:
        with app.app_context():
            for number in mine:
                with write_transaction() as writing:
                    service.post_comments(writing, [writing.get_one(Comment, number)], None, NOON)

    threads = [threading.Thread(target=decide, args=(ids[part::4],)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    with db.sessionmaker() as fresh:
        assert chain.verify_chain(fresh) == chain.ChainCheck(12, chain.head(fresh)[1], None)


def test_a_bulk_action_that_fails_leaves_no_trace(app: Flask, session: Session) -> None:
    comments = waiting(session, 3)
    session.commit()

    def fail_at_the_end() -> None:
        with write_transaction() as writing:
            mine = writing.scalars(sa.select(Comment)).all()
            service.post_comments(writing, mine, None, NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_at_the_end()

    session.expire_all()
    assert {comment.disposition for comment in comments} == {Disposition.RECEIVED}
    assert log(session) == []
