"""Comments of like meaning: every vector of a period is compared, which needs no index up to some 100,000.

What people search for is neither logged nor stored.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.semantic import Embedder
from engage.comments.models import Comment, CommentPeriod, CommentSearch
from engage.comments.queries import public_comments, with_details

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

MOST_SIMILAR = 25
LEAST_SIMILARITY = 0.25
"""Below this cosine two texts have little in common."""

_BATCH = 4000


def stored(vector: Vector) -> bytes:
    """A vector as it is kept: two bytes for each number."""
    return vector.astype("<f2").tobytes()


def signature(embedder: Embedder) -> str:
    """What tells whether two vectors can be compared."""
    return f"{embedder.name}.{embedder.version}"


def similar_comments(
    session: Session, period: CommentPeriod, text: str, embedder: Embedder, now: datetime | None = None
) -> list[Comment]:
    """The public comments of a period that mean what a text means, the most similar first; at most
    `MOST_SIMILAR`.
    """
    wanted = embedder.embed([text])[0]
    public = public_comments(now).where(Comment.period_id == period.id).with_only_columns(Comment.id)
    rows = session.execute(
        sa.select(CommentSearch.comment_id, CommentSearch.vector)
        .where(CommentSearch.comment_id.in_(public), CommentSearch.embedder == signature(embedder))
        .execution_options(yield_per=_BATCH)
    )
    best: list[tuple[float, int]] = []
    for batch in rows.partitions():
        likeness = _matrix([row.vector for row in batch]) @ wanted
        likely = [
            (round(float(value), 4), row.comment_id) for row, value in zip(batch, likeness, strict=True)
        ]
        best = heapq.nlargest(MOST_SIMILAR, [*best, *likely])
    order = [comment_id for value, comment_id in best if value >= LEAST_SIMILARITY]
    found = {
        comment.id: comment
        for comment in session.scalars(with_details(sa.select(Comment).where(Comment.id.in_(order))))
    }
    return [found[comment_id] for comment_id in order]


def vectors_of(session: Session, comment_ids: Collection[int], embedder: Embedder) -> dict[int, Vector]:
    """The vectors (d, float32) of comments by id, of those that have one made by this embedder."""
    ids = sorted(comment_ids)
    found: dict[int, Vector] = {}
    for at in range(0, len(ids), _BATCH):
        rows = session.execute(
            sa.select(CommentSearch.comment_id, CommentSearch.vector).where(
                CommentSearch.comment_id.in_(ids[at : at + _BATCH]),
                CommentSearch.embedder == signature(embedder),
            )
        ).all()
        if rows:
            matrix = _matrix([row.vector for row in rows])
            found |= {row.comment_id: vector for row, vector in zip(rows, matrix, strict=True)}
    return found


def _matrix(rows: list[bytes]) -> Vector:
    import numpy as np

    matrix: Vector = np.frombuffer(b"".join(rows), dtype="<f2").reshape(len(rows), -1).astype(np.float32)
    return matrix
