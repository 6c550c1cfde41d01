"""What the staff may see of samples and labels. A comment that is not posted is in no list and no number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import User
from engage.analysis import PositionLabel
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition
from engage.comments.queries import newest_first, periods, with_details
from engage.comments.tracking import tidy_tracking_number
from engage.dockets.models import LearnedPositions
from engage.errors import NotFound
from engage.labelling.agreement import Agreement, agreement
from engage.labelling.models import DrawnComment, Label, LabelMeasure, Sample
from engage.web.paging import Page, paginate

_IS_POSTED = Comment.disposition == Disposition.POSTED


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sample is: ``drawn`` comments that are posted, ``labelled`` by anybody, ``own`` by this
    person, ``twice`` by two people or more.
    """

    drawn: int = 0
    labelled: int = 0
    own: int = 0
    twice: int = 0


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period in the list of samples."""

    period: CommentPeriod
    sample: Sample | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two people who labelled ``comments`` comments both: how often they agree on each question."""

    first: User
    second: User
    comments: int
    positions: Agreement
    concerns: Agreement


def overview(session: Session, person: User) -> list[PeriodLine]:
    """Every period with its sample, the newest first."""
    samples = {sample.period_id: sample for sample in session.scalars(sa.select(Sample))}
    done = _progress(session, person)
    return [
        PeriodLine(period, samples.get(period.id), done.get(period.id, Progress()))
        for period in periods(session)
    ]


def progress(session: Session, period: CommentPeriod, person: User) -> Progress:
    """How far the sample of a period is."""
    return _progress(session, person, period.id).get(period.id, Progress())


def get_sample(session: Session, period: CommentPeriod) -> Sample | None:
    """The sample of a period; None before it is drawn."""
    return session.get(Sample, period.id)


def count_posted(session: Session, period: CommentPeriod) -> int:
    """How many comments a sample can be drawn from now."""
    statement = sa.select(sa.func.count()).where(Comment.period_id == period.id, _IS_POSTED)
    return session.scalar(statement.select_from(Comment)) or 0


def drawn_comment(session: Session, period: CommentPeriod, tracking_number: str) -> Comment:
    """A posted comment of the sample. Raises NotFound, also where it is not posted any more."""
    wanted = _drawn(period).where(Comment.tracking_number == tidy_tracking_number(tracking_number))
    comment: Comment | None = session.scalar(with_details(wanted))
    if comment is None:
        raise NotFound(_l("This comment is not in the sample, or it is not posted any more."))
    return comment


def next_number(session: Session, period: CommentPeriod, person: User, *, after: str = "") -> str | None:
    """The tracking number of the comment that this person should label next; None where all are done.

    First those that nobody has labelled, in the order of the draw, so that what is labelled stays a random
    sample; then those of others, for a second opinion. ``after`` is one that the person has skipped: it comes
    again at the end.
    """
    labels = sa.select(Label.comment_id).where(Label.comment_id == Comment.id)
    is_labelled = labels.exists()
    own = labels.where(Label.person_id == person.id).exists()
    statement = (
        sa.select(Comment.tracking_number, is_labelled)
        .join(DrawnComment, DrawnComment.comment_id == Comment.id)
        .where(DrawnComment.period_id == period.id, _IS_POSTED, ~own)
        .order_by(is_labelled, DrawnComment.rank)
    )
    numbers = [row[0] for row in session.execute(statement)]
    place = numbers.index(after) + 1 if after in numbers else 0
    return next(iter(numbers[place:] + numbers[:place]), None)


def own_label(session: Session, comment: Comment, person: User) -> Label | None:
    """What this person said about a comment."""
    return session.scalar(
        sa.select(Label)
        .where(Label.comment_id == comment.id, Label.person_id == person.id)
        .options(selectinload(Label.concerns))
    )


def labels_page(session: Session, period: CommentPeriod, number: int) -> Page[tuple[Comment, list[Label]]]:
    """The labelled comments of a sample in the order of the draw, each with what people said."""
    labelled = sa.exists().where(Label.comment_id == Comment.id)
    page = paginate(
        session, with_details(_drawn(period).where(labelled)).order_by(DrawnComment.rank), number=number
    )
    labels = _labels(session, [comment.id for comment in page.rows])
    rows = [(comment, labels[comment.id]) for comment in page.rows]
    return Page(rows=rows, number=page.number, size=page.size, total=page.total)


def comparisons(session: Session, period: CommentPeriod, codes: Sequence[str]) -> list[Comparison]:
    """Every two people who labelled the same comments. ``codes``: the concerns about which each was asked."""
    ids = session.scalars(_drawn(period).with_only_columns(Comment.id)).all()
    both: dict[tuple[int, int], list[tuple[Label, Label]]] = defaultdict(list)
    for labels in _labels(session, ids).values():
        for one, other in combinations(labels, 2):
            both[one.person_id, other.person_id].append((one, other))
    return [_compared(pairs, codes) for _, pairs in sorted(both.items())]


