"""Words of comments were redacted or erased: nothing is quoted from where they stood."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.themes.models import Excerpt, Quote


def forget_quotes(session: Session, comments: Sequence[Comment]) -> None:
    """Take these comments out of what is quoted and shown; with the digest of the text, from which a short
    one could be guessed.
    """
    numbers = [comment.id for comment in comments]
    for table in (Quote, Excerpt):
        session.execute(sa.delete(table).where(table.comment_id.in_(numbers)))
