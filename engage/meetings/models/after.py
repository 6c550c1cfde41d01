"""What is kept of a meeting that has taken place."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base
from engage.db.types import Localised

if TYPE_CHECKING:
    from engage.meetings.models.meeting import Meeting


class DecidedState(StrEnum):
    """What became of an item of the agenda."""

    APPROVED = "approved"
    REJECTED = "rejected"
    AMENDED = "amended"
    CONTINUED = "continued"
    REFERRED = "referred"
    HEARD = "heard"
    WITHDRAWN = "withdrawn"


class MinutesVersion(Base):
    """One version of the minutes, Markdown. Published, it is never changed, only followed by the next.

    ``approved_on`` is the day on which the body approved this version, None for a draft.
    """

    __tablename__ = "minutes_version"
    __table_args__ = (
        sa.CheckConstraint("number >= 1", name="number_is_positive"),
        sa.CheckConstraint("approved_on IS NULL OR published_at IS NOT NULL", name="approved_is_published"),
    )

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Localised]
    published_at: Mapped[datetime | None]
    approved_on: Mapped[date | None]

    meeting: Mapped[Meeting] = relationship(back_populates="minutes")
