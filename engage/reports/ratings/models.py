"""How many readers have said what of a published summary. Nothing here says who, when, or from where."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base
from engage.db.types import text_enum

WHOLE = ""
"""The part that is the summary of the whole report. Every other part is the code of a concern."""


class Rated(StrEnum):
    """What is counted: readers, what they say (several may hold), and how many came without the checks."""

    READERS = "readers"
    FAIR = "fair"
    LEAVES_OUT = "leaves_out"
    HARD = "hard_to_understand"
    UNCHECKED = "unchecked"


ANSWERS = (Rated.FAIR, Rated.LEAVES_OUT, Rated.HARD)
"""What a reader may say, in the order in which it is asked."""


class ReportRating(Base):
    """One number of one part of a published report.

    ``n`` grows with each reader; ``told`` is what ``n`` was when a full ten of readers had last answered, and
    the only one that is ever shown: so nobody can watch a number grow by the one who has just answered. Rows
    are not kept apart by reader or day: there is nothing to join and nothing to put in order.
    """

    __tablename__ = "report_rating"
    __table_args__ = (
        sa.CheckConstraint("n > 0", name="n_is_positive"),
        sa.CheckConstraint("told BETWEEN 0 AND n", name="told_is_no_more"),
    )

    version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("report_version.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    counted: Mapped[Rated] = mapped_column(text_enum(Rated, "counted"), primary_key=True)
    n: Mapped[int]
    told: Mapped[int] = mapped_column(default=0)
