"""Indicators of what an adopted proposal does, and their entries over time.

Nothing that was published is changed: a correction is a later entry for the same stretch of time, a change of
method a new method, and both stay visible. No entry is about a person.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId
from engage.db.types import Localised, text_enum
from engage.dockets.models import Docket


class Unit(StrEnum):
    """What an entry counts or measures."""

    PEOPLE = "people"
    CASES = "cases"
    EVENTS = "events"
    DOLLARS = "dollars"
    HOURS = "hours"
    DAYS = "days"
    PERCENT = "percent"


class Frequency(StrEnum):
    """How often an entry is promised."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Indicator(Base):
    """One thing that is watched. ``definition`` says what counts and what does not (Markdown).

    Counts of people and of cases below ten are not told, nor what would give them away. ``promised`` is how
    many a year there should be at least, such as public meetings. ``published_at`` None: a draft;
    ``ended_on``: no more entries are due.
    """

    __tablename__ = "indicator"
    __table_args__ = (sa.UniqueConstraint("docket_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id"))
    slug: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Localised]
    definition: Mapped[Localised]
    unit: Mapped[Unit] = mapped_column(text_enum(Unit, "unit"))
    frequency: Mapped[Frequency] = mapped_column(text_enum(Frequency, "frequency"))
    source: Mapped[Localised]
    source_url: Mapped[str | None] = mapped_column(sa.String(400))
    owner: Mapped[Localised]
    promised: Mapped[int | None]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    published_at: Mapped[datetime | None]

    docket: Mapped[Docket] = relationship()
    methods: Mapped[list[IndicatorMethod]] = relationship(
        back_populates="indicator", order_by="IndicatorMethod.number", cascade="all, delete-orphan"
    )
    categories: Mapped[list[IndicatorCategory]] = relationship(
        back_populates="indicator", order_by="IndicatorCategory.position", cascade="all, delete-orphan"
    )


class IndicatorMethod(Base):
    """How an indicator is measured from a day on. ``text`` is Markdown.

    ``first_month`` is the month in which a year of it begins, 7 for a fiscal year from July on. Residents
    were told of it at ``told_at``; None: by the day on which it begins.
    """

    __tablename__ = "indicator_method"

    indicator_id: Mapped[int] = mapped_column(
        sa.ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[Localised]
    valid_from: Mapped[date]
    first_month: Mapped[int] = mapped_column(default=1, server_default="1")
    told_at: Mapped[datetime | None]

    indicator: Mapped[Indicator] = relationship(back_populates="methods")


class IndicatorCategory(Base):
    """A part into which an indicator's total is split, such as a severity of charge."""

    __tablename__ = "indicator_category"

    indicator_id: Mapped[int] = mapped_column(
        sa.ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[Localised]

    indicator: Mapped[Indicator] = relationship(back_populates="categories")


class IndicatorEntry(Base):
    """What was measured for one stretch of time, both days included; ``category`` is empty for the total.

    The latest entry of a stretch and category counts; earlier ones stay to be read, with ``note`` saying why
    it was corrected. ``hundredths`` is the value times 100 (12.5 % is 1250); None: it was not collected, and
    ``note`` says why, or its source says no more than that it is ``below`` a bound.
    """

    __tablename__ = "indicator_entry"
    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="ends_after_it_starts"),
        sa.CheckConstraint("hundredths IS NULL OR hundredths >= 0", name="value_is_not_negative"),
        sa.Index("ix_indicator_entry_indicator_id", "indicator_id", "first_on", "category"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(sa.ForeignKey("indicator.id"))
    category: Mapped[str] = mapped_column(sa.String(40), default="")
    first_on: Mapped[date]
    last_on: Mapped[date]
    hundredths: Mapped[int | None] = mapped_column(BigId)
    below: Mapped[int | None] = mapped_column(BigId)
    method: Mapped[int]
    note: Mapped[Localised]
    published_at: Mapped[datetime]

    indicator: Mapped[Indicator] = relationship()
