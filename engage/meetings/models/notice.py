"""The notice of a meeting: by which rule, and what was posted when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engage.accounts.models import User
from engage.db.base import Base
from engage.db.types import Localised, text_enum
from engage.meetings.models.meeting import Meeting, MeetingKind


class NoticeUnit(StrEnum):
    """How a rule counts. Hours are hours, weekends too; days are days of the calendar at the same hour."""

    HOURS = "hours"
    DAYS = "days"


class NoticeRule(Base):
    """How long before a meeting of one kind its notice must be posted, as one docket chose it.

    ``basis`` is the law or by-law that says so. A kind without a row goes by the site's own rules: see
    meetings.notice_rules.
    """

    __tablename__ = "notice_rule"
    __table_args__ = (sa.CheckConstraint("amount BETWEEN 1 AND 2000", name="amount_is_sensible"),)

    docket_id: Mapped[int] = mapped_column(sa.ForeignKey("docket.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[MeetingKind] = mapped_column(text_enum(MeetingKind, "kind"), primary_key=True)
    amount: Mapped[int]
    unit: Mapped[NoticeUnit] = mapped_column(text_enum(NoticeUnit, "unit"))
    basis: Mapped[Localised]


class NoticeKind(StrEnum):
    """What was posted."""

    NOTICE = "notice"
    AGENDA = "agenda"


class MeetingNotice(Base):
    """One posted version of a meeting's notice or agenda. The database refuses to change or delete it.

    ``content`` is the canonical JSON of all that residents could read, and ``digest`` its SHA-256 in
    hexadecimal. ``chain_digest`` covers the digest, the instant and the chain before it, over all meetings of
    the site in the order of ``id``, so that no version can be taken out, put in or dated back without
    breaking it. ``starts_at`` is the start that this version announced.
    """

    __tablename__ = "meeting_notice"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "kind", "number"),
        sa.CheckConstraint("number >= 1", name="number_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    kind: Mapped[NoticeKind] = mapped_column(text_enum(NoticeKind, "kind"))
    number: Mapped[int]
    posted_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    starts_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    chain_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)

    meeting: Mapped[Meeting] = relationship(back_populates="notices")
    actor: Mapped[User | None] = relationship()
