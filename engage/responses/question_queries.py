"""Questions and disputed facts that comments raise: what everybody reads of them, and what staff gather."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from engage.comments.models import Comment, CommentConcern, CommentPeriod
from engage.comments.queries import is_public, newest_first, public_comments, with_details
from engage.dockets.models import Docket
from engage.errors import NotFound
from engage.responses.due import days_overdue
from engage.responses.models import Question, QuestionComment

ASKS = "information_request"
"""The concern by which comments that ask something, or dispute a fact, are found."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and how many posted comments ask it."""

    question: Question
    comments: int

    def is_answered(self, now: datetime) -> bool:
        """Whether its answer is public."""
        answered_at = self.question.answered_at
        return answered_at is not None and answered_at <= now

    def overdue_days(self, today: date) -> int:
        """For how many days its answer has been overdue."""
        return 0 if self.question.answered_at else days_overdue(self.question.due_on, today)


def public_questions(docket_id: int, now: datetime) -> sa.Select[Question]:
    """The questions of a docket that everybody may see: the one scoped query of every reader."""
    return sa.select(Question).where(Question.docket_id == docket_id, Question.asked_at <= now)


def waiting_questions(now: datetime) -> sa.Select[Question]:
    """The public questions of all public dockets that are to be answered by a day and are not."""
    return (
        sa.select(Question)
        .join(Question.docket)
        .where(
            Docket.published_at <= now,
            Question.asked_at <= now,
            Question.answered_at.is_(None),
            Question.due_on.is_not(None),
        )
        .options(joinedload(Question.docket))
        .order_by(Question.id)
    )


def counted(session: Session, asked: Iterable[Asked], now: datetime) -> list[Asked]:
    """These questions with how many posted comments ask each."""
    return _counted(session, [one.question for one in asked], now)


def uncounted(session: Session, docket: Docket, now: datetime) -> list[Asked]:
    """What everybody may see of a docket's questions, in the order of their numbers.

    How many comments ask each is not told: counting them reads each. See ``counted``.
    """
    rows = session.scalars(public_questions(docket.id, now).order_by(Question.id))
    return [Asked(row, 0) for row in rows]


def in_order(asked: Iterable[Asked], today: date) -> list[Asked]:
    """Overdue ones first, then those that wait, by their day; then the answered ones, the newest first."""

    def place(one: Asked) -> tuple[bool, int, date, float, int]:
        answered = one.question.answered_at
        return (
            answered is not None,
            -one.overdue_days(today),
            date.max if answered else one.question.due_on or date.max,
            -answered.timestamp() if answered else 0,
            one.question.id,
        )

    return sorted(asked, key=place)


def get_public_question(session: Session, docket: Docket, number: int, now: datetime) -> Question:
    """A question that everybody may see. Raises NotFound: a draft is not there for the public."""
    return _found(session.scalar(public_questions(docket.id, now).where(Question.id == number)))


def comments_asking(question: Question, now: datetime) -> sa.Select[Comment]:
    """The posted comments that ask a question, the newest day first."""
    joined = sa.select(QuestionComment.comment_id).where(QuestionComment.question_id == question.id)
    return with_details(newest_first(public_comments(now).where(Comment.id.in_(joined)))).options(
        joinedload(Comment.period)
    )


def asked_by(session: Session, comment: Comment, now: datetime) -> list[Question]:
    """The public questions that a posted comment asks; none for any other comment."""
    if not is_public(session, comment, now):
        return []
    return list(
        session.scalars(
            sa.select(Question)
            .join(QuestionComment, QuestionComment.question_id == Question.id)
            .where(QuestionComment.comment_id == comment.id, Question.asked_at <= now)
            .options(joinedload(Question.docket))
            .order_by(Question.id)
        )
    )


def staff_questions(session: Session, docket: Docket, now: datetime) -> list[Asked]:
    """All questions of a docket, drafts too, for the staff."""
    rows = session.scalars(
        sa.select(Question).where(Question.docket_id == docket.id).order_by(Question.id)
    ).all()
    return _counted(session, rows, now)


def get_question(session: Session, docket: Docket, number: int) -> Question:
    """Any question of this docket, for the staff. Raises NotFound."""
    return _found(
        session.scalar(sa.select(Question).where(Question.docket_id == docket.id, Question.id == number))
    )


def comments_to_gather(docket: Docket, now: datetime, *, joined: bool) -> sa.Select[Comment]:
    """The posted comments of a docket that ask something, the newest first; those only that are in no
    question yet, or with ``joined`` all.
    """
    asking = sa.select(CommentConcern.comment_id).where(CommentConcern.code == ASKS)
    wanted = _posted_on(docket, now).where(Comment.id.in_(asking))
    if not joined:
        wanted = wanted.where(Comment.id.not_in(sa.select(QuestionComment.comment_id)))
    return with_details(newest_first(wanted)).options(joinedload(Comment.period))


def posted_comments(
    session: Session, docket: Docket, tracking_numbers: Iterable[str], now: datetime
) -> list[Comment]:
    """Those posted comments of this docket that have one of these numbers; others are not told apart."""
    wanted = _posted_on(docket, now).where(Comment.tracking_number.in_(list(tracking_numbers)))
    return list(session.scalars(wanted.order_by(Comment.id)))


def in_questions(session: Session, comments: Iterable[Comment]) -> dict[int, list[Question]]:
    """The questions that these comments were joined to, by the comment's id, for the staff."""
    rows = session.execute(
        sa.select(QuestionComment.comment_id, Question)
        .join(Question, Question.id == QuestionComment.question_id)
        .where(QuestionComment.comment_id.in_([comment.id for comment in comments]))
        .order_by(Question.id)
    )
    found: dict[int, list[Question]] = {}
    for comment_id, question in rows:
        found.setdefault(comment_id, []).append(question)
    return found


def _posted_on(docket: Docket, now: datetime) -> sa.Select[Comment]:
    periods = sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == docket.id)
    return public_comments(now).where(Comment.period_id.in_(periods))


def _counted(session: Session, rows: Iterable[Question], now: datetime) -> list[Asked]:
    listed = list(rows)
    posted = public_comments(now).with_only_columns(Comment.id)
    count: sa.Select[Any, Any] = (
        sa.select(QuestionComment.question_id, sa.func.count())
        .where(
            QuestionComment.question_id.in_([row.id for row in listed]),
            QuestionComment.comment_id.in_(posted),
        )
        .group_by(QuestionComment.question_id)
    )
    counts: dict[int, int] = {row[0]: row[1] for row in session.execute(count)}
    return [Asked(row, counts.get(row.id, 0)) for row in listed]


def _found(question: Question | None) -> Question:
    if question is None:
        raise NotFound(_l("There is no such question."))
    return question
