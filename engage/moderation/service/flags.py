"""Raise and lower the flags that say why a moderator should look twice at a comment."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.comments.models import CommentFlag, Flag


def raise_flag(session: Session, comment_id: int, flag: Flag) -> None:
    """Flag a comment; nothing happens where it is flagged so already."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(CommentFlag).values(comment_id=comment_id, flag=flag).on_conflict_do_nothing())


HINTS = (Flag.HONEYPOT, Flag.TOO_FAST, Flag.NO_PROOF_OF_WORK, Flag.MISTAKEN)
"""What made somebody look twice before a decision: gone with it, because it tells of a resident's browser."""


def lower_flag(session: Session, comment_ids: Collection[int], *flags: Flag) -> None:
    """A moderator has seen to these."""
    session.execute(
        sa.delete(CommentFlag).where(CommentFlag.comment_id.in_(comment_ids), CommentFlag.flag.in_(flags))
    )
