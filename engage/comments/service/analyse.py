"""Measure the comments that wait for it. May run twice at once, on many machines, and be killed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, selectinload

from engage.analysis import UNKNOWN, Analyser, Analysis, PositionLabel, ToneLabel
from engage.analysis.semantic import Embedder
from engage.comments.filters import ANALYSER_FAILED
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentConcern,
    CommentPeriod,
    CommentSearch,
    Disposition,
)
from engage.comments.redacted import blanked
from engage.comments.reviewed import keep_reading
from engage.comments.search import searchable
from engage.comments.similar import signature, stored
from engage.db.base import random_id
from engage.db.session import db, write_transaction
from engage.dockets.models import Docket
from engage.dockets.taxonomy import NEEDED_TO_ANALYSE, analyser_of

log = structlog.get_logger()

BATCH = 100


@dataclass(frozen=True, slots=True)
class _Due:
    """A text to be measured, and by which analyser."""

    body: str
    analyser: Analyser


def analyse_due() -> int:
    """Analyse one batch of comments that are due; returns how many. A job: opens its own transactions.

    Only an analyser whose version is in force measures anew. A worker of another release measures once what
    nobody has measured yet, and leaves the rest: so two releases never take turns at a comment for ever.
    """
    with db.sessionmaker() as session:
        due = _due_texts(session)
    if not due:
        return 0
    # Nothing is locked while the texts are measured; whoever is first writes.
    measured = _measure(due)
    with write_transaction() as session:
        comments = _still_due(session, due)
        in_force = _versions_in_force(session, {comment.period_id for comment in comments})
        for comment in comments:
            version = in_force[comment.period_id]
            is_in_force = version in (None, due[comment.id].analyser.version)
            store_analysis(session, comment, measured[comment.id], is_in_force=is_in_force)
    return len(comments)


def _measure(due: Mapping[int, _Due]) -> dict[int, CommentAnalysis]:
    """Measure each text by itself: one that the analyser cannot read must not hold up the others."""
    with ThreadPoolExecutor(1) as pool:
        futures = {
            number: pool.submit(text.analyser.analyse, blanked(text.body)) for number, text in due.items()
        }
    rows = {
        number: _outcome(number, future, due[number].analyser.version) for number, future in futures.items()
    }
    for number, row in rows.items():
        row.search = as_search(blanked(due[number].body), due[number].analyser.embedder)
    return rows


def _outcome(comment_id: int, future: Future[Analysis], version: str) -> CommentAnalysis:
    error = future.exception()
    if error is None:
        return as_row(future.result())
    # Neither the message nor the trace: both could carry the words of a comment into the log.
    log.error("analyser_failed", comment_id=comment_id, error=type(error).__name__)
    return CommentAnalysis(
        analyser_version=version,
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


def store_analysis(
    session: Session, comment: Comment, row: CommentAnalysis, *, is_in_force: bool = True
) -> None:
    """Keep what was measured in place of what was there before; due again if another analyser is in force.

    Concerns that a person has confirmed or corrected stay; the machine's are kept beside them.
    """
    keep_reading(comment, row)
    comment.analysis = None
    session.flush()
    comment.analysis = row
    comment.analysis_due = not is_in_force
    comment.mark_changed()


def _due_texts(session: Session) -> dict[int, _Due]:
    """The next batch. Ids are random: by starting anywhere, workers take different batches without a lock."""
    due = (
        sa.select(Comment.id, Comment.body, CommentPeriod.docket_id)
        .join(Comment.period)
        .where(Comment.analysis_due, Comment.disposition != Disposition.WITHDRAWN)
    )
    if session.execute(due.limit(1)).first() is None:
        return {}
    dockets = session.scalars(sa.select(Docket).options(*NEEDED_TO_ANALYSE)).all()
    analysers = {docket.id: analyser_of(docket) for docket in dockets}
    foreign = [
        docket.id for docket in dockets if docket.analyser_version not in (None, analysers[docket.id].version)
    ]
    if foreign:
        due = due.where(sa.or_(CommentPeriod.docket_id.not_in(foreign), ~Comment.analysis.has()))
    batch = due.order_by(Comment.id).limit(BATCH)
    rows = session.execute(batch.where(Comment.id >= random_id())).all() or session.execute(batch).all()
    return {row.id: _Due(row.body, analysers[row.docket_id]) for row in rows}


def _versions_in_force(session: Session, period_ids: Collection[int]) -> dict[int, str | None]:
    """By period. Whoever brings another version into force waits until these comments are stored."""
    rows = session.execute(
        sa.select(CommentPeriod.id, Docket.analyser_version)
        .join(CommentPeriod.docket)
        .where(CommentPeriod.id.in_(period_ids))
        .order_by(Docket.id)
        .with_for_update(read=True, of=Docket)
    )
    return {row.id: row.analyser_version for row in rows}


def _still_due(session: Session, due: Mapping[int, _Due]) -> list[Comment]:
    """Those that nobody else measured meanwhile and whose text is still the one that was measured."""
    statement = (
        sa.select(Comment)
        .where(Comment.id.in_(due), Comment.analysis_due, Comment.disposition != Disposition.WITHDRAWN)
        .options(
            selectinload(Comment.analysis).selectinload(CommentAnalysis.concerns),
            selectinload(Comment.review),
        )
        .order_by(Comment.id)
        .with_for_update(skip_locked=True, of=Comment)
    )
    return [comment for comment in session.scalars(statement) if comment.body == due[comment.id].body]
