"""Draw the comments that people label."""

from __future__ import annotations

import hashlib
import heapq
import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.db.session import advisory_lock
from engage.errors import RuleBroken
from engage.jobs.queue import wake
from engage.labelling.models import MEASURE, DrawnComment, Sample

_DRAW_LOCK = 2_870_007
_BATCH = 10_000


class NothingToDraw(RuleBroken):
    """No comment of the period is posted."""


def rank_of(seed: str, tracking_number: str) -> str:
    """The place of a comment in the order of a draw: SHA-256 of “seed:tracking number”, in hexadecimal."""
    return hashlib.sha256(f"{seed}:{tracking_number}".encode()).hexdigest()


def draw_sample(session: Session, period: CommentPeriod, *, size: int, now: datetime) -> int:
    """Draw ``size`` of the posted comments, or draw again; returns how many comments came into the sample.

    The sample is the comments of the lowest ranks. To draw again never takes a comment out: it reaches at
    least as far as before, so that comments which came meanwhile have the same chance as the others, and
    further where ``size`` is more. Raises NothingToDraw.
    """
    advisory_lock(session, _DRAW_LOCK)
    sample = session.get(Sample, period.id)
    seed = sample.seed if sample else secrets.token_hex(16)
    ranked = _ranked(session, period, seed)
    if not ranked:
        raise NothingToDraw(_l("No comment of this period is posted yet, so there is none to draw."))
    cut = max(sample.cut if sample else "", heapq.nsmallest(size, ranked)[-1][0])
    if sample is None:
        sample = Sample(period_id=period.id, seed=seed, cut=cut, drawn_from=len(ranked), drawn_at=now)
        session.add(sample)
        session.flush()
    new = _add(session, period, [row for row in ranked if row[0] <= cut])
    # Last, because whoever counts holds comments while it marks the sample: so neither waits for the other.
    sample.cut, sample.drawn_from, sample.drawn_at, sample.measure_due = cut, len(ranked), now, True
    session.flush()
    wake(session, MEASURE)
    return new


def _ranked(session: Session, period: CommentPeriod, seed: str) -> list[tuple[str, int]]:
    """Rank and id of every posted comment, in no order."""
    posted = sa.select(Comment.id, Comment.tracking_number).where(
        Comment.period_id == period.id, Comment.disposition == Disposition.POSTED
    )
    rows = session.execute(posted.execution_options(yield_per=_BATCH))
    return [(rank_of(seed, tracking_number), number) for number, tracking_number in rows]


def _add(session: Session, period: CommentPeriod, wanted: list[tuple[str, int]]) -> int:
    drawn = sa.select(DrawnComment.comment_id).where(DrawnComment.period_id == period.id)
    known = set(session.scalars(drawn))
    new = [
        DrawnComment(comment_id=number, period_id=period.id, rank=rank)
        for rank, number in wanted
        if number not in known
    ]
    session.add_all(new)
    session.flush()
    return len(new)
