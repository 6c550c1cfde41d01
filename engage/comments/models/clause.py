"""Which clauses of a document a comment is about."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId
from engage.db.types import text_enum
from engage.dockets.models import DocumentVersion


class Stance(StrEnum):
    """What its writer wants done with one clause. Not to say is a choice too: then it is None."""

    KEEP = "keep"
    CHANGE = "change"
    STRIKE = "strike"


class CommentClause(Base):
    """A comment is about this clause, in the words of this version: see dockets.clauses for ``clause``."""

    __tablename__ = "comment_clause"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    clause: Mapped[str] = mapped_column(sa.String(40), primary_key=True, index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("document_version.id"), index=True)
    stance: Mapped[Stance | None] = mapped_column(text_enum(Stance, "stance"))

    version: Mapped[DocumentVersion] = relationship()

    @property
    def number(self) -> str:
        """The number of the clause in its document."""
        return self.clause.rsplit("-", 1)[0]
