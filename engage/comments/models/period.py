"""Comment periods: when residents may comment, and what about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.db.base import Base, BigId
from engage.db.types import LANGUAGES, Localised, text_enum
from engage.dockets.models import Docket

_INSTANT = timedelta(microseconds=1)


class PeriodState(StrEnum):
    """Where a comment period stands at an instant; derived, never stored."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class LatePolicy(StrEnum):
    """What is done with a comment that comes after the end, through whatever channel."""

    REFUSE = "refuse"
    ACCEPT_MARKED = "accept_marked"


class ChangeKind(StrEnum):
    """How the dates of a published period were changed."""

    EXTEND = "extend"
    REOPEN = "reopen"
    CANCEL = "cancel"


class CommentPeriod(Base):
    """A stretch of time in which residents may comment on one docket.

    ``time_zone`` is the place's, as an IANA name: deadlines are said and days are counted in it.
    ``plain_summary`` says what is proposed in short words, for everybody. ``text_limit`` is in characters.
    ``published_at`` None means that the staff are still drafting it; then
    it may lack texts, and afterwards it has title, summary and notice in each of ``required_languages``
    (triggers in the migration hold it, comments.service.parity says it in words). ``notice`` is the public
    notice, Markdown, and ``notice_posted_on`` the day on which it was posted. ``late_until`` is the instant
    up to which late comments are taken and marked; None under that policy is for ever. ``cancelled_at`` is a
    fact with a reason in ``changes``. ``checked_version`` is the version of the analyser with which its
    comments were last compared, up to the id ``checked_up_to``; None there means all of them.
    """

    __tablename__ = "comment_period"
    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        sa.CheckConstraint("text_limit BETWEEN 200 AND 100000", name="text_limit_is_sensible"),
        sa.CheckConstraint(
            "late_until IS NULL OR (late_policy = 'accept_marked' AND late_until > closes_at)",
            name="late_until_is_after_the_end",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[Localised]
    summary: Mapped[Localised]
    plain_summary: Mapped[Localised | None]
    instructions: Mapped[Localised | None]
    notice: Mapped[Localised | None]
    notice_posted_on: Mapped[date | None]
    required_languages: Mapped[list[str]] = mapped_column(
        sa.JSON, default=lambda: list(LANGUAGES), server_default=sa.text("""'["en", "es"]'""")
    )
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime] = mapped_column(index=True)
    time_zone: Mapped[str] = mapped_column(sa.String(60))
    text_limit: Mapped[int] = mapped_column(default=5000)
    late_policy: Mapped[LatePolicy] = mapped_column(
        text_enum(LatePolicy, "late_policy"), default=LatePolicy.REFUSE, server_default="refuse"
    )
    late_until: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    checked_version: Mapped[str | None] = mapped_column(sa.String(120))
    checked_up_to: Mapped[int | None] = mapped_column(BigId)

    docket: Mapped[Docket] = relationship(
        backref=sa.orm.backref("periods", order_by="CommentPeriod.opens_at.desc()")
    )
    changes: Mapped[list[PeriodChange]] = relationship(
        back_populates="period", order_by="PeriodChange.id", viewonly=True
    )

    def is_open(self, now: datetime) -> bool:
        """Open from the opening instant up to, not including, the closing one."""
        return self.state(now) is PeriodState.OPEN

    def takes_late(self, now: datetime) -> bool:
        """Whether it has closed and still takes comments, to be kept and marked as late."""
        is_closed = self.state(now) is PeriodState.CLOSED
        is_taken = self.late_policy is LatePolicy.ACCEPT_MARKED
        return is_closed and is_taken and (self.late_until is None or now < self.late_until)

    def takes_comments(self, now: datetime) -> bool:
        """Whether a comment that arrives at this instant is taken, in time or late."""
        return self.is_open(now) or self.takes_late(now)

    def state(self, now: datetime) -> PeriodState:
        """Where the period stands at an instant."""
        if self.published_at is None or now < self.published_at:
            return PeriodState.DRAFT
        if self.cancelled_at is not None and now >= self.cancelled_at:
            return PeriodState.CANCELLED
        if now < self.opens_at:
            return PeriodState.SCHEDULED
        return PeriodState.OPEN if now < self.closes_at else PeriodState.CLOSED

    @property
    def zone(self) -> ZoneInfo:
        """The place's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def last_day(self) -> date:
        """The day of the place on which comments are last in time: what has a day and no hour goes by it."""
        return self.day_before(self.closes_at)

    def day_before(self, end: datetime) -> date:
        """The last day of the place that an end, which itself is too late, still lets in."""
        return (end - _INSTANT).astimezone(self.zone).date()


class PeriodChange(Base):
    """One change of a published period's dates. The database refuses to change or delete it.

    ``reason`` is public and in every language that the period needs. ``new_closes_at`` is None for a
    cancellation. ``actor_id`` is None where a command did it. ``happened_at`` is the instant of a staff act.
    """

    __tablename__ = "period_change"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'cancel') = (new_closes_at IS NULL)", name="cancelled_has_no_new_end"),
        sa.CheckConstraint("new_closes_at > old_closes_at", name="ends_later_than_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(text_enum(ChangeKind, "kind"))
    happened_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    old_closes_at: Mapped[datetime]
    new_closes_at: Mapped[datetime | None]
    reason: Mapped[Localised]

    period: Mapped[CommentPeriod] = relationship(back_populates="changes")
    actor: Mapped[User | None] = relationship()
