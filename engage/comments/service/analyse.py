"""Measure the comments that wait for it. May run twice at once, on many machines, and be killed."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import sqlalchemy as sa
import structlog
from flask import current_app
from sqlalchemy.orm import Session, selectinload

from engage.analysis import UNKNOWN, Analyser, Analysis, PositionLabel, ToneLabel
from engage.analysis.semantic import Embedder, required_embedder
from engage.comments.filters import ANALYSER_FAILED
from engage.comments.models import Comment, CommentAnalysis, CommentConcern, CommentSearch, Disposition
from engage.comments.search import searchable
from engage.comments.similar import signature, stored
from engage.db.base import random_id
from engage.db.session import db, write_transaction

log = structlog.get_logger()

BATCH = 100


def analyser() -> Analyser:
    """The analyser that this site's settings ask for. Raises SemanticUnavailable where it cannot be had."""
    return _analyser(current_app.config["ENGAGE_SETTINGS"].semantic)


@cache
def _analyser(semantic: bool) -> Analyser:
    """Reading its data takes a moment, so it is made once in a process."""
    return Analyser(embedder=required_embedder() if semantic else None)


def analyse_due() -> int:
    """Analyse one batch of comments that are due; returns how many. A job: opens its own transactions."""
    with db.sessionmaker() as session:
        texts = _due_texts(session)
    if not texts:
        return 0
    # Nothing is locked while the texts are measured; whoever is first writes.
    measured = _measure(texts)
    with write_transaction() as session:
        comments = _still_due(session, texts)
        for comment in comments:
            store_analysis(session, comment, measured[comment.id])
    return len(comments)


def _measure(texts: Mapping[int, str]) -> dict[int, CommentAnalysis]:
    """Measure each text by itself: one that the analyser cannot read must not hold up the others."""
    measuring = analyser()
    with ThreadPoolExecutor(1) as pool:
        futures = {comment_id: pool.submit(measuring.analyse, body) for comment_id, body in texts.items()}
    rows = {comment_id: _outcome(comment_id, future) for comment_id, future in futures.items()}
    for comment_id, row in rows.items():
        row.search = as_search(texts[comment_id], measuring.embedder)
    return rows


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


def as_search(body: str, embedder: Embedder | None) -> CommentSearch:
    """What a comment is found by; with a vector where there is an embedder."""
    search = CommentSearch(words=searchable(body))
    if embedder is not None:
        search.vector, search.embedder = stored(embedder.embed([body])[0]), signature(embedder)
    return search


def store_analysis(session: Session, comment: Comment, row: CommentAnalysis) -> None:
    """Keep what was measured in place of what was there before."""
    comment.analysis = None
    session.flush()
    comment.analysis = row
    comment.analysis_due = False
    comment.mark_changed()


def _due_texts(session: Session) -> dict[int, str]:
    """The next batch. Ids are random: by starting anywhere, workers take different batches without a lock."""
    due = sa.select(Comment.id, Comment.body).where(
        Comment.analysis_due, Comment.disposition != Disposition.WITHDRAWN
    )
    batch = due.order_by(Comment.id).limit(BATCH)
    rows = session.execute(batch.where(Comment.id >= random_id())).all() or session.execute(batch).all()
    return {row.id: row.body for row in rows}


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
