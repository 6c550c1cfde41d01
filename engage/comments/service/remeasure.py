"""Find the comments that another analyser than the one in force has measured. May run twice at once.

The comments of a period are compared once for each version that comes into force, in the order of their ids;
what is measured later is compared as it is stored. So where nothing is outdated it costs one look at the
periods.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition
from engage.comments.service.submit import ANALYSE
from engage.db.session import db, write_transaction
from engage.dockets.models import Docket
from engage.jobs.queue import wake

BATCH = 1000


def remeasure_due() -> int:
    """Compare one batch of a period's comments with the version in force; those of another one become due.

    Returns how many steps there were: 1, or 0 where no period was left. A job: opens its own transactions.
    """
    with db.sessionmaker() as session:
        if session.scalar(_unchecked().with_only_columns(CommentPeriod.id).limit(1)) is None:
            return 0
    with write_transaction() as session:
        # Not locked as a whole: comments that arrive meanwhile refer to the period and must not wait.
        found = session.execute(
            _unchecked().limit(1).with_for_update(of=CommentPeriod, key_share=True, skip_locked=True)
        ).first()
        if found is None:
            return 0
        period, version = found
        _check_batch(session, period, str(version))
        return 1


def _unchecked() -> sa.Select[CommentPeriod, str | None]:
    return (
        sa.select(CommentPeriod, Docket.analyser_version)
        .join(CommentPeriod.docket)
        .where(
            Docket.analyser_version.is_not(None),
            sa.or_(
                CommentPeriod.checked_version.is_distinct_from(Docket.analyser_version),
                CommentPeriod.checked_up_to.is_not(None),
            ),
        )
        .order_by(CommentPeriod.id)
    )


def _check_batch(session: Session, period: CommentPeriod, version: str) -> None:
    if period.checked_version != version:
        period.checked_version, period.checked_up_to = version, 0
    ids = session.scalars(
        sa.select(Comment.id)
        .where(Comment.period_id == period.id, Comment.id > period.checked_up_to)
        .order_by(Comment.id)
        .limit(BATCH)
    ).all()
    if _mark_outdated(session, ids, version):
        wake(session, ANALYSE)
    period.checked_up_to = ids[-1] if len(ids) == BATCH else None


def _mark_outdated(session: Session, comment_ids: Sequence[int], version: str) -> int:
    """Let those comments be measured again that have a measurement of another version."""
    outdated = session.scalars(
        sa.select(Comment.id)
        .join(Comment.analysis)
        .where(
            Comment.id.in_(comment_ids),
            Comment.analysis_due.is_(False),
            Comment.disposition != Disposition.WITHDRAWN,
            CommentAnalysis.analyser_version != version,
        )
        .order_by(Comment.id)
        .with_for_update(of=Comment, key_share=True)
    ).all()
    if outdated:
        session.execute(sa.update(Comment).where(Comment.id.in_(outdated)).values(analysis_due=True))
    return len(outdated)
