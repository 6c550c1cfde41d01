"""Comment periods, comments, and what was measured of each comment.

A comment holds no address on the network, device, referrer or instant: only the day on which it came, in the
place's time zone. Its ids are random, so that neither they nor the order of rows tell who came before whom.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from engage.comments.tracking import new_tracking_number
from engage.db.base import Base, BigId, random_id
from engage.db.types import Localised, text_enum
from engage.dockets.models import District, Docket
from engage.jobs.queue import wake

COUNT = "count_comments"
"""The job that brings changed comments into the reports."""


class PeriodState(StrEnum):
    """Where a comment period stands at an instant; derived, never stored."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


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


class CommentPeriod(Base):
    """A stretch of time in which residents may comment on one docket.

    ``time_zone`` is the place's, as an IANA name: deadlines are said and days are counted in it.
    ``text_limit`` is in characters. ``published_at`` None means that the staff are still drafting it.
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


class Comment(Base):
    """What one person or organisation said in a comment period.

    ``client_token`` is the idempotency key of the form that it came from; ``name`` and ``organisation`` are
    shown in public where they were given, and never needed; ``body_digest`` is the fingerprint of the
    normalised text, which makes equal texts countable. ``source_format`` and ``source_id`` name an imported
    comment in the system that it came from. ``analysis_due`` says that the text waits to be measured,
    ``count_due`` that the report has yet to count what has changed: whoever changes a comment, its
    disposition or its analysis calls ``mark_changed``.
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
        sa.Index("ix_comment_period_text", "period_id", "body_digest", "disposition"),
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
    analysis_due: Mapped[bool] = mapped_column(default=True)
    count_due: Mapped[bool] = mapped_column(default=True)

    period: Mapped[CommentPeriod] = relationship()
    district: Mapped[District | None] = relationship()
    analysis: Mapped[CommentAnalysis | None] = relationship(
        back_populates="comment", cascade="all, delete-orphan"
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


class CommentAnalysis(Base):
    """What the analyser measured of one comment, and which analyser it was.

    ``tone_score`` is from −1 to 1, None where the tone is not scored; then ``tone_reason`` says why.
    ``language`` is ISO 639-1 or ``und``. ``position_suggested`` is a machine's guess and never counted as
    declared.
    """

    __tablename__ = "comment_analysis"
    __table_args__ = (
        sa.CheckConstraint("(tone = 'not_scored') = (tone_score IS NULL)", name="not_scored_has_no_score"),
        sa.CheckConstraint("(tone = 'not_scored') = (tone_reason IS NOT NULL)", name="not_scored_has_reason"),
    )

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    analyser_version: Mapped[str] = mapped_column(sa.String(120))
    language: Mapped[str] = mapped_column(sa.String(8))
    language_confidence: Mapped[float]
    tone: Mapped[str] = mapped_column(sa.String(20))
    tone_score: Mapped[float | None]
    tone_reason: Mapped[str | None] = mapped_column(sa.String(40))
    position_suggested: Mapped[str] = mapped_column(sa.String(20))

    comment: Mapped[Comment] = relationship(back_populates="analysis")
    search: Mapped[CommentSearch | None] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    concerns: Mapped[list[CommentConcern]] = relationship(
        cascade="all, delete-orphan", order_by="CommentConcern.code"
    )


class CommentConcern(Base):
    """One subject that a comment mentions. ``spans`` are places in its text: [[start, end, cue], …]."""

    __tablename__ = "comment_concern"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment_analysis.comment_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True, index=True)
    denied: Mapped[bool] = mapped_column(default=False)
    spans: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)


class CommentSearch(Base):
    """What a comment is found by, gone with its analysis and so with its text: no text outlives itself here.

    ``words`` are those of the text, folded, each between spaces (see comments.search). ``vector`` is there
    where the site goes by meaning (see comments.similar); ``embedder`` says what made it.
    """

    __tablename__ = "comment_search"
    __table_args__ = (
        sa.CheckConstraint("(vector IS NULL) = (embedder IS NULL)", name="vector_names_its_embedder"),
    )

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment_analysis.comment_id", ondelete="CASCADE"), primary_key=True
    )
    words: Mapped[str] = mapped_column(sa.Text)
    vector: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    embedder: Mapped[str | None] = mapped_column(sa.String(60))


class ThemeStatus(StrEnum):
    """What staff think of a theme that the machine has found. Only confirmed ones are shown to everybody."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Theme(Base):
    """Something that comments of a docket talk about and that its taxonomy does not name.

    The machine finds it and tells it by ``words``; staff give it its ``name``. ``size`` counts the different
    texts in it at the last run. One that is merged keeps its own comments, so that it is known again at the
    next run, and counts for the theme in ``merged_into_id``, which is never merged itself.
    """

    __tablename__ = "theme"
    __table_args__ = (
        sa.CheckConstraint("status <> 'confirmed' OR name IS NOT NULL", name="confirmed_has_a_name"),
        sa.CheckConstraint("merged_into_id <> id", name="is_not_merged_into_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), index=True)
    status: Mapped[ThemeStatus] = mapped_column(
        text_enum(ThemeStatus, "status"), default=ThemeStatus.CANDIDATE
    )
    name: Mapped[Localised | None]
    words: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    size: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("theme.id"), index=True)

    docket: Mapped[Docket] = relationship()


class CommentTheme(Base):
    """A comment that belongs to a theme; ``place`` is 1 for the most typical one, None for all but a few."""

    __tablename__ = "comment_theme"

    theme_id: Mapped[int] = mapped_column(sa.ForeignKey("theme.id", ondelete="CASCADE"), primary_key=True)
    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    place: Mapped[int | None]
