"""What was measured of each comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId

if TYPE_CHECKING:
    from engage.comments.models.comment import Comment


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
        # The languages that few write in: what is listed of one is found without looking at all the others.
        sa.Index(
            "ix_comment_analysis_language",
            "language",
            "comment_id",
            sqlite_where=sa.text("language NOT IN ('en', 'es')"),
            postgresql_where=sa.text("language NOT IN ('en', 'es')"),
        ),
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
    # With the comment in it: a list of those that raise a concern is made without reading a row.
    __table_args__ = (sa.Index("ix_comment_concern_code", "code", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment_analysis.comment_id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
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
