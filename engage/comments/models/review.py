"""A comment's concerns as a person of the staff has read them, beside what the machine found."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId


class CommentReview(Base):
    """That a person read a comment and confirmed or corrected its concerns; both are kept.

    The person's stand where every reader looks, in ``comment_concern``; ``machine`` are those that the
    machine finds ([code, denied, spans] each), written anew whenever it measures. ``of_digest`` is the
    ``body_digest`` of the words that were read: of other words this is no reading. ``confirmed``: both find
    the same concerns.
    """

    __tablename__ = "comment_review"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    machine: Mapped[list[Any]] = mapped_column(sa.JSON)
    confirmed: Mapped[bool]
    of_digest: Mapped[str] = mapped_column(sa.String(64))
    read_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    read_on: Mapped[date]
