"""That a comment has just been sent from this browser: known to the next page and to nobody else."""

from __future__ import annotations

from flask import session

from engage.comments.models import Comment

_JUST_SENT = "just_sent"


def remember_sent(comment: Comment) -> None:
    """Let the next receipt say that the comment has just arrived, so that the browser forgets its draft."""
    session[_JUST_SENT] = comment.tracking_number


def was_just_sent(comment: Comment) -> bool:
    """Whether this browser has just sent the comment; said once."""
    return bool(session.pop(_JUST_SENT, None) == comment.tracking_number)
