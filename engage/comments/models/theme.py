"""Themes: what comments of a docket talk about and its taxonomy does not name."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId
from engage.db.types import Localised, text_enum
from engage.dockets.models import Docket


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
