"""Learn from labels how positions are spoken for in a docket. May run twice at once, and be killed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import PositionLabel
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition
from engage.comments.redacted import blanked
from engage.db.session import db, write_transaction
from engage.dockets.models import Docket, LearnedPositions
from engage.dockets.service import bring_into_force
from engage.jobs.queue import wake
from engage.labelling.models import MEASURE, DrawnComment, Label, Sample

if TYPE_CHECKING:
    from engage.analysis.position_learning import PositionModel

LEAST_LABELS = 100
MORE = 1.2
"""Learned again at so many times the labels: each time every comment of the docket is read anew."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The labels of a docket that are for learning."""

    docket_id: int
    texts: tuple[str, ...]
    positions: tuple[PositionLabel, ...]
    languages: tuple[str, ...]


def learn_due() -> int:
    """Learn for one docket whose labels have changed; returns how many. A job: opens its own transactions."""
    with db.sessionmaker() as session:
        docket_id = session.scalar(
            sa.select(CommentPeriod.docket_id)
            .join(Sample, Sample.period_id == CommentPeriod.id)
            .where(Sample.learn_due)
            .order_by(CommentPeriod.docket_id)
            .limit(1)
        )
        if docket_id is None:
            return 0
        lesson = _lesson(session, docket_id)
        known = session.get(LearnedPositions, docket_id)
    # Nothing is locked while it learns.
    model = (
        _learn(lesson)
        if len(lesson.texts) >= max(LEAST_LABELS, MORE * (known.labels if known else 0))
        else None
    )
    with write_transaction() as session:
        if model is not None:
            _keep(session, lesson, model)
        if _lesson(session, docket_id) == lesson:
            session.execute(
                sa.update(Sample).where(Sample.period_id.in_(_periods(docket_id))).values(learn_due=False)
            )
    return 1


def _learn(lesson: Lesson) -> PositionModel | None:
    from engage.analysis.position_learning import learn

    return learn(lesson.texts, lesson.positions, languages=lesson.languages)


def _lesson(session: Session, docket_id: int) -> Lesson:
    """Every label of a comment that declares a position, and of the others one in two that teaches."""
    statement = (
        sa.select(Comment.body, Comment.position, Label.position, CommentAnalysis.language, DrawnComment)
        .join(DrawnComment, DrawnComment.comment_id == Comment.id)
        .join(Label, Label.comment_id == Comment.id)
        .join(CommentAnalysis, CommentAnalysis.comment_id == Comment.id)
        .where(DrawnComment.period_id.in_(_periods(docket_id)), Comment.disposition == Disposition.POSTED)
        .order_by(DrawnComment.rank, Label.person_id)
    )
    chosen = [
        (blanked(row[0]), row[2], row[3])
        for row in session.execute(statement)
        if row[1] is not None or row[4].teaches
    ]
    texts, positions, languages = zip(*chosen, strict=True) if chosen else ((), (), ())
    return Lesson(docket_id, texts, positions, languages)


def _keep(session: Session, lesson: Lesson, model: PositionModel) -> None:
    """Store what was learned; where it is new, promise to read every comment of the docket anew."""
    docket = session.get_one(Docket, lesson.docket_id, with_for_update=True)
    text, known = model.to_json(), docket.learned_positions
    is_new = known is None or known.model != text
    docket.learned_positions = session.merge(
        LearnedPositions(docket_id=docket.id, model=text, labels=len(lesson.texts))
    )
    if is_new:
        bring_into_force(session, docket)
        session.execute(
            sa.update(Sample).where(Sample.period_id.in_(_periods(docket.id))).values(measure_due=True)
        )
        wake(session, MEASURE)


def _periods(docket_id: int) -> sa.Select[int]:
    return sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == docket_id)
