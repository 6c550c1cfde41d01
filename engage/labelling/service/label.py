"""Keep what a person says about a comment."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from engage.accounts.models import User
from engage.analysis import PositionLabel
from engage.comments.models import Comment, Disposition
from engage.jobs.queue import wake
from engage.labelling.models import LEARN, MEASURE, DrawnComment, Label, LabelConcern, LabelTone, Sample


def label_comment(
    session: Session,
    comment: Comment,
    person: User,
    *,
    position: PositionLabel,
    concerns: Iterable[str],
    tone: LabelTone | None,
) -> int:
    """Keep one person's label, in place of what that person said before; returns for how many comments.

    It holds for every drawn comment of the same text, so that nobody reads one text twice: each of them was
    drawn by chance, and words that are the same say the same.
    """
    codes = sorted(set(concerns))
    # Held, in one order, so that one click that arrives twice makes one label.
    drawn = (
        sa.select(DrawnComment.comment_id)
        .join(Comment, Comment.id == DrawnComment.comment_id)
        .where(
            DrawnComment.period_id == comment.period_id,
            Comment.body_digest == comment.body_digest,
            Comment.disposition == Disposition.POSTED,
        )
        .order_by(DrawnComment.comment_id)
        .with_for_update(of=DrawnComment)
    )
    numbers = session.scalars(drawn).all()
    said = sa.select(Label).where(Label.comment_id.in_(numbers), Label.person_id == person.id)
    said = said.options(selectinload(Label.concerns))
    labels = {label.comment_id: label for label in session.scalars(said)}
    for number in numbers:
        label = labels.get(number) or Label(comment_id=number, person_id=person.id)
        label.position, label.tone = position, tone
        label.concerns = _kept(label.concerns, codes)
        session.add(label)
    session.flush()
    session.execute(
        sa.update(Sample)
        .where(Sample.period_id == comment.period_id)
        .values(measure_due=True, learn_due=True)
    )
    wake(session, MEASURE)
    wake(session, LEARN)
    return len(numbers)


def _kept(before: list[LabelConcern], codes: list[str]) -> list[LabelConcern]:
    known = {concern.code: concern for concern in before}
    return [known.get(code) or LabelConcern(code=code) for code in codes]
