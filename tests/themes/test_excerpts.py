"""What is shown with each concern: chosen by a job, asked anew for every reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Disposition, Position
from engage.comments.service import analyse_due
from engage.jobs.queue import run_once
from engage.labelling.service import review_comment
from engage.moderation.service import withdraw_comment
from engage.reports.service import count_due
from engage.themes import queries
from engage.themes.models import DocketReading, Excerpt, ExcerptKind
from engage.themes.service.find import LOOK_EVERY, find_due
from tests.support import makers

SUPPORT = (
    "The county spent $84,000 on taxes for the jail in 2022, and the federal program paid for it.",
    "The cost is small. Publish the cost to taxpayers every month and I will support it.",
    "How much does it cost taxpayers to arrest one man five times?",
    "Taxpayers pay less when the jail does this work itself.",
)
OPPOSE = (
    "A county east of us paid $92,000 of taxpayers' money in 2014 for holding a citizen two days.",
    "Instead of signing, spend that money on two more nurses, taxpayers would thank you.",
    "Who pays when taxpayers are sued because somebody was held by mistake?",
    "Our taxes should not pay for the work of another government.",
)
PAIR = (
    ("The training of deputies for this program takes four weeks in Georgia.", Position.SUPPORT),
    ("Ten weeks is what the training in Georgia takes, says every one of those deputies.", Position.OPPOSE),
)
CONCERN = "cost_resources"
WORK = {"analyse": analyse_due, "count": count_due, "find": find_due}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period in which both sides speak about money."""
    period = makers.comment_period(session)
    for position, texts in ((Position.SUPPORT, SUPPORT), (Position.OPPOSE, OPPOSE)):
        for body in texts:
            makers.comment(session, period, body=body, position=position)
    session.commit()
    run_once(WORK)
    session.expire_all()
    return period


def shown(session: Session, period: CommentPeriod, kind: ExcerptKind) -> set[str]:
    """The tracking numbers of what is shown of one kind."""
    return {
        each.tracking_number
        for each in queries.excerpts(session, period)
        if (each.concern, each.kind) == (CONCERN, kind)
    }


def comment_of(session: Session, body: str) -> Comment:
    return session.scalars(sa.select(Comment).where(Comment.body == body)).one()


def look_again(session: Session) -> None:
    session.execute(sa.update(DocketReading).values(looked_at=utcnow() - LOOK_EVERY - timedelta(minutes=1)))
    session.commit()
    find_due()
    session.expire_all()


class TestExcerpts:
    def test_both_sides_stand_with_a_concern_support_first_and_as_many(
        self, session: Session, period: CommentPeriod
    ) -> None:
        said = [
            each.position
            for each in queries.excerpts(session, period)
            if (each.concern, each.kind) == (CONCERN, ExcerptKind.SAID)
        ]

        assert said == [Position.SUPPORT] * 3 + [Position.OPPOSE] * 3

    def test_facts_proposals_and_questions_are_told_apart(
        self, session: Session, period: CommentPeriod
    ) -> None:
        number = {body: comment_of(session, body).tracking_number for body in (*SUPPORT, *OPPOSE)}

        assert shown(session, period, ExcerptKind.CONCRETE) == {number[SUPPORT[0]], number[OPPOSE[0]]}
        assert {number[SUPPORT[1]], number[OPPOSE[1]]} <= shown(session, period, ExcerptKind.PROPOSAL)
        assert shown(session, period, ExcerptKind.QUESTION) == {number[SUPPORT[2]], number[OPPOSE[2]]}

    def test_what_is_not_posted_any_more_is_gone_at_once_and_replaced_at_the_next_look(
        self, session: Session, period: CommentPeriod
    ) -> None:
        gone = shown(session, period, ExcerptKind.SAID)
        comment = session.scalars(
            sa.select(Comment).where(Comment.tracking_number.in_(gone), Comment.position == Position.SUPPORT)
        ).first()
        assert comment is not None
        comment.disposition = Disposition.RECEIVED
        session.commit()

        assert shown(session, period, ExcerptKind.SAID) == gone - {comment.tracking_number}
        look_again(session)
        assert len(shown(session, period, ExcerptKind.SAID)) == 6

    def test_a_withdrawn_comment_leaves_no_digest_among_them(
        self, session: Session, period: CommentPeriod
    ) -> None:
        comment = comment_of(session, OPPOSE[0])

        withdraw_comment(session, comment, None, utcnow())
        session.commit()

        rows = sa.select(Excerpt).where(Excerpt.comment_id == comment.id)
        assert session.scalars(rows).all() == []

    def test_a_comment_that_a_person_read_otherwise_is_not_shown_with_the_concern(
        self, session: Session, period: CommentPeriod
    ) -> None:
        comment = comment_of(session, OPPOSE[0])
        assert comment.tracking_number in shown(session, period, ExcerptKind.CONCRETE)

        review_comment(
            session,
            comment,
            makers.user(session, RoleName.OFFICIAL),
            concerns=["rule_of_law"],
            of_digest=comment.body_digest,
            today=utcnow().date(),
        )
        session.commit()

        assert comment.tracking_number not in shown(session, period, ExcerptKind.CONCRETE)

    def test_of_a_pair_none_is_shown_without_the_other(self, session: Session) -> None:
        period = makers.comment_period(session)
        for body, position in PAIR:
            makers.comment(session, period, body=body, position=position)
        session.commit()
        run_once(WORK)
        session.expire_all()
        pairs = [each for each in queries.excerpts(session, period) if each.pair == 0]
        assert len(pairs) == 2 * len({each.concern for each in pairs}) > 0

        comment_of_first = session.scalars(
            sa.select(Comment).where(Comment.tracking_number == pairs[0].tracking_number)
        ).one()
        comment_of_first.disposition = Disposition.RECEIVED
        session.commit()

        assert [each for each in queries.excerpts(session, period) if each.pair is not None] == []

    def test_to_read_twice_finds_the_same(self, session: Session, period: CommentPeriod) -> None:
        before = queries.excerpts(session, period)
        session.execute(sa.update(DocketReading).values(posted=1))
        look_again(session)

        assert queries.excerpts(session, period) == before
