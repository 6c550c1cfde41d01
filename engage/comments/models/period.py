"""Comment periods: when residents may comment, and what about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId
from engage.db.types import Localised
from engage.dockets.models import Docket


class PeriodState(StrEnum):
    """Where a comment period stands at an instant; derived, never stored."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


class CommentPeriod(Base):
    """A stretch of time in which residents may comment on one docket.

    ``time_zone`` is the place's, as an IANA name: deadlines are said and days are counted in it.
    ``plain_summary`` says what is proposed in short words, for everybody. ``text_limit`` is in characters.
    ``published_at`` None means that the staff are still drafting it.
    ``checked_version`` is the version of the analyser with which its comments were last compared, up to the
    id ``checked_up_to``; None there means all of them.
    """

    __tablename__ = "comment_period"
    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        sa.CheckConstraint("text_limit BETWEEN 200 AND 100000", name="text_limit_is_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[Localised]
    summary: Mapped[Localised]
    plain_summary: Mapped[Localised | None]
    instructions: Mapped[Localised | None]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    text_limit: Mapped[int] = mapped_column(default=5000)
    published_at: Mapped[datetime | None]
    checked_version: Mapped[str | None] = mapped_column(sa.String(120))
    checked_up_to: Mapped[int | None] = mapped_column(BigId)

    docket: Mapped[Docket] = relationship(
        backref=sa.orm.backref("periods", order_by="CommentPeriod.opens_at.desc()")
    )

    def is_open(self, now: datetime) -> bool:
        """Open from the opening instant up to, not including, the closing one."""
        return self.state(now) is PeriodState.OPEN

    def state(self, now: datetime) -> PeriodState:
        """Where the period stands at an instant."""
        if self.published_at is None or now < self.published_at:
            return PeriodState.DRAFT
        if now < self.opens_at:
            return PeriodState.SCHEDULED
        return PeriodState.OPEN if now < self.closes_at else PeriodState.CLOSED
