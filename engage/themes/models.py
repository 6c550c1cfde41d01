"""When a docket was last read for themes and quotes, and what is quoted. Themes are in comments.models."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.comments.models import Comment
from engage.db.base import Base, BigId
from engage.db.types import text_enum


class DocketReading(Base):
    """When the posted comments of a docket were last looked at, and how many there were when they were last
    read; ``texts`` is the sum of the fingerprints of what was read (see analysis.fingerprint), None where
    that is not known. A docket without a row was never looked at.
    """

    __tablename__ = "theme_reading"

    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(index=True)
    posted: Mapped[int]
    texts: Mapped[int | None] = mapped_column(sa.BigInteger)


class Quote(Base):
    """A stretch of a comment that the report of its period quotes, in the order in which it was chosen.

    ``body_digest`` is that of the text it was taken from: of a text that has changed nothing is quoted.
    """

    __tablename__ = "theme_quote"
    __table_args__ = (sa.CheckConstraint("stop > start", name="is_not_empty"),)

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )
    body_digest: Mapped[str] = mapped_column(sa.String(64))
    start: Mapped[int]
    stop: Mapped[int]

    comment: Mapped[Comment] = sa.orm.relationship()


class ExcerptKind(StrEnum):
    """For what a stretch of a comment is shown: by a stated rule each, never by hand."""

    SAID = "said"
    CONCRETE = "concrete"
    PROPOSAL = "proposal"
    QUESTION = "question"


class Excerpt(Base):
    """A stretch of a comment that the report shows with one concern: what is said of it, a rare point with
    concrete facts, what somebody proposes instead, what somebody asks or disputes.

    ``position`` is the declared one of its comment (``unstated`` for none), so that both sides are chosen
    alike. ``body_digest`` as in Quote.
    """

    __tablename__ = "theme_excerpt"
    __table_args__ = (sa.CheckConstraint("start >= 0 AND stop > start", name="is_a_stretch"),)

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    concern: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    kind: Mapped[ExcerptKind] = mapped_column(text_enum(ExcerptKind, "kind"), primary_key=True)
    position: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )
    body_digest: Mapped[str] = mapped_column(sa.String(64))
    start: Mapped[int]
    stop: Mapped[int]

    comment: Mapped[Comment] = sa.orm.relationship()
