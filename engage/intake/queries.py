"""Batches and what is in them. A helper's reader goes through of_batch: no other batch can be reached."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.analysis import fingerprint
from engage.comments.models import (
    BatchKind,
    Comment,
    CommentBatch,
    CommentFlag,
    CommentPeriod,
    Disposition,
    Flag,
)
from engage.comments.tracking import tidy_tracking_number
from engage.errors import NotFound
from engage.web.paging import PAGE_SIZE, Page

MOST_NAMED = 10


def batches(session: Session, period: CommentPeriod) -> list[tuple[CommentBatch, int]]:
    """The batches of a period with the number of their comments, the newest first."""
    counted = (
        sa.select(Comment.batch_id, sa.func.count().label("n"))
        .where(Comment.batch_id.is_not(None), Comment.period_id == period.id)
        .group_by(Comment.batch_id)
        .subquery()
    )
    statement = (
        sa.select(CommentBatch, sa.func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.batch_id == CommentBatch.id)
        .where(CommentBatch.period_id == period.id)
        .order_by(CommentBatch.created_at.desc(), CommentBatch.id)
    )
    return [(batch, int(n)) for batch, n in session.execute(statement)]


def get_batch(session: Session, batch_id: int) -> CommentBatch:
    """An intermediary's batch, for the staff. Raises NotFound."""
    batch = session.get(CommentBatch, batch_id)
    if batch is None or batch.kind is not BatchKind.INTERMEDIARY:
        raise NotFound(_l("There is no such batch."))
    return batch


def find_open_batch(
    session: Session, now: datetime, *, batch_id: int | None = None, code_digest: str | None = None
) -> CommentBatch | None:
    """The batch of an id or a code, while its code opens the entry screen."""
    wanted = CommentBatch.id == batch_id if code_digest is None else CommentBatch.code_digest == code_digest
    batch = session.scalar(sa.select(CommentBatch).where(wanted))
    return batch if batch is not None and batch.is_open(now) else None


def of_batch(batch: CommentBatch) -> sa.Select[Comment]:
    """The comments that came in one batch: all that its helpers may know of."""
    return sa.select(Comment).where(Comment.batch_id == batch.id, Comment.period_id == batch.period_id)


def entries(session: Session, batch: CommentBatch, number: int) -> Page[tuple[Comment, bool]]:
    """One page of a batch, the newest day first, each with whether it is marked as mistaken."""
    is_mistaken = (
        sa.select(CommentFlag.comment_id)
        .where(CommentFlag.comment_id == Comment.id, CommentFlag.flag == Flag.MISTAKEN)
        .exists()
    )
    statement = (
        of_batch(batch)
        .add_columns(is_mistaken)
        .order_by(Comment.received_on.desc(), Comment.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    total = session.scalar(of_batch(batch).with_only_columns(sa.func.count())) or 0
    rows = [(comment, bool(mistaken)) for comment, mistaken in session.execute(statement)]
    return Page(rows=rows, number=number, size=PAGE_SIZE, total=total)


def get_entry(session: Session, batch: CommentBatch, tracking_number: str) -> Comment:
    """A comment of this batch. Raises NotFound, also for one of another batch or of none."""
    tidy = tidy_tracking_number(tracking_number)
    comment = session.scalar(of_batch(batch).where(Comment.tracking_number == tidy))
    if comment is None:
        raise NotFound(_l("There is no such entry in your batch."))
    return comment


def find_entered(
    session: Session, period: CommentPeriod, tracking_number: str, batch: CommentBatch | None = None
) -> Comment | None:
    """The comment of this period, and of this batch where one is given, with this number."""
    statement = of_batch(batch) if batch else sa.select(Comment).where(Comment.period_id == period.id)
    return session.scalar(statement.where(Comment.tracking_number == tidy_tracking_number(tracking_number)))


def same_words(
    session: Session, period: CommentPeriod, body: str, batch: CommentBatch | None = None
) -> list[Comment]:
    """Some comments that say the same: of the batch where one is given, else of the whole period.

    To send a text that others wrote is a way to take part, so this is a question to whoever types and never
    a refusal.
    """
    statement = of_batch(batch) if batch else sa.select(Comment).where(Comment.period_id == period.id)
    return list(
        session.scalars(
            statement.where(
                Comment.body_digest == fingerprint(body), Comment.disposition != Disposition.WITHDRAWN
            )
            .order_by(Comment.received_on, Comment.id)
            .limit(MOST_NAMED)
        )
    )
