"""What followers hear of answers and promises, read from what is published, never from a draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from flask_babel import force_locale, ngettext
from sqlalchemy.orm import Session, joinedload

from engage.comments.models import Comment, CommentConcern, CommentPeriod
from engage.comments.queries import public_comments, public_periods, with_docket
from engage.dockets.models import Docket
from engage.marks import N_
from engage.responses.models import (
    Commitment,
    CommitmentStep,
    Question,
    QuestionComment,
    Response,
    ResponseVersion,
)
from engage.web.links import path_to, said_in
from engage.web.news import DOCKET, PERIOD, CommentHappening, Happening, Subject, Told

_PAGE = 1_000


_SAID = {
    "commitment": N_("The county made a commitment: %(title)s"),
    "step": N_("The county told how far a commitment has come: %(title)s"),
    "answered": N_("The county answered a question, with its source: %(title)s"),
    "corrected": N_("The county corrected its answer to a question: %(title)s"),
}


def answer_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Answers to concerns: one happening a publication, however many answers went out together."""
    for period, published_at, concerns in _publications(session, since, now):
        yield Happening(
            key=_key(period, published_at),
            subjects=(Subject(PERIOD, str(period.id)), Subject(DOCKET, str(period.docket_id))),
            happened_at=published_at,
            tell=partial(_tell_answers, period, len(concerns)),
        )


def promise_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Commitments that were made, and the steps of each."""
    recent = sa.or_(
        Commitment.published_at >= since,
        Commitment.id.in_(
            sa.select(CommitmentStep.commitment_id).where(CommitmentStep.published_at >= since)
        ),
    )
    rows = session.scalars(
        sa.select(Commitment)
        .join(Commitment.docket)
        .where(Commitment.published_at <= now, Docket.published_at <= now, recent)
        .options(joinedload(Commitment.docket), joinedload(Commitment.steps))
        .order_by(Commitment.id)
    ).unique()
    for row in rows:
        if row.published_at is not None:
            yield _of_promise(row, "commitment", f"commitment:{row.id}", row.published_at)
        for step in row.steps:
            yield _of_promise(row, "step", f"commitment:{row.id}:step:{step.id}", step.published_at)


def question_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Questions that were answered, or whose answer was corrected."""
    for question in session.scalars(_answered(since, now)):
        answered_at = question.answered_at or now
        is_first = question.first_answered_at == question.answered_at
        yield Happening(
            key=_question_key(question, answered_at),
            subjects=(Subject(DOCKET, str(question.docket_id)),),
            happened_at=answered_at,
            tell=partial(_tell_question, question, "answered" if is_first else "corrected"),
        )


def comment_happenings(session: Session, since: datetime, now: datetime) -> Iterator[CommentHappening]:
    """The same for those who follow their own comment: that a concern or a question of it is answered."""
    for period, published_at, concerns in _publications(session, since, now):
        yield CommentHappening(
            key=_key(period, published_at),
            happened_at=published_at,
            comments=partial(_raising, period_id=period.id, concerns=concerns, now=now),
        )
    for question in session.scalars(_answered(since, now)):
        answered_at = question.answered_at or now
        yield CommentHappening(
            key=_question_key(question, answered_at),
            happened_at=answered_at,
            comments=partial(_asking, question_id=question.id, now=now),
        )


def _publications(
    session: Session, since: datetime, now: datetime
) -> Iterator[tuple[CommentPeriod, datetime, list[str]]]:
    """Each publication of answers: of which period, when, and to which concerns."""
    rows = session.execute(
        with_docket(public_periods(now))
        .join(Response, Response.period_id == CommentPeriod.id)
        .join(ResponseVersion, ResponseVersion.response_id == Response.id)
        .where(ResponseVersion.published_at.between(since, now))
        .with_only_columns(CommentPeriod, ResponseVersion.published_at, Response.concern)
        .order_by(None)
        .order_by(ResponseVersion.published_at, CommentPeriod.id, Response.concern)
    )
    found: dict[tuple[int, datetime], tuple[CommentPeriod, list[str]]] = {}
    for period, published_at, concern in rows:
        found.setdefault((period.id, published_at), (period, []))[1].append(concern)
    for (_period_id, published_at), (period, concerns) in found.items():
        yield period, published_at, concerns


def _answered(since: datetime, now: datetime) -> sa.Select[Question]:
    return (
        sa.select(Question)
        .join(Question.docket)
        .where(Question.answered_at.between(since, now), Question.asked_at <= now, Docket.published_at <= now)
        .options(joinedload(Question.docket))
        .order_by(Question.id)
    )


def _raising(session: Session, *, period_id: int, concerns: list[str], now: datetime) -> Iterable[int]:
    # Asked of each comment by the key of the concern's row: a list of all would be made anew for every page.
    raising = sa.exists().where(CommentConcern.comment_id == Comment.id, CommentConcern.code.in_(concerns))
    posted = public_comments(now).where(Comment.period_id == period_id, raising)
    return _ids(session, posted)


def _asking(session: Session, *, question_id: int, now: datetime) -> Iterable[int]:
    asking = sa.select(QuestionComment.comment_id).where(QuestionComment.question_id == question_id)
    posted = public_comments(now).where(Comment.id.in_(asking))
    return _ids(session, posted)


def _ids(session: Session, comments: sa.Select[Comment]) -> Iterator[int]:
    """The ids of comments, page by page: no cursor stays open while the mails are written."""
    wanted = comments.with_only_columns(Comment.id).order_by(Comment.id).limit(_PAGE)
    last = 0
    while page := session.scalars(wanted.where(Comment.id > last)).all():
        yield from page
        last = page[-1]


def _key(period: CommentPeriod, published_at: datetime) -> str:
    return f"answers:{period.id}:{published_at.isoformat()}"


def _question_key(question: Question, answered_at: datetime) -> str:
    return f"question:{question.id}:{answered_at.isoformat()}"


def _of_promise(row: Commitment, what: str, key: str, happened_at: datetime) -> Happening:
    return Happening(
        key=key,
        subjects=(Subject(DOCKET, str(row.docket_id)),),
        happened_at=happened_at,
        tell=partial(_tell_promise, row, what),
    )


def _tell_answers(period: CommentPeriod, count: int, language: str) -> Told:
    with force_locale(language):
        text = ngettext(
            "The county answered %(num)s concern of the comments.",
            "The county answered %(num)s concerns of the comments.",
            count,
        )
    return Told(
        about=period.title.best(language)[0],
        text=text,
        path=path_to("responses.answers", language, slug=period.slug),
    )


def _tell_promise(row: Commitment, what: str, language: str) -> Told:
    return Told(
        about=row.docket.title.best(language)[0],
        text=said_in(language, _SAID[what], title=row.title.best(language)[0]),
        path=path_to("responses.commitments", language, slug=row.docket.slug, at=row.id)
        + f"#commitment-{row.id}",
    )


def _tell_question(question: Question, what: str, language: str) -> Told:
    return Told(
        about=question.docket.title.best(language)[0],
        text=said_in(language, _SAID[what], title=question.text.best(language)[0]),
        path=path_to("responses.questions", language, slug=question.docket.slug, at=question.id)
        + f"#question-{question.id}",
    )