def suggested(session: Session, period: CommentPeriod, position: PositionLabel, number: int) -> Page[Comment]:
    """The posted comments that declare no position and for which the machine suggests this one."""
    statement = (
        sa.select(Comment)
        .join(Comment.analysis)
        .where(
            Comment.period_id == period.id,
            _IS_POSTED,
            Comment.position.is_(None),
            CommentAnalysis.position_suggested == position,
        )
    )
    return paginate(session, with_details(newest_first(statement)), number=number)


def drawn(session: Session, period: CommentPeriod) -> tuple[datetime, int] | None:
    """When the sample of a period was last drawn, and from how many comments; None before."""
    row = session.execute(
        sa.select(Sample.drawn_at, Sample.drawn_from).where(Sample.period_id == period.id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def learned_from(session: Session, period: CommentPeriod) -> int:
    """From how many labels of its docket suggestions of positions were learned; 0 where they were not."""
    known = session.get(LearnedPositions, period.docket_id)
    return known.labels if known else 0


def measures(
    session: Session, period: CommentPeriod
) -> Mapping[tuple[str, str], list[tuple[float, float, int]]]:
    """What people and the machine say in the sample, by kind and code: see models.LabelMeasure."""
    rows = session.execute(
        sa.select(LabelMeasure.kind, LabelMeasure.code, LabelMeasure.pairs).where(
            LabelMeasure.period_id == period.id
        )
    )
    return {(kind, code): [(label, said, n) for label, said, n in pairs] for kind, code, pairs in rows}


def _drawn(period: CommentPeriod) -> sa.Select[Comment]:
    return (
        sa.select(Comment)
        .join(DrawnComment, DrawnComment.comment_id == Comment.id)
        .where(DrawnComment.period_id == period.id, _IS_POSTED)
    )


def _progress(session: Session, person: User, period_id: int | None = None) -> dict[int, Progress]:
    labels = (
        sa.select(
            Label.comment_id,
            sa.func.count().label("people"),
            sa.func.sum(sa.case((Label.person_id == person.id, 1), else_=0)).label("own"),
        )
        .group_by(Label.comment_id)
        .subquery()
    )
    statement = (
        sa.select(
            DrawnComment.period_id,
            sa.func.count(),
            sa.func.count(labels.c.comment_id),
            sa.func.coalesce(sa.func.sum(labels.c.own), 0),
            sa.func.coalesce(sa.func.sum(sa.case((labels.c.people > 1, 1), else_=0)), 0),
        )
        .join(Comment, Comment.id == DrawnComment.comment_id)
        .outerjoin(labels, labels.c.comment_id == DrawnComment.comment_id)
        .where(_IS_POSTED)
        .group_by(DrawnComment.period_id)
    )
    if period_id is not None:
        statement = statement.where(DrawnComment.period_id == period_id)
    return {row[0]: Progress(*(int(n) for n in row[1:])) for row in session.execute(statement)}


def _labels(session: Session, comment_ids: Sequence[int]) -> dict[int, list[Label]]:
    found: dict[int, list[Label]] = defaultdict(list)
    statement: sa.Select[Any] = (
        sa.select(Label)
        .where(Label.comment_id.in_(comment_ids))
        .order_by(Label.person_id)
        .options(joinedload(Label.person), selectinload(Label.concerns))
    )
    for label in session.scalars(statement):
        found[label.comment_id].append(label)
    return found


def _compared(pairs: Sequence[tuple[Label, Label]], codes: Sequence[str]) -> Comparison:
    asked = [(code, set(one.codes), set(other.codes)) for one, other in pairs for code in codes]
    return Comparison(
        first=pairs[0][0].person,
        second=pairs[0][1].person,
        comments=len(pairs),
        positions=agreement((one.position, other.position) for one, other in pairs),
        concerns=agreement((code in one, code in other) for code, one, other in asked),
    )


def labels_by(session: Session, user: User) -> list[dict[str, object]]:
    """What a person said about comments of samples, for that person's own file."""
    statement = (
        sa.select(Label, Comment.tracking_number)
        .join(Comment, Comment.id == Label.comment_id)
        .where(Label.person_id == user.id)
        .options(selectinload(Label.concerns))
        .order_by(Comment.tracking_number)
    )
    return [
        {"comment": number, "position": label.position, "tone": label.tone, "concerns": label.codes}
        for label, number in session.execute(statement)
    ]
