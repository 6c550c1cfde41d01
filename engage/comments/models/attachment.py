"""Files that belong to a comment. What was sent is never kept: only what ``engage.files`` made anew of it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.comments.models.comment import ModerationReason
from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum
from engage.files import FileKind

LONGEST_DESCRIPTION = 300
"""Characters."""


class Attachment(Base):
    """A clean file of a comment. Its name is its number: the name that it was sent with may be a person's.

    ``description`` is what its sender says that it shows, for those who cannot see it. ``digest`` is SHA-256
    of the content. With a ``restriction_reason`` a moderator keeps it from readers, whatever is done with the
    comment.
    """

    __tablename__ = "attachment"
    __table_args__ = (sa.CheckConstraint("number >= 1", name="number_is_positive"),)

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[FileKind] = mapped_column(text_enum(FileKind, "kind"))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    description: Mapped[str | None] = mapped_column(sa.String(LONGEST_DESCRIPTION))
    restriction_reason: Mapped[ModerationReason | None] = mapped_column(
        text_enum(ModerationReason, "restriction_reason")
    )
    # Last, and loaded only where it is sent: a list of comments must not read the files.
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    @property
    def is_posted(self) -> bool:
        """Whether it may be read where its comment may."""
        return self.restriction_reason is None


class Upload(Base):
    """A clean file that waits for its comment to be sent, so that nobody has to upload it twice.

    ``token`` is that of the form that it came with, ``place`` its place among the files of that form. It goes
    when the comment is sent, or after ``purge_after``.
    """

    __tablename__ = "upload"
    __table_args__ = (sa.UniqueConstraint("token", "digest"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    token: Mapped[str] = mapped_column(sa.String(64))
    place: Mapped[int]
    kind: Mapped[FileKind] = mapped_column(text_enum(FileKind, "kind"))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(64))
    purge_after: Mapped[date] = mapped_column(index=True)
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
