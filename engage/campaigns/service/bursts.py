"""Note that somebody has looked into a burst."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.campaigns.bursts import Burst
from engage.campaigns.models import BurstDismissal
from engage.comments.models import CommentPeriod


def dismiss_burst(
    session: Session, period: CommentPeriod, burst: Burst, *, note: str, actor: User, now: datetime
) -> None:
    """Take a warning from the list, with a note of what was found; a later note replaces an earlier one.

    Nothing is done to any comment.
    """
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {
        "count": burst.count,
        "note": note,
        "dismissed_by_id": actor.id,
        "dismissed_at": now,
    }
    name = {"period_id": period.id, "kind": burst.kind, "day": burst.day, "subject_id": burst.subject_id}
    session.execute(
        insert(BurstDismissal)
        .values(**name, **values)
        .on_conflict_do_update(index_elements=list(name), set_=values)
    )
