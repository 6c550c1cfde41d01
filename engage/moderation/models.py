"""The log of moderation: rows are added and never changed; each carries the hash of the one before it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.comments.models import ModerationReason
from engage.db.base import Base, BigId
from engage.db.types import text_enum


class ModerationAction(StrEnum):
    """What was done to a comment."""

    POST = "post"
    RESTRICT = "restrict"
    REOPEN = "reopen"
    IMPORT = "import"
    UPDATE = "update"
    WITHDRAW = "withdraw"
    RESTRICT_ATTACHMENT = "restrict_attachment"
    POST_ATTACHMENT = "post_attachment"


class ModerationEvent(Base):
    """One step. The database refuses to change or delete it (triggers in the first migration).

    ``happened_at`` is the instant of a staff member's act, never a resident's. ``actor_id`` is None where the
    system acted. ``digest`` is SHA-256 over ``previous_digest`` and this row's fields: see moderation.chain.
    """

    __tablename__ = "moderation_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    comment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("comment.id"), index=True)
    action: Mapped[ModerationAction] = mapped_column(text_enum(ModerationAction, "action"))
    reason: Mapped[ModerationReason | None] = mapped_column(text_enum(ModerationReason, "reason"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    happened_at: Mapped[datetime]
    previous_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
