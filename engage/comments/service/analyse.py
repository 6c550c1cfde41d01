"""Measure the comments that wait for it. May run twice at once, on many machines, and be killed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, selectinload

from engage.analysis import UNKNOWN, Analyser, Analysis, PositionLabel, ToneLabel
from engage.comments.filters import ANALYSER_FAILED
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentConcern,
    CommentPeriod,
    Disposition,
    LearnedPositions,
)
from engage.db.base import random_id
from engage.db.session import db, write_transaction

if TYPE_CHECKING:
    from engage.analysis.position_learning import PositionModel

log = structlog.get_logger()

BATCH = 100


class DueText(NamedTuple):
    """A text that waits to be measured, and the docket that it is about."""

    body: str
    docket_id: int


@cache
def analyser() -> Analyser:
    """The analyser of this process: reading its data takes a moment, so it is made once."""
    return Analyser()


def analyse_due() -> int:
    """Analyse one batch of comments that are due; returns how many. A job: opens its own transactions."""
    with db.sessionmaker() as session:
        due = _due_texts(session)
        learned = _learned(session, {one.docket_id for one in due.values()})
    if not due:
        return 0
    # Nothing is locked while the texts are measured; whoever is first writes.
    measured = _measure(due, learned)
    texts = {comment_id: one.body for comment_id, one in due.items()}
    with write_transaction() as session:
        comments = _still_due(session, texts)
        for comment in comments:
            store_analysis(session, comment, measured[comment.id])
    return len(comments)


def _measure(
    due: Mapping[int, DueText], learned: Mapping[int, LearnedPositions]
) -> dict[int, CommentAnalysis]:
    """Measure each text by itself: one that the analyser cannot read must not hold up the others."""
    with ThreadPoolExecutor(1) as pool:
        futures = {
            comment_id: pool.submit(_analyse, one.body, learned.get(one.docket_id))
            for comment_id, one in due.items()
        }
    return {comment_id: _outcome(comment_id, future) for comment_id, future in futures.items()}


def _analyse(body: str, learned: LearnedPositions | None) -> Analysis:
    """What the analyser says; the position by what was learned for the docket, which the version names."""
    found = analyser().analyse(body)
    if learned is None:
        return found
    version = f"{found.version}+positions.{learned.version}"
    return replace(found, position=_model(learned.model).suggest(body), version=version)


@lru_cache(maxsize=8)
def _model(text: str) -> PositionModel:
    from engage.analysis.position_learning import PositionModel

    return PositionModel.from_json(text)


def _outcome(comment_id: int, future: Future[Analysis]) -> CommentAnalysis:
    error = future.exception()
    if error is None:
        return as_row(future.result())
    # Neither the message nor the trace: both could carry the words of a comment into the log.
    log.error("analyser_failed", comment_id=comment_id, error=type(error).__name__)
    return CommentAnalysis(
        analyser_version=analyser().version,
        language=UNKNOWN,
        language_confidence=0.0,
        tone=ToneLabel.NOT_SCORED,
        tone_reason=ANALYSER_FAILED,
        position_suggested=PositionLabel.UNCLEAR,
    )


def as_row(analysis: Analysis) -> CommentAnalysis:
    """What was measured of one text, to be stored with its comment."""
    return CommentAnalysis(
        analyser_version=analysis.version,
        language=analysis.language.code,
        language_confidence=analysis.language.confidence,
        tone=analysis.tone.label,
        tone_score=analysis.tone.score,
        tone_reason=analysis.tone.reason,
        position_suggested=analysis.position.position,
        concerns=[
            CommentConcern(
                code=concern.code,
                denied=concern.denied,
                spans=[[span.start, span.end, span.cue] for span in concern.spans],
            )
            for concern in analysis.concerns
        ],
    )


def store_analysis(session: Session, comment: Comment, row: CommentAnalysis) -> None:
    """Keep what was measured in place of what was there before."""
    comment.analysis = None
    session.flush()
    comment.analysis = row
    comment.analysis_due = False
    comment.mark_changed()


def _due_texts(session: Session) -> dict[int, DueText]:
    """The next batch. Ids are random: by starting anywhere, workers take different batches without a lock."""
    due = (
        sa.select(Comment.id, Comment.body, CommentPeriod.docket_id)
        .join(CommentPeriod, CommentPeriod.id == Comment.period_id)
        .where(Comment.analysis_due, Comment.disposition != Disposition.WITHDRAWN)
    )
    batch = due.order_by(Comment.id).limit(BATCH)
    rows = session.execute(batch.where(Comment.id >= random_id())).all() or session.execute(batch).all()
    return {row.id: DueText(row.body, row.docket_id) for row in rows}


def _learned(session: Session, docket_ids: Collection[int]) -> dict[int, LearnedPositions]:
    """What was learned for these dockets."""
    statement = sa.select(LearnedPositions).where(LearnedPositions.docket_id.in_(docket_ids))
    return {row.docket_id: row for row in session.scalars(statement)}


def _still_due(session: Session, texts: dict[int, str]) -> list[Comment]:
    """Those that nobody else measured meanwhile and whose text is still the one that was measured."""
    statement = (
        sa.select(Comment)
        .where(Comment.id.in_(texts), Comment.analysis_due, Comment.disposition != Disposition.WITHDRAWN)
        .options(selectinload(Comment.analysis))
        .order_by(Comment.id)
        .with_for_update(skip_locked=True, of=Comment)
    )
    return [comment for comment in session.scalars(statement) if comment.body == texts[comment.id]]
