"""Enter comments into the log in the transaction that receives them, and forget codes of withdrawn ones."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.clock import utcnow
from engage.comments.models import Comment, Disposition
from engage.db.base import random_id
from engage.db.session import write_transaction
from engage.jobs.queue import KEEP_MARKS, wake
from engage.receipts.fields import fields_of
from engage.receipts.keys import LogKeys, log_keys
from engage.receipts.leaf import digests_of, leaf_of
from engage.receipts.models import SEAL, LogEntry
from engage.web.locale import site_time_zone

BATCH = 500
_CODE_BYTES = 16


def enter_comments(session: Session, comments: Sequence[Comment]) -> None:
    """Write a log entry for each of these comments, flushed; the sealer will put them into the log.

    Whatever is told of a comment later, its leaf stays that of what was received.
    """
    if not comments:
        return
    _load_parts(session, comments)
    keys, today = log_keys(), utcnow().astimezone(site_time_zone()).date()
    rows = [_row(keys, comment) | {"entered_on": today} for comment in comments]
    session.execute(sa.insert(LogEntry), rows)
    wake(session, SEAL)
    wake(session, KEEP_MARKS)


def enter_missing() -> int:
    """Enter the comments that came before there was a log; returns how many. May run again and be killed."""
    done = 0
    while step := _enter_batch():
        done += step
    return done


def forget_codes(session: Session, comments: Sequence[Comment]) -> None:
    """Destroy the codes of withdrawn comments: then nobody but who holds a receipt can open a digest."""
    ids = [comment.id for comment in comments]
    session.execute(
        sa.update(LogEntry)
        .where(LogEntry.comment_id.in_(ids))
        .values(sealed_code=None)
        .execution_options(synchronize_session="fetch")
    )


def _enter_batch() -> int:
    with write_transaction() as session:
        missing = (
            sa.select(Comment)
            .where(~sa.exists().where(LogEntry.comment_id == Comment.id))
            .options(joinedload(Comment.period), joinedload(Comment.district))
            .order_by(Comment.id)
            .limit(BATCH)
            .with_for_update(of=Comment, key_share=True)
        )
        comments = session.scalars(missing).all()
        enter_comments(session, comments)
        return len(comments)


def _load_parts(session: Session, comments: Sequence[Comment]) -> None:
    """Their files and clauses with two questions for all of them."""
    parts = (selectinload(Comment.attachments), selectinload(Comment.clauses))
    ids = [comment.id for comment in comments]
    session.scalars(sa.select(Comment).where(Comment.id.in_(ids)).options(*parts)).all()


def _row(keys: LogKeys, comment: Comment) -> dict[str, object]:
    code, number = secrets.token_bytes(_CODE_BYTES), random_id()
    digests = digests_of(code, fields_of(comment))
    is_gone = comment.disposition is Disposition.WITHDRAWN
    return {
        "id": number,
        "comment_id": comment.id,
        "leaf_hash": leaf_of(digests),
        "field_names": ",".join(digests),
        "digests": b"".join(digests.values()),
        "sealed_code": None if is_gone else keys.sealer.seal(code, bound_to=str(number)),
    }
