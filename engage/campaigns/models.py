"""What staff think of a burst that was pointed out to them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.accounts.models import User
from engage.comments.models import CommentPeriod
from engage.db.base import Base, BigId
from engage.db.types import text_enum


class BurstKind(StrEnum):
    """What is unusual about a day. None of them knows a position, a language or a word."""

    BUSY_DAY = "busy_day"
    LETTER_IN_A_DAY = "letter_in_a_day"
    UNNAMED_COPIES = "unnamed_copies"
    FLAGGED_DAY = "flagged_day"


class BurstDismissal(Base):
    """A warning that a person has looked into, with a note of what they found.

    ``subject_id`` is the campaign or the text that the warning is about, 0 for a day as a whole; never a
    fingerprint, which could outlive its text here. ``count`` is what was counted then: where it grows much
    more, the warning comes back.
    """

    __tablename__ = "burst_dismissal"
    __table_args__ = (
        sa.UniqueConstraint("period_id", "kind", "day", "subject_id"),
        sa.CheckConstraint("note <> ''", name="says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"))
    kind: Mapped[BurstKind] = mapped_column(text_enum(BurstKind, "kind"))
    day: Mapped[date]
    subject_id: Mapped[int] = mapped_column(BigId, default=0)
    count: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(500))
    dismissed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    dismissed_at: Mapped[datetime]

    period: Mapped[CommentPeriod] = sa.orm.relationship()
    dismissed_by: Mapped[User] = sa.orm.relationship()
