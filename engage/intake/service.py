"""Make batches, close them, and send an entry that went wrong to the moderators."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import (
    BatchKind,
    Comment,
    CommentBatch,
    CommentFlag,
    CommentPeriod,
    Flag,
    PeriodState,
)
from engage.errors import RuleBroken
from engage.intake.codes import digest_of, new_code
from engage.intake.queries import get_entry


class NotCertified(RuleBroken):
    """Nobody has confirmed that the comments are of real persons and lawfully gathered."""


class BatchEndsTooEarly(RuleBroken):
    """The code would have expired before it is given away."""


class PeriodIsCancelled(RuleBroken):
    """The period takes no more comments, so nobody needs a new code for it."""


def create_batch(
    session: Session,
    *,
    period: CommentPeriod,
    name: str,
    expires_at: datetime,
    is_certified: bool,
    creator: User | None,
    secret_key: str,
    now: datetime,
) -> tuple[CommentBatch, str]:
    """A batch for an intermediary, and its code, which is kept nowhere: show it once.

    Raises PeriodIsCancelled, NotCertified, BatchEndsTooEarly.
    """
    if period.state(now) is PeriodState.CANCELLED:
        raise PeriodIsCancelled(_l("This comment period was cancelled: no new codes are made for it."))
    if not is_certified:
        raise NotCertified(_l("Confirm that only what real people hand in will be entered."))
    if expires_at <= now:
        raise BatchEndsTooEarly(_l("The code works until a time that lies ahead."))
    code = new_code()
    batch = CommentBatch(
        period_id=period.id,
        kind=BatchKind.INTERMEDIARY,
        name=name,
        code_digest=digest_of(code, secret_key),
        is_certified=True,
        created_by_id=creator.id if creator else None,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(batch)
    session.flush()
    return batch, code


def batch_of_organiser(
    session: Session, period: CommentPeriod, *, name: str, is_certified: bool, now: datetime
) -> CommentBatch:
    """The batch of an organiser's files for a period: made with the first one, the same for every other.

    Raises NotCertified.
    """
    if not is_certified:
        raise NotCertified(
            _l(
                "Whoever brings in the comments of an organizer confirms that they are of real persons and "
                "were gathered by lawful means."
            )
        )
    wanted = sa.select(CommentBatch).where(
        CommentBatch.period_id == period.id, CommentBatch.kind == BatchKind.FILE, CommentBatch.name == name
    )
    found = session.scalar(wanted.order_by(CommentBatch.created_at, CommentBatch.id).limit(1))
    if found is not None:
        return found
    batch = CommentBatch(
        period_id=period.id, kind=BatchKind.FILE, name=name, is_certified=True, created_at=now
    )
    session.add(batch)
    session.flush()
    return batch


def close_batch(session: Session, batch: CommentBatch, now: datetime) -> None:
    """Let the code open nothing any more. What came in it stays. A second time changes nothing."""
    batch.closed_at = batch.closed_at or now
    session.flush()


def mark_mistaken(session: Session, batch: CommentBatch, tracking_number: str) -> Comment:
    """Ask the moderators to look at an entry: its helper says that it was typed in wrongly.

    It is neither changed nor hidden by this. Marking it again changes nothing. Raises NotFound for one that
    is not of this batch.
    """
    comment = get_entry(session, batch, tracking_number)
    try:
        with session.begin_nested():
            session.add(CommentFlag(comment_id=comment.id, flag=Flag.MISTAKEN))
    except IntegrityError:
        pass
    return comment
