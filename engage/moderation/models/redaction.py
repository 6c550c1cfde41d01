"""What is redacted of a comment, and its original, which only a key can read.

The original is encrypted under a key of its own. That key is in a table of its own, itself encrypted under
ENGAGE_CONTACT_KEY: when a comment is withdrawn its key is destroyed, and with it whatever copy of the
original a backup may hold.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.comments.redacted import RedactionKind
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum
from engage.moderation.models.log import LogReason


class SealedOriginal(Base):
    """The text of a redacted comment as it was sent, encrypted."""

    __tablename__ = "sealed_original"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id"), primary_key=True, autoincrement=False
    )
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)


class SealedKey(Base):
    """The key of one sealed original, encrypted."""

    __tablename__ = "sealed_key"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("sealed_original.comment_id"), primary_key=True, autoincrement=False
    )
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Redaction(Base):
    """One stretch that readers do not see: ``start`` and ``stop`` count characters of the sealed original."""

    __tablename__ = "redaction"
    __table_args__ = (sa.CheckConstraint("start >= 0 AND stop > start", name="is_not_empty"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    comment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("sealed_original.comment_id"), index=True)
    start: Mapped[int]
    stop: Mapped[int]
    kind: Mapped[RedactionKind] = mapped_column(text_enum(RedactionKind, "kind"))
    reason: Mapped[LogReason] = mapped_column(text_enum(LogReason, "reason"))
