"""A comment: what was said, how it came, and what has become of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from engage.accounts.models import User
from engage.comments.models.analysis import CommentAnalysis
from engage.comments.models.batch import CommentBatch
from engage.comments.models.period import CommentPeriod
from engage.comments.models.review import CommentReview
from engage.comments.tracking import new_tracking_number
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum
from engage.dockets.models import District
from engage.jobs.queue import wake

if TYPE_CHECKING:
    from engage.comments.models.attachment import Attachment
    from engage.comments.models.clause import CommentClause

COUNT = "count_comments"
"""The job that brings changed comments into the reports."""


class Position(StrEnum):
    """What a commenter declares about the proposal. Not declaring one is a choice too: then it is None."""

    SUPPORT = "support"
    OPPOSE = "oppose"
    NEUTRAL = "neutral"
    MIXED = "mixed"
    QUESTION_ONLY = "question_only"


class Channel(StrEnum):
    """How a comment reached us."""

    WEB = "web"
    API = "api"
    EMAIL = "email"
    MAIL = "mail"
    HAND_DELIVERY = "hand_delivery"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    MEETING_ORAL = "meeting_oral"
    PAPER_INTAKE = "paper_intake"
    IMPORT = "import"


class Disposition(StrEnum):
    """What has become of a comment. Only the moderation room changes it, with a line in its log."""

    RECEIVED = "received"
    POSTED = "posted"
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"


class ModerationReason(StrEnum):
    """Why a comment is not posted: a closed list, and none is about opinion."""

    SPAM = "spam"
    TRUE_THREAT = "true_threat"
    OBSCENITY_LEGAL = "obscenity_legal"
    DOXXING_PERSONAL_DATA = "doxxing_personal_data"
    MALWARE_OR_ILLEGAL = "malware_or_illegal"
    OFF_TOPIC = "off_topic"
    DUPLICATE_SUBMISSION = "duplicate_submission"
    IMPERSONATION_CONTESTED = "impersonation_contested"


class Comment(Base):
    """What one person or organisation said in a comment period.

    ``client_token`` is the idempotency key of the form that it came from; ``name`` and ``organisation`` are
    shown in public where they were given, and never needed; ``body_digest`` is the fingerprint of the
    normalised text, which makes equal texts countable. ``source_format`` and ``source_id`` name an imported
    comment in the system that it came from. ``analysis_due`` says that the text waits to be measured,
    ``count_due`` that the report has yet to count what has changed: whoever changes a comment, its
    disposition or its analysis calls ``mark_changed``. ``is_redacted`` says that ``body`` has marks in place
    of some stretches (see comments.redacted) and is no longer the text that was sent. ``campaign_due``: its
    text is yet to be compared with the others; the database says so itself when a text changes.
    ``postmarked_on`` is the day on a letter's postmark; ``entered_by_id`` is the member of staff who typed in
    what came on paper or by voice; ``batch_id`` is the batch in which an intermediary or an organiser brought
    it. Of a caller nothing is kept.
    """

    __tablename__ = "comment"
    __table_args__ = (
        sa.CheckConstraint(
            "(disposition = 'restricted') = (restriction_reason IS NOT NULL)", name="restricted_has_reason"
        ),
        sa.CheckConstraint("(source_format IS NULL) = (source_id IS NULL)", name="source_is_whole"),
        sa.UniqueConstraint("period_id", "source_format", "source_id"),
        sa.Index("ix_comment_queue", "period_id", "disposition", "received_on", "id"),
        sa.Index(
            "ix_comment_waiting",
            "received_on",
            "id",
            "period_id",
            sqlite_where=sa.text("disposition = 'received'"),
            postgresql_where=sa.text("disposition = 'received'"),
        ),
        sa.Index(
            "ix_comment_due",
            "id",
            sqlite_where=sa.text("analysis_due = 1"),
            postgresql_where=sa.text("analysis_due"),
        ),
        sa.Index(
            "ix_comment_count_due",
            "id",
            sqlite_where=sa.text("count_due = 1"),
            postgresql_where=sa.text("count_due"),
        ),
        sa.Index(
            "ix_comment_period_count_due",
            "period_id",
            sqlite_where=sa.text("count_due = 1"),
            postgresql_where=sa.text("count_due"),
        ),
        sa.Index("ix_comment_period_walk", "period_id", "id"),
        # Counted and listed from the index alone: of a million comments reading the rows takes seconds.
        sa.Index("ix_comment_position", "period_id", "disposition", "position", "received_on", "id"),
        sa.Index(
            "ix_comment_name",
            "name",
            sqlite_where=sa.text("name IS NOT NULL"),
            postgresql_where=sa.text("name IS NOT NULL"),
        ),
        sa.Index(
            "ix_comment_organisation",
            "organisation",
            sqlite_where=sa.text("organisation IS NOT NULL"),
            postgresql_where=sa.text("organisation IS NOT NULL"),
        ),
        sa.Index(
            "ix_comment_campaign_due",
            "id",
            sqlite_where=sa.text("campaign_due = 1"),
            postgresql_where=sa.text("campaign_due"),
        ),
        sa.Index("ix_comment_period_text", "period_id", "body_digest", "disposition", "id"),
        # Few come otherwise than by the web, so these cost little; to look for them among all takes seconds.
        sa.Index(
            "ix_comment_channel",
            "period_id",
            "channel",
            "received_on",
            "id",
            sqlite_where=sa.text("channel <> 'web'"),
            postgresql_where=sa.text("channel <> 'web'"),
        ),
        sa.Index("ix_comment_batch_text", "batch_id", "body_digest", "disposition"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"))
    tracking_number: Mapped[str] = mapped_column(sa.String(16), unique=True, default=new_tracking_number)
    client_token: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    body: Mapped[str] = mapped_column(sa.Text)
    body_digest: Mapped[str] = mapped_column(sa.String(64))
    position: Mapped[Position | None] = mapped_column(text_enum(Position, "position"))
    name: Mapped[str | None] = mapped_column(sa.String(120))
    organisation: Mapped[str | None] = mapped_column(sa.String(160))
    district_id: Mapped[int | None] = mapped_column(sa.ForeignKey("district.id"), index=True)
    channel: Mapped[Channel] = mapped_column(text_enum(Channel, "channel"), default=Channel.WEB)
    received_on: Mapped[date]
    on_time: Mapped[bool] = mapped_column(default=True)
    disposition: Mapped[Disposition] = mapped_column(
        text_enum(Disposition, "disposition"), default=Disposition.RECEIVED
    )
    restriction_reason: Mapped[ModerationReason | None] = mapped_column(
        text_enum(ModerationReason, "restriction_reason")
    )
    source_format: Mapped[str | None] = mapped_column(sa.String(40))
    source_id: Mapped[str | None] = mapped_column(sa.String(200))
    postmarked_on: Mapped[date | None]
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    batch_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("intake_batch.id"))
    analysis_due: Mapped[bool] = mapped_column(default=True)
    count_due: Mapped[bool] = mapped_column(default=True)
    is_redacted: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    campaign_due: Mapped[bool] = mapped_column(default=True)

    period: Mapped[CommentPeriod] = relationship()
    district: Mapped[District | None] = relationship()
    batch: Mapped[CommentBatch | None] = relationship()
    entered_by: Mapped[User | None] = relationship()
    analysis: Mapped[CommentAnalysis | None] = relationship(
        back_populates="comment", cascade="all, delete-orphan"
    )

    review: Mapped[CommentReview | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    flags: Mapped[list[CommentFlag]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    attachments: Mapped[list[Attachment]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="Attachment.number"
    )
    clauses: Mapped[list[CommentClause]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="CommentClause.clause"
    )

    def mark_changed(self) -> None:
        """Promise that the report counts this comment anew."""
        self.count_due = True
        # Written even where the row that was read said so already: it may have been counted since.
        flag_modified(self, "count_due")
        session = sa.orm.object_session(self)
        if session is not None:
            wake(session, COUNT)

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it, if they may see its period: see queries.public_comments."""
        return self.disposition is Disposition.POSTED


class Flag(StrEnum):
    """Why a moderator should look twice. None of them hides, delays or discards a comment by itself."""

    HONEYPOT = "honeypot"
    TOO_FAST = "too_fast"
    NO_PROOF_OF_WORK = "no_proof_of_work"
    REPORTED = "reported"
    CONTESTED = "contested"
    APPEALED = "appealed"
    MISTAKEN = "mistaken"


class CommentFlag(Base):
    """One reason to look twice at a comment. It goes when a moderator has seen to it."""

    __tablename__ = "comment_flag"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    flag: Mapped[Flag] = mapped_column(text_enum(Flag, "flag"), primary_key=True)
