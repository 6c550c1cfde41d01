"""Whether a report can lead to the questions that the county answers."""

from __future__ import annotations

import sqlalchemy as sa

from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.db.session import db
from engage.responses.question_queries import public_questions


def has_questions(period: CommentPeriod) -> bool:
    """Whether everybody may read a question of this docket now."""
    found = public_questions(period.docket_id, utcnow()).limit(1)
    return bool(db.session.scalar(sa.select(sa.exists(found))))
