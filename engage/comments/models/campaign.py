"""Campaigns: texts of a period that are versions of one letter, and what new texts are compared by."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.comments.models.period import CommentPeriod
from engage.db.base import Base, BigId, random_id

_ID_BITS = 39


def _new_id() -> int:
    """Short enough for an address, and saying nothing of when the campaign was found."""
    return secrets.randbits(_ID_BITS) + 1


class Campaign(Base):
    """A letter that several people sent, or a text that was sent more than once.

    It has no members of its own: a comment belongs to it by its text, so that one whose text is withdrawn or
    changed belongs to it no more in that very instant. ``organiser`` is who is known to have written the
    letter, as staff state it. One that turned out to be the same as another stays as ``merged_into_id``, so
    that its address still leads there.

    ``is_stale``: its texts are still to be compared with its exemplar. ``is_broken``: a text is gone from it,
    which triggers of the database say, so its letter is to be made anew of what is left.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        sa.CheckConstraint("merged_into_id <> id", name="is_not_merged_into_itself"),
        sa.Index(
            "ix_campaign_stale",
            "id",
            sqlite_where=sa.text("is_stale = 1"),
            postgresql_where=sa.text("is_stale"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=_new_id)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), index=True)
    organiser: Mapped[str | None] = mapped_column(sa.String(160))
    merged_into_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("campaign.id", ondelete="CASCADE"), index=True
    )
    is_stale: Mapped[bool] = mapped_column(default=True)
    is_broken: Mapped[bool] = mapped_column(default=False)

    period: Mapped[CommentPeriod] = sa.orm.relationship()


class CampaignText(Base):
    """One text of a period, by its fingerprint, however often it was sent; without a campaign it is alone.

    ``version`` numbers the few texts of a campaign that its letter is made of. ``is_personal``: it says
    something that the exemplar does not; None until ``compared_with`` is the exemplar of today. ``recount``:
    the reports have yet to be told. ``former_id`` is its campaign before everything was grouped anew, while
    that has yet to come to it. The database deletes the row with the last comment that has the text.
    """

    __tablename__ = "campaign_text"
    __table_args__ = (
        sa.UniqueConstraint("period_id", "digest"),
        sa.Index("ix_campaign_text_of", "campaign_id", "is_personal"),
        sa.Index(
            "ix_campaign_text_recount",
            "id",
            sqlite_where=sa.text("recount = 1"),
            postgresql_where=sa.text("recount"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    campaign_id: Mapped[int | None] = mapped_column(BigId, sa.ForeignKey("campaign.id", ondelete="SET NULL"))
    version: Mapped[int | None]
    is_exemplar: Mapped[bool] = mapped_column(default=False)
    is_personal: Mapped[bool | None]
    compared_with: Mapped[int | None] = mapped_column(BigId)
    is_placed: Mapped[bool] = mapped_column(default=True)
    recount: Mapped[bool] = mapped_column(default=False)
    former_id: Mapped[int | None] = mapped_column(BigId)


class LetterAnchor(Base):
    """A triple of words, as a number of 32 bits, by which the letter of a campaign is found."""

    __tablename__ = "campaign_letter_anchor"

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    anchor: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    owner_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TextAnchor(Base):
    """The same of a text that stood alone when it came. It goes with its text."""

    __tablename__ = "campaign_text_anchor"

    period_id: Mapped[int] = mapped_column(sa.ForeignKey("comment_period.id"), primary_key=True)
    anchor: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    owner_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("campaign_text.id", ondelete="CASCADE"), primary_key=True, index=True
    )
