"""Bring labels into the reports. May run twice at once, and be killed at any moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from engage.analysis import PositionLabel
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition
from engage.comments.reviewed import machine_codes
from engage.db.session import write_transaction
from engage.dockets.models import Docket, LearnedPositions
from engage.dockets.taxonomy import taxonomy_of
from engage.jobs.queue import wake
from engage.labelling.models import (
    CONCERNS_OF,
    MEASURE,
    TONES_OF,
    DrawnComment,
    Label,
    LabelMeasure,
    LabelTone,
    MeasureKind,
    Sample,
)

Key = tuple[MeasureKind, str]
Pair = tuple[float, int]
Row = tuple[Comment, DrawnComment]


@dataclass(frozen=True, slots=True)
class Checked:
    """A comment that people labelled and the machine read.

    ``position`` is what its author declared; ``taught``: what suggests positions was learned from its label
    too. ``suggested``, ``tone`` and the concerns that are ``found`` are the machine's own, also where a
    person has corrected them.
    """

    position: str | None
    taught: bool
    suggested: str
    tone: str
    found: frozenset[str]
    labels: tuple[Label, ...]


def measure_due() -> int:
    """Measure the sample of one period that is due; returns how many. A job: has its own transaction."""
    with write_transaction() as session:
        due = sa.select(Sample).where(Sample.measure_due).order_by(Sample.period_id).limit(1)
        sample = session.scalar(due.with_for_update(skip_locked=True))
        if sample is None:
            return 0
        _forget_withdrawn(session, sample)
        docket = session.scalars(
            sa.select(Docket).join(CommentPeriod).where(CommentPeriod.id == sample.period_id)
        ).one()
        pairs = pairs_of(_checked(session, sample), taxonomy_of(docket).codes)
        session.execute(sa.delete(LabelMeasure).where(LabelMeasure.period_id == sample.period_id))
        session.add_all(
            LabelMeasure(
                period_id=sample.period_id,
                kind=kind,
                code=code,
                pairs=[[label, said, n] for (label, said), n in sorted(counts.items())],
            )
            for (kind, code), counts in pairs.items()
        )
        sample.measure_due = False
        return 1


def mark_changed(session: Session, comment_ids: Collection[int]) -> None:
    """Promise to measure anew the samples that these comments are in: one was withdrawn or read anew."""
    touched = sa.select(DrawnComment.period_id).where(DrawnComment.comment_id.in_(comment_ids))
    periods = session.scalars(touched.distinct().order_by(DrawnComment.period_id)).all()
    if periods:
        session.execute(sa.update(Sample).where(Sample.period_id.in_(periods)).values(measure_due=True))
        wake(session, MEASURE)


def pairs_of(checked: Iterable[Checked], codes: Collection[str]) -> Mapping[Key, Counter[Pair]]:
    """How often each label met each prediction, for positions, tones and the concerns of ``codes``.

    A label is the part of its people who say yes. Concerns and tones are compared also within each side, of
    the comments that declare it. Positions count only where the author declared none, and not where the label
    was learned from: on those a machine is better than on others.
    """
    pairs: dict[Key, Counter[Pair]] = defaultdict(Counter)
    for comment in checked:
        for key, pair in (*_positions(comment), *_concerns(comment, codes), *_tones(comment)):
            pairs[key][pair] += 1
    return pairs


def _positions(comment: Checked) -> Iterator[tuple[Key, Pair]]:
    for position in () if comment.position or comment.taught else PositionLabel:
        yes = sum(label.position is position for label in comment.labels)
        pair = (yes / len(comment.labels), int(comment.suggested == position))
        yield (MeasureKind.POSITION, position), pair


def _concerns(comment: Checked, codes: Iterable[str]) -> Iterator[tuple[Key, Pair]]:
    kinds = _kinds(MeasureKind.CONCERN, CONCERNS_OF, comment)
    for code in codes:
        yes = sum(code in label.codes for label in comment.labels)
        for kind in kinds:
            yield (kind, code), (yes / len(comment.labels), int(code in comment.found))


def _tones(comment: Checked) -> Iterator[tuple[Key, Pair]]:
    """Nothing of a text whose tone was not scored: its share is of those that were."""
    said = [label.tone for label in comment.labels if label.tone]
    if not said or comment.tone not in set(LabelTone):
        return
    kinds = _kinds(MeasureKind.TONE, TONES_OF, comment)
    for tone in LabelTone:
        for kind in kinds:
            yield (kind, tone), (said.count(tone) / len(said), int(comment.tone == tone))


def _kinds(of_all: MeasureKind, of_sides: Mapping[str, MeasureKind], comment: Checked) -> list[MeasureKind]:
    side = of_sides.get(comment.position) if comment.position else None
    return [of_all, side] if side else [of_all]


def _checked(session: Session, sample: Sample) -> Iterator[Checked]:
    comments = (
        sa.select(Comment, DrawnComment)
        .join(DrawnComment, DrawnComment.comment_id == Comment.id)
        .join(Comment.analysis)
        .where(DrawnComment.period_id == sample.period_id, Comment.disposition == Disposition.POSTED)
        .order_by(DrawnComment.rank)
        .options(
            selectinload(Comment.analysis).selectinload(CommentAnalysis.concerns),
            selectinload(Comment.review),
        )
    )
    labels: dict[int, list[Label]] = defaultdict(list)
    said = (
        sa.select(Label)
        .join(DrawnComment, DrawnComment.comment_id == Label.comment_id)
        .where(DrawnComment.period_id == sample.period_id)
        .options(selectinload(Label.concerns))
    )
    for label in session.scalars(said):
        labels[label.comment_id].append(label)
    docket = sa.select(CommentPeriod.docket_id).where(CommentPeriod.id == sample.period_id)
    has_learned = session.get(LearnedPositions, session.scalars(docket).one()) is not None
    rows = [(comment, drawn) for comment, drawn in session.execute(comments)]
    for comment, drawn in _reached(rows, labels):
        if comment.analysis is not None and labels[comment.id]:
            yield Checked(
                position=comment.position,
                taught=has_learned and drawn.teaches,
                suggested=comment.analysis.position_suggested,
                tone=comment.analysis.tone,
                found=frozenset(machine_codes(comment)),
                labels=tuple(labels[comment.id]),
            )


def _reached(rows: Sequence[Row], labelled: Mapping[int, Sequence[Label]]) -> Sequence[Row]:
    """Of what was drawn, in its order, the part that those who label have come to.

    A label holds for every copy of its text, so that nobody reads one twice. Beyond this part only copies are
    labelled: with them letters that were sent often would weigh more in the sample than among all comments.
    """
    seen: set[str] = set()
    reached = 0
    for place, (comment, _) in enumerate(rows):
        is_copy = comment.body_digest in seen
        seen.add(comment.body_digest)
        if labelled.get(comment.id) and (not is_copy or reached == place):
            reached = place + 1
    return rows[:reached]


def _forget_withdrawn(session: Session, sample: Sample) -> None:
    """What was said about a comment goes with the comment when its author withdraws it."""
    withdrawn = sa.select(Comment.id).where(
        Comment.period_id == sample.period_id, Comment.disposition == Disposition.WITHDRAWN
    )
    session.execute(
        sa.delete(DrawnComment)
        .where(DrawnComment.period_id == sample.period_id, DrawnComment.comment_id.in_(withdrawn))
        .execution_options(synchronize_session=False)
    )
