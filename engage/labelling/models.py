"""Samples of comments, what people say about each comment in them, and what of it the reports count.

A sample is a function of its seed, so that anybody can draw it again: the rank of a comment is SHA-256 of the
seed and its tracking number, and the sample holds the posted comments of the lowest ranks. When comments come
later and the sample is drawn again, it is again a random sample of all that are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.analysis import PositionLabel, ToneLabel
from engage.comments.models import Comment, CommentPeriod, Position
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum

MEASURE = "measure_labels"
"""The job that brings labels into the reports."""

LEARN = "learn_positions"
"""The job that learns from labels how positions are spoken for in a docket."""


class Sample(Base):
    """The sample of a comment period.

    ``cut`` is the highest rank in it; ``drawn_from`` how many comments were posted when it was last drawn, at
    ``drawn_at``. ``measure_due`` says that labels wait for the reports, ``learn_due`` that they wait to be
    learned from.
    """

    __tablename__ = "label_sample"
    __table_args__ = (
        sa.CheckConstraint("drawn_from > 0", name="drawn_from_some"),
        sa.Index(
            "ix_label_sample_due",
            "period_id",
            sqlite_where=sa.text("measure_due = 1"),
            postgresql_where=sa.text("measure_due"),
        ),
        sa.Index(
            "ix_label_sample_learn_due",
            "period_id",
            sqlite_where=sa.text("learn_due = 1"),
            postgresql_where=sa.text("learn_due"),
        ),
    )

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    seed: Mapped[str] = mapped_column(sa.String(32))
    cut: Mapped[str] = mapped_column(sa.String(64))
    drawn_from: Mapped[int]
    drawn_at: Mapped[datetime]
    measure_due: Mapped[bool] = mapped_column(default=True)
    learn_due: Mapped[bool] = mapped_column(default=False)

    period: Mapped[CommentPeriod] = relationship()


class DrawnComment(Base):
    """A comment of a sample, labelled in the order of the ranks. It goes with its comment."""

    __tablename__ = "label_drawn"
    __table_args__ = (sa.Index("ix_label_drawn_order", "period_id", "rank"),)

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("label_sample.period_id", ondelete="CASCADE"))
    rank: Mapped[str] = mapped_column(sa.String(64))

    comment: Mapped[Comment] = relationship()

    @property
    def teaches(self) -> bool:
        """Whether its label is for learning, by chance one in two; the others check what was learned."""
        return int(self.rank[-1], 16) % 2 == 1


class LabelTone(StrEnum):
    """How a person finds that a text sounds."""

    POSITIVE = ToneLabel.POSITIVE.value
    NEUTRAL = ToneLabel.NEUTRAL.value
    NEGATIVE = ToneLabel.NEGATIVE.value


class Label(Base):
    """What one person says about one comment of a sample. It goes with the comment; the person stays.

    It tells who labelled, because that person may correct it and two people can be compared; not when.
    """

    __tablename__ = "label"
    __table_args__ = (sa.UniqueConstraint("comment_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("label_drawn.comment_id", ondelete="CASCADE")
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    position: Mapped[PositionLabel] = mapped_column(text_enum(PositionLabel, "position"))
    tone: Mapped[LabelTone | None] = mapped_column(text_enum(LabelTone, "tone"))

    person: Mapped[User] = relationship()
    concerns: Mapped[list[LabelConcern]] = relationship(
        cascade="all, delete-orphan", order_by="LabelConcern.code", passive_deletes=True
    )

    @property
    def codes(self) -> list[str]:
        """The concerns that the person found."""
        return [concern.code for concern in self.concerns]


class LabelConcern(Base):
    """A subject that a person found in a comment."""

    __tablename__ = "label_concern"

    label_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("label.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True)


class MeasureKind(StrEnum):
    """What is compared between people and the machine."""

    POSITION = "position"
    CONCERN = "concern"
    TONE = "tone"
    CONCERN_SUPPORT = "concern_support"
    CONCERN_OPPOSE = "concern_oppose"
    TONE_SUPPORT = "tone_support"
    TONE_OPPOSE = "tone_oppose"


CONCERNS_OF: Mapping[str, MeasureKind] = {
    Position.SUPPORT: MeasureKind.CONCERN_SUPPORT,
    Position.OPPOSE: MeasureKind.CONCERN_OPPOSE,
}
"""Of which kind are the concerns of the comments that declare a position; of both sides alike."""

TONES_OF: Mapping[str, MeasureKind] = {
    Position.SUPPORT: MeasureKind.TONE_SUPPORT,
    Position.OPPOSE: MeasureKind.TONE_OPPOSE,
}
"""The same of their tones."""


class LabelMeasure(Base):
    """What people and the machine say about one kind in the sample: all that the share of it needs.

    ``pairs`` are [label, prediction, how many comments]: a label is the part of those who labelled a comment
    that say yes, from 0 to 1; a prediction is 0 or 1. Positions are compared only where none was declared,
    tones only where the machine has measured one and a person has named one.
    """

    __tablename__ = "label_measure"

    period_id: Mapped[int] = mapped_column(
        sa.ForeignKey("label_sample.period_id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[MeasureKind] = mapped_column(text_enum(MeasureKind, "kind"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    pairs: Mapped[list[Any]] = mapped_column(sa.JSON)
