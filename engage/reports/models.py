"""What the reports have counted, and with which facts: a changed comment is taken out as it was put in.

Nothing here tells what the comments do not tell; of one that is not posted only its disposition is kept.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.comments.models import CommentPeriod
from engage.db.base import Base, BigId
from engage.db.types import Localised, text_enum


class CountedPeriod(Base):
    """When a comment period was last counted, by which set of measures, and the sum of the fingerprints of
    the posted texts that are counted (``texts``): so that one look says whether these are what was read.

    Whoever counts takes this row first, so that one at a time changes the numbers of a period.
    """

    __tablename__ = "report_period"

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    method: Mapped[int]
    counted_at: Mapped[datetime]
    texts: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")


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


REPEATED = sa.text("kind = 'text' AND n > 1")
"""The texts that were sent more than once. Only those have an order: most texts are like no other."""


class Distinct(Base):
    """How many posted comments share a text (by its fingerprint), or name and organisation (by a digest).

    ``concerns`` says of each concern how many of them raise it; one that none raises is not there. It stands
    in the same row because the keys come in no order: each row more is one more page to be found and written.
    """

    __tablename__ = "report_distinct"
    __table_args__ = (
        sa.CheckConstraint("n > 0", name="n_is_positive"),
        sa.Index(
            "ix_report_distinct_repeated", "period_id", "n", sqlite_where=REPEATED, postgresql_where=REPEATED
        ),
    )

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    kind: Mapped[DistinctKind] = mapped_column(text_enum(DistinctKind, "kind"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    n: Mapped[int]
    concerns: Mapped[dict[str, int]] = mapped_column(sa.JSON, server_default="{}")


class CountedComment(Base):
    """The facts with which a comment stands in the numbers: measures.Facts. No row: it is not counted yet."""

    __tablename__ = "report_comment"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id"), primary_key=True, autoincrement=False
    )
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Frozen(Base):
    """All of which published reports were made, found by its own SHA-256: written once, never changed.

    ``content`` is the canonical JSON of an inputs.Inputs, compressed with zlib.
    """

    __tablename__ = "report_inputs"

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class FrozenColumn(Base):
    """One fact of every posted comment that a published report counts, in the order of its list of comments.

    ``list_digest`` names the list (many versions may share one); ``content`` are compressed numbers, one a
    comment, that stand for ``values``; see frozen.columns. The column ``tracking`` is kept in pieces, so that
    a page of the list reads one piece. Nothing here is a word of a comment.
    """

    __tablename__ = "report_column"

    list_digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    piece: Mapped[int] = mapped_column(primary_key=True, default=0)
    values: Mapped[list[Any]] = mapped_column(sa.JSON)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)


class ReportVersion(Base):
    """A published report of a period: the same for ever.

    ``asked_at`` is when staff asked for it; a job freezes it and sets ``published_at``, the two digests,
    ``method`` and ``posted`` (how many comments it counts). ``note`` says why it was published, such as “with
    the sheriff's answers”. ``list_digest`` names its list of comments, ``program`` the code and words that
    made it (None: nobody knows).
    """

    __tablename__ = "report_version"
    __table_args__ = (
        sa.UniqueConstraint("period_id", "number"),
        sa.CheckConstraint("number >= 1", name="number_is_positive"),
        sa.CheckConstraint(
            "published_at IS NULL OR (inputs_digest IS NOT NULL AND list_digest IS NOT NULL)",
            name="published_with_its_inputs",
        ),
        sa.Index(
            "ix_report_version_due",
            "id",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"))
    number: Mapped[int]
    note: Mapped[Localised]
    asked_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    method: Mapped[int | None]
    posted: Mapped[int | None]
    inputs_digest: Mapped[str | None] = mapped_column(
        sa.String(64), sa.ForeignKey("report_inputs.digest"), index=True
    )
    list_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    program: Mapped[str | None] = mapped_column(sa.String(64))

    period: Mapped[CommentPeriod] = relationship()
    documents: Mapped[list[FrozenDocument]] = relationship(
        back_populates="version", cascade="all, delete-orphan"
    )


class FrozenDocument(Base):
    """A published report as JSON in one language, compressed with zlib; ``digest`` is SHA-256 of the JSON."""

    __tablename__ = "report_document"

    version_id: Mapped[int] = mapped_column(
        sa.ForeignKey("report_version.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(sa.String(2), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    version: Mapped[ReportVersion] = relationship(back_populates="documents")


class Margin(StrEnum):
    """By what residents are counted elsewhere, so that those who wrote can be laid beside them."""

    DISTRICT = "district"
    LANGUAGE = "language"


class CensusShare(Base):
    """How many residents have a value, by a source such as the census: ``key`` is a district's code or a
    language.
    """

    __tablename__ = "census_share"
    __table_args__ = (sa.CheckConstraint("people >= 0", name="people_is_not_negative"),)

    margin: Mapped[Margin] = mapped_column(text_enum(Margin, "margin"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    people: Mapped[int]
    source: Mapped[Localised]
    source_url: Mapped[str | None] = mapped_column(sa.String(400))
    as_of: Mapped[date]
