"""A comment in another language, as a person of the staff has put it."""

from __future__ import annotations

import hashlib
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId


class CommentTranslation(Base):
    """What a person made of a comment's words in ``language``; no machine writes here.

    ``of_digest`` is that of the very words that were translated: where they were changed since, such as by a
    redaction, this is no translation of them any more and is not shown. ``made_by_id`` is the staff member's.
    """

    __tablename__ = "comment_translation"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    body: Mapped[str] = mapped_column(sa.Text)
    of_digest: Mapped[str] = mapped_column(sa.String(64))
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    made_on: Mapped[date]


def digest_of_words(body: str) -> str:
    """What a translation says that it is of."""
    return hashlib.sha256(body.encode()).hexdigest()
