"""What the reports have counted, and with which facts: a changed comment is taken out as it was put in.

Nothing here tells what the comments do not tell; of one that is not posted only its disposition is kept.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId
from engage.db.types import text_enum


class CountedPeriod(Base):
    """When a comment period was last counted, and by which set of measures.

    Whoever counts takes this row first, so that one at a time changes the numbers of a period.
    """

    __tablename__ = "report_period"

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    method: Mapped[int]
    counted_at: Mapped[datetime]


class Tally(Base):
    """How many comments of a period have a value of a measure: see reports.measures."""

    __tablename__ = "report_tally"
    __table_args__ = (sa.CheckConstraint("n > 0", name="n_is_positive"),)

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    n: Mapped[int]


class DistinctKind(StrEnum):
    """What is told apart beside comments."""

    TEXT = "text"
    SUBMITTER = "submitter"


class Distinct(Base):
    """How many posted comments share a text (by its fingerprint), or name and organisation (by a digest)."""

    __tablename__ = "report_distinct"
    __table_args__ = (
        sa.CheckConstraint("n > 0", name="n_is_positive"),
        sa.Index("ix_report_distinct_most", "period_id", "kind", "n"),
    )

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    kind: Mapped[DistinctKind] = mapped_column(text_enum(DistinctKind, "kind"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    n: Mapped[int]


class CountedComment(Base):
    """The facts with which a comment stands in the numbers: measures.Facts. No row: it is not counted yet."""

    __tablename__ = "report_comment"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id"), primary_key=True, autoincrement=False
    )
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
