"""Proofs that were used, until they would be refused anyway."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base


class SpentChallenge(Base):
    """A challenge whose proof came with a form that was taken, so that it is of no use a second time; or the
    mark of a browser that a form counts once (checks.once).

    Nothing says with which form or when: ``digest`` is that of a random challenge or word, rows have no order
    of their own, and ``last_day`` (UTC) is the day on which it expires and after which the row goes.
    """

    __tablename__ = "spent_challenge"
    __table_args__ = ({"sqlite_with_rowid": False},)

    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    last_day: Mapped[date] = mapped_column(index=True)
