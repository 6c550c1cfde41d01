"""Contact details, encrypted. No other table points from a comment to one of them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId, random_id
from engage.db.types import text_enum


class Purpose(StrEnum):
    """What a person left an address for. One left for one purpose is never used for another."""

    FOLLOW = "follow"
    CONTEST = "contest"
    APPEAL = "appeal"
    MEETING = "meeting"


class Contact(Base):
    """An e-mail address left for one purpose.

    ``sealed`` is the address, encrypted under ``ENGAGE_CONTACT_KEY``; ``blind_index`` is a keyed hash, by
    which the same address is found again for the same purpose and no other. ``purge_after`` is the last day
    on which the row may exist. The id is random and no instant is kept: neither order nor time can tell which
    comment came at the same moment.
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose, "purpose"))
    blind_index: Mapped[str] = mapped_column(sa.String(64), index=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    purge_after: Mapped[date] = mapped_column(index=True)
