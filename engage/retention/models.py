"""How long each class of data is kept, where a place decides otherwise, and what was purged."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId


class RetentionRule(Base):
    """A place's own number of days for one class of data, instead of the one in ``retention.schedule``."""

    __tablename__ = "retention_rule"
    __table_args__ = (sa.CheckConstraint("days >= 0", name="days_are_not_negative"),)

    data_class: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    days: Mapped[int]


class Purge(Base):
    """That a class of data was purged on a day, by which rule, and how many things were erased.

    Written in the transaction that erases; one a class and day. The rows say nothing of what was erased.
    """

    __tablename__ = "purge"
    __table_args__ = (sa.UniqueConstraint("data_class", "purged_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    data_class: Mapped[str] = mapped_column(sa.String(40))
    purged_on: Mapped[date] = mapped_column(index=True)
    days: Mapped[int]
    erased: Mapped[int]
