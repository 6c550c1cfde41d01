"""Who follows what, and what they have yet to be told. No column says when anybody began to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.contacts.models import Contact
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum

STOPPED_AFTER = 3
"""So many messages came back: then the address gets no more."""


class Frequency(StrEnum):
    """How often somebody is told."""

    REAL_TIME = "real_time"
    DAILY = "daily"
    WEEKLY = "weekly"


class NoticeFrequency(StrEnum):
    """How often at most a moderator is told that comments wait."""

    HOURLY = "hourly"
    DAILY = "daily"


class Follower(Base):
    """One confirmed address. ``is_discreet``: its mails name no topic. ``bounces``: mails that came back."""

    __tablename__ = "follower"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    contact_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("contact.id", ondelete="CASCADE"), unique=True
    )
    language: Mapped[str] = mapped_column(sa.String(2))
    is_discreet: Mapped[bool] = mapped_column(default=True)
    bounces: Mapped[int] = mapped_column(default=0)

    contact: Mapped[Contact] = relationship()
    follows: Mapped[list[Follow]] = relationship(
        back_populates="follower", cascade="all, delete-orphan", passive_deletes=True, order_by="Follow.id"
    )

    @property
    def is_stopped(self) -> bool:
        """Whether so many messages came back that no more are sent."""
        return self.bounces >= STOPPED_AFTER


class Follow(Base):
    """One thing that a follower wants to hear of.

    ``subject_kind`` is one of those in follows.subjects. ``subject_key`` is the row's id; for one's own
    comment it is a keyed hash of it, so that the database alone cannot tell which comment. A comment of one's
    own is told about at once and leaves no row in ``follow_news``: nothing here has an order or a day that
    could be laid beside the moderation log. ``wants_reminder`` is off where a follower of a period needs
    none before it closes, as who has commented.
    """

    __tablename__ = "follow"
    __table_args__ = (
        sa.UniqueConstraint("follower_id", "subject_kind", "subject_key"),
        sa.Index("ix_follow_subject", "subject_kind", "subject_key", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    follower_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("follower.id", ondelete="CASCADE"))
    subject_kind: Mapped[str] = mapped_column(sa.String(20))
    subject_key: Mapped[str] = mapped_column(sa.String(64))
    frequency: Mapped[Frequency] = mapped_column(text_enum(Frequency, "frequency"))
    wants_reminder: Mapped[bool] = mapped_column(default=True)

    follower: Mapped[Follower] = relationship(back_populates="follows")


class FollowNews(Base):
    """One event for one follower. The row stays after it was told, so that it is told once.

    ``event_index`` is a keyed hash of the event. ``sealed`` is what to say, encrypted, and ``due_on`` the day
    of the digest that says it (site time); both are emptied then.
    """

    __tablename__ = "follow_news"
    __table_args__ = (sa.UniqueConstraint("follower_id", "event_index"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    follower_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("follower.id", ondelete="CASCADE"))
    follow_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("follow.id", ondelete="CASCADE"), index=True)
    event_index: Mapped[str] = mapped_column(sa.String(64))
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    due_on: Mapped[date | None] = mapped_column(index=True)

    follow: Mapped[Follow] = relationship()


class FollowTold(Base):
    """An event of the site that all its followers have in their news; ``happened_on`` says when it may go."""

    __tablename__ = "follow_told"

    event_key: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    happened_on: Mapped[date] = mapped_column(index=True)


class FollowScan(Base):
    """How far a numbered log was read for followers."""

    __tablename__ = "follow_scan"

    source: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    position: Mapped[int] = mapped_column(sa.BigInteger)


class QueueNotice(Base):
    """That a moderator wants to be told by mail of comments that wait; ``told_count`` is the last number."""

    __tablename__ = "queue_notice"

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    frequency: Mapped[NoticeFrequency] = mapped_column(text_enum(NoticeFrequency, "frequency"))
    language: Mapped[str] = mapped_column(sa.String(2))
    told_count: Mapped[int] = mapped_column(default=0)
