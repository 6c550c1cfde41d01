"""Words of labelled comments were redacted or erased: what was learned from them is learned anew."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.dockets.models import LearnedPositions
from engage.jobs.queue import wake
from engage.labelling.models import LEARN, DrawnComment, Label, Sample


def learn_anew(session: Session, comments: Sequence[Comment]) -> None:
    """Let the dockets learn again that have learned from these comments, however few labels are new.

    What was learned holds words of the texts. Nothing happens for comments that nobody has labelled.
    """
    periods = session.scalars(
        sa.select(DrawnComment.period_id)
        .join(Label, Label.comment_id == DrawnComment.comment_id)
        .where(DrawnComment.comment_id.in_([comment.id for comment in comments]))
        .distinct()
    ).all()
    if not periods:
        return
    dockets = sa.select(CommentPeriod.docket_id).where(CommentPeriod.id.in_(periods))
    session.execute(
        sa.update(LearnedPositions).where(LearnedPositions.docket_id.in_(dockets)).values(labels=0)
    )
    session.execute(sa.update(Sample).where(Sample.period_id.in_(periods)).values(learn_due=True))
    wake(session, LEARN)
