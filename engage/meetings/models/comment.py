"""Which comments belong to which meeting."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.comments.models import Comment
from engage.db.base import Base, BigId
from engage.meetings.models.agenda import AgendaItem
from engage.meetings.models.meeting import Meeting


class MeetingComment(Base):
    """A comment was spoken at this meeting, or written for it; on one item or (``item_id`` None) on anything.

    It names no speaker: who was called when stands nowhere beside what was said.
    """

    __tablename__ = "meeting_comment"

    comment_id: Mapped[int] = mapped_column(
        BigId, sa.ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("agenda_item.id"), index=True)

    comment: Mapped[Comment] = relationship()
    meeting: Mapped[Meeting] = relationship()
    item: Mapped[AgendaItem | None] = relationship()
