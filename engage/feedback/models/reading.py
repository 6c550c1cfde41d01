"""What the machine keeps of its reading of a form's texts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId
from engage.feedback.models.answer import FormText


class FormReading(Base):
    """How far the texts of a form have been read. A form without a row was never looked at.

    ``read_with`` is the analyser's version with which all its texts were last compared: those of another
    version have become due. ``quotes_due``: what may be quoted has changed since quotes were chosen.
    ``counts`` is how many texts of each question were shown and hidden then: see ``text_queries.Counted``.
    """

    __tablename__ = "form_reading"

    form_id: Mapped[int] = mapped_column(
        sa.ForeignKey("feedback_form.id", ondelete="CASCADE"), primary_key=True
    )
    read_with: Mapped[str | None] = mapped_column(sa.String(120))
    quotes_due: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class FormQuote(Base):
    """A stretch of a shown text that the results quote, in the order in which it was chosen.

    It goes with the row of its text, and whoever changes or hides the text deletes it.
    """

    __tablename__ = "form_quote"
    __table_args__ = (sa.CheckConstraint("start >= 0 AND stop > start", name="is_a_stretch"),)

    form_id: Mapped[int] = mapped_column(
        sa.ForeignKey("feedback_form.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("form_text.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    stop: Mapped[int]

    text: Mapped[FormText] = relationship()
