"""A removal that waits for a second person, or has got one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.comments.models import Comment, ModerationReason
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum


class ProposalOutcome(StrEnum):
    """What became of a proposal. MOOT: the comment was withdrawn or decided otherwise meanwhile."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    MOOT = "moot"


class RemovalProposal(Base):
    """One moderator proposes to keep a comment from readers; another one confirms it, or nothing changes.

    The database refuses a confirmation by the same account, and a second open proposal for a comment.
    """

    __tablename__ = "removal_proposal"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)",
            name="confirmed_by_somebody_else",
        ),
        sa.CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_at_a_time"),
        sa.Index("ix_removal_proposal_comment_id", "comment_id"),
        sa.Index(
            "ix_removal_proposal_open",
            "comment_id",
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    comment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("comment.id"))
    reason: Mapped[ModerationReason] = mapped_column(text_enum(ModerationReason, "reason"))
    proposed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    outcome: Mapped[ProposalOutcome | None] = mapped_column(text_enum(ProposalOutcome, "outcome"))
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]

    comment: Mapped[Comment] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
