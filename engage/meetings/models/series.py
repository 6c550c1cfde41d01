"""Meetings that come again by a rule, with exceptions."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.db.base import Base
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.meetings.models.meeting import Meeting


class MeetingSeries(Base):
    """A rule and the meetings that it gave, each a row of its own.

    ``rule`` is an RRULE of RFC 5545 with COUNT or UNTIL, so that it ends. ``starts_at`` is its first
    occurrence, and the wall clock of ``time_zone`` goes on: 18:00 stays 18:00 across a change of the clocks.
    ``lasts_minutes`` is the length of each. ``left_out`` are the starts (ISO 8601, UTC) that were taken out
    before residents saw them: EXDATE. One that residents have seen is cancelled, and stays.
    """

    __tablename__ = "meeting_series"
    __table_args__ = (sa.CheckConstraint("lasts_minutes BETWEEN 1 AND 1440", name="length_is_sensible"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int | None] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    uid: Mapped[str] = mapped_column(sa.String(200), unique=True)
    title: Mapped[Localised]
    rule: Mapped[str] = mapped_column(sa.String(300))
    starts_at: Mapped[datetime]
    lasts_minutes: Mapped[int]
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    left_out: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    changed_at: Mapped[datetime]

    docket: Mapped[Docket | None] = relationship()
    host: Mapped[User | None] = relationship()
    meetings: Mapped[list[Meeting]] = relationship(back_populates="series", order_by=Meeting.recurrence_at)

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def lasts(self) -> timedelta:
        """The length of each meeting."""
        return timedelta(minutes=self.lasts_minutes)
