"""Let go of what could tell the words of a comment that was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.themes.models import Quote


def forget_quotes(session: Session, comments: Sequence[Comment]) -> None:
    """Forget the fingerprints of quoted texts: a short text could be guessed from one.

    The rows stay until the docket is read again, which they bring about.
    """
    ids = [comment.id for comment in comments]
    session.execute(sa.update(Quote).where(Quote.comment_id.in_(ids)).values(body_digest=""))
