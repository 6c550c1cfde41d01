"""The outbox. A row is a promise made inside a transaction; the worker keeps it afterwards."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId


class OutboxMessage(Base):
    """One message to one address. ``event_key`` makes it exist once, whatever is retried.

    ``sealed`` holds recipient, subject, body and headers, encrypted (see mail.sealed); it is emptied when the
    message was sent or given up, and the row stays, so that it is not sent again. ``kind`` is what the key
    begins with. ``message_key`` stands in the message's Message-ID, by which a bounce is told from a forged
    one. ``queued_at`` and ``sent_at`` are starts of days: a mail may answer a resident's act, whose instant
    nobody needs. ``due_at`` is when the worker should try next, None where nothing is left to do.
    """

    __tablename__ = "outbox_message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    event_key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    message_key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    queued_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    bounced_on: Mapped[date | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(sa.String(200))
