"""Who wants to speak, and who has the floor."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum
from engage.meetings.models.agenda import AgendaItem
from engage.meetings.models.attendee import Attendee, Mode
from engage.meetings.models.meeting import Meeting


class SpeakerState(StrEnum):
    """What became of a wish to speak."""

    REQUESTED = "requested"
    CALLED = "called"
    SPOKE = "spoke"
    ABSENT = "absent"
    CANCELLED = "cancelled"


class SpeakerRequest(Base):
    """One wish to speak, on one item or (``item_id`` None) on anything. Once per person and item.

    ``number`` is the place in the meeting's list. ``sealed_name`` is what to call out, encrypted, None to be
    called by the number. ``spoken`` is the language to interpret from (ISO 639-1), if an interpreter is
    wanted.
    """

    __tablename__ = "speaker_request"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "number"),
        sa.UniqueConstraint("attendee_id", "item_id"),
        sa.Index(
            "uq_speaker_request_attendee_on_anything",
            "attendee_id",
            unique=True,
            sqlite_where=sa.text("item_id IS NULL"),
            postgresql_where=sa.text("item_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    attendee_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("attendee.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)
    number: Mapped[int]
    mode: Mapped[Mode] = mapped_column(text_enum(Mode, "mode"), default=Mode.IN_PERSON)
    sealed_name: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    spoken: Mapped[str | None] = mapped_column(sa.String(8))
    state: Mapped[SpeakerState] = mapped_column(
        text_enum(SpeakerState, "state"), default=SpeakerState.REQUESTED
    )

    meeting: Mapped[Meeting] = relationship()
    attendee: Mapped[Attendee] = relationship()
    item: Mapped[AgendaItem | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Whether the person may still be called."""
        return self.state in (SpeakerState.REQUESTED, SpeakerState.CALLED, SpeakerState.ABSENT)


class Floor(Base):
    """Who has the floor in a meeting now, and the clock: one row a meeting, overwritten, gone at its end.

    ``seconds`` is the time that the speaker has. While the clock runs, ``ends_at`` is when it is up; while it
    is held, ``left_seconds`` is what is left.
    """

    __tablename__ = "floor"

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id", ondelete="SET NULL"))
    speaker_id: Mapped[int | None] = mapped_column(
        BigId, sa.ForeignKey("speaker_request.id", ondelete="SET NULL")
    )
    seconds: Mapped[int]
    ends_at: Mapped[datetime | None]
    left_seconds: Mapped[int | None]

    meeting: Mapped[Meeting] = relationship()
    item: Mapped[AgendaItem | None] = relationship()
    speaker: Mapped[SpeakerRequest | None] = relationship()
