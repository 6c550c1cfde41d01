"""What a meeting talks about, in order, and what there is to read, hear or see about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from engage.db.base import Base
from engage.db.types import Localised, text_enum
from engage.dockets.models import DocumentVersion
from engage.meetings.models.after import DecidedState
from engage.meetings.models.meeting import Meeting


class AgendaItem(Base):
    """One item of an agenda. ``position`` counts from 1.

    ``decided`` and ``outcome`` are what was decided on it, None until somebody wrote it down.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "position"),
        sa.CheckConstraint("position >= 1", name="position_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[Localised]
    summary: Mapped[Localised | None]
    takes_written: Mapped[bool] = mapped_column(default=True)
    takes_speakers: Mapped[bool] = mapped_column(default=True)
    decided: Mapped[DecidedState | None] = mapped_column(text_enum(DecidedState, "decided"))
    outcome: Mapped[Localised | None]

    meeting: Mapped[Meeting] = relationship(back_populates="items")
    files: Mapped[list[MeetingFile]] = relationship(back_populates="item", order_by="MeetingFile.position")


class FileKindName(StrEnum):
    """What a file or link of a meeting is."""

    AGENDA = "agenda"
    PACKET = "packet"
    NOTICE = "notice"
    PRESENTATION = "presentation"
    TESTIMONY = "testimony"
    MINUTES = "minutes"
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    OTHER = "other"


class MeetingFile(Base):
    """A document of a meeting or of one item: a version on the docket, an uploaded file, or a link elsewhere.

    Exactly one of ``version_id``, ``content`` (made anew without hidden data, with ``media_type`` and the
    SHA-256 ``digest`` in hexadecimal) and ``url`` is there. ``posted_at`` is when residents may first see it.
    """

    __tablename__ = "meeting_file"
    __table_args__ = (
        sa.CheckConstraint(
            "(version_id IS NOT NULL AND content IS NULL AND url IS NULL) OR "
            "(version_id IS NULL AND content IS NOT NULL AND url IS NULL) OR "
            "(version_id IS NULL AND content IS NULL AND url IS NOT NULL)",
            name="has_one_source",
        ),
        sa.CheckConstraint(
            "(content IS NULL) = (digest IS NULL) AND (content IS NULL) = (media_type IS NULL)",
            name="content_is_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_item.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[FileKindName] = mapped_column(text_enum(FileKindName, "kind"))
    title: Mapped[Localised]
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document_version.id"))
    url: Mapped[str | None] = mapped_column(sa.String(1000))
    content: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    media_type: Mapped[str | None] = mapped_column(sa.String(80))
    size: Mapped[int | None]
    posted_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(back_populates="files")
    item: Mapped[AgendaItem | None] = relationship(back_populates="files")
    version: Mapped[DocumentVersion | None] = relationship()

    def is_readable(self, now: datetime) -> bool:
        """Whether residents may read it who may see its meeting and, of an item, its posted agenda."""
        version = self.version
        if version is not None and not (
            version.published_at <= now and version.document.docket.is_published(now)
        ):
            return False
        return self.posted_at <= now

    @property
    def shown_digest(self) -> str | None:
        """SHA-256 of what it says, in hexadecimal; None for a link elsewhere."""
        return self.version.digest if self.version else self.digest
