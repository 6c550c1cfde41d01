"""Batches: comments that somebody else than their writers brings, and who that is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.comments.models.period import CommentPeriod
from engage.comments.tracking import new_batch_label
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum


class BatchKind(StrEnum):
    """How the comments of a batch reach us."""

    INTERMEDIARY = "intermediary"
    FILE = "file"


class CommentBatch(Base):
    """Comments that an intermediary types in from paper, or that an organiser hands over as a file.

    ``name`` is the library, church or clinic, or the organiser: staff see it, and of a file everybody does.
    ``label`` stands on printed forms and opens nothing. ``code_digest`` is a keyed hash of the code with
    which the intermediary enters; the code itself is nowhere. ``is_certified``: whoever made the batch has
    confirmed that its comments are of real persons and were gathered lawfully. No person of the intermediary
    is named. ``created_at``, ``expires_at`` and ``closed_at`` are instants of staff acts.
    """

    __tablename__ = "intake_batch"
    __table_args__ = (
        sa.CheckConstraint("is_certified", name="is_certified"),
        sa.CheckConstraint(
            "(kind = 'intermediary') = (code_digest IS NOT NULL)", name="intermediary_has_a_code"
        ),
        sa.CheckConstraint(
            "(kind = 'intermediary') = (expires_at IS NOT NULL)", name="intermediary_has_an_end"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), index=True)
    kind: Mapped[BatchKind] = mapped_column(text_enum(BatchKind, "kind"))
    name: Mapped[str] = mapped_column(sa.String(160))
    label: Mapped[str] = mapped_column(sa.String(8), unique=True, default=new_batch_label)
    code_digest: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    is_certified: Mapped[bool]
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    period: Mapped[CommentPeriod] = relationship()

    def is_open(self, now: datetime) -> bool:
        """Whether its code opens the entry screen."""
        return self.closed_at is None and self.expires_at is not None and now < self.expires_at
