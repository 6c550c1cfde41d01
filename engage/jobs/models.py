"""What the worker has promised to do and no other row says."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId, random_id


class ScrubRequest(Base):
    """That words were erased which the database's files still hold in places that no query reaches."""

    __tablename__ = "scrub_request"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False, default=random_id)


IDS = sa.select(ScrubRequest.id)
