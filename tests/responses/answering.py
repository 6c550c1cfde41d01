"""Comments that raise concerns, and answers to them, for the tests of this room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentAnalysis, CommentConcern, CommentPeriod, Disposition
from engage.db.types import Localised
from engage.jobs.queue import run_once
from engage.reports.service.count import count_due
from engage.responses.models import Response, ResponseState
from engage.responses.service import publish
from engage.responses.service.answer import AnswerDraft, save_answer
from tests.support import makers

COST, SAFETY, ASKS = "cost_resources", "public_safety", "information_request"
OFFICE = Localised("Sheriff’s Office", "Oficina del Alguacil")


def raising(session: Session, period: CommentPeriod, *codes: str, **fields: Any) -> Comment:
    """A posted comment in which the machine found these concerns."""
    analysis = CommentAnalysis(
        analyser_version="t", language="en", language_confidence=1.0, tone="not_scored", tone_score=None,
        tone_reason="too_short", position_suggested="unclear",
        concerns=[CommentConcern(code=code) for code in codes],
    )  # fmt: skip
    return makers.comment(session, period, **{"analysis": analysis, "analysis_due": False} | fields)


def counted(session: Session) -> None:
    """Commit, and count as the worker does."""
    session.commit()
    run_once({"count": count_due})


def draft(**fields: Any) -> AnswerDraft:
    """An answer that is fit to be published."""
    values: dict[str, Any] = {
        "owner": OFFICE,
        "state": ResponseState.ACCEPTED,
        "body": Localised("We will do it.", "Lo haremos."),
        "is_ready": True,
    }
    return AnswerDraft(**values | fields)


def row_of(session: Session, period: CommentPeriod, concern: str) -> Response | None:
    """The answer's row as it stands."""
    return session.scalar(
        sa.select(Response)
        .where(Response.period_id == period.id, Response.concern == concern)
        .execution_options(populate_existing=True)
    )


def save(session: Session, period: CommentPeriod, concern: str, *, today: date, **fields: Any) -> Response:
    """Save a draft as the one who has just read it."""
    row = row_of(session, period, concern)
    return save_answer(
        session,
        period=period,
        concern=concern,
        draft=draft(**fields),
        revision=row.revision if row else 0,
        today=today,
    )


def publish_all(session: Session, period: CommentPeriod, now: datetime) -> int:
    """Publish all that is ready, as the one who has just read it."""
    mark = publish.mark_of(publish.ready_answers(session, period))
    today = now.astimezone(period.zone).date()
    return publish.publish_answers(session, period, seen=mark, today=today, now=now)[0]


def withheld(comment: Comment) -> None:
    """Take a comment from readers."""
    comment.disposition = Disposition.RECEIVED
    comment.mark_changed()
