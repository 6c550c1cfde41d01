"""That a comment has just been sent from this browser: known to its next pages, and to nobody else."""

from __future__ import annotations

from flask import session

from engage.clock import utcnow
from engage.comments.models import Comment

MINUTES = 10
"""For so long the browser is given the codes again: a change of language or a reload must not lose them."""

_JUST_SENT = "just_sent"
_SENT_AT = "sent_at"


def remember_sent(comment: Comment) -> None:
    """Let the receipt say that the comment has just arrived, so that the browser forgets its draft."""
    session[_JUST_SENT] = comment.tracking_number
    session[_SENT_AT] = [comment.tracking_number, int(utcnow().timestamp())]


def was_just_sent(comment: Comment) -> bool:
    """Whether this browser has just sent the comment; said once."""
    return bool(session.pop(_JUST_SENT, None) == comment.tracking_number)


def was_sent_lately(comment: Comment) -> bool:
    """Whether this browser has sent it within the last MINUTES; the instant is in its cookie only."""
    number, sent_at = session.get(_SENT_AT) or ("", 0)
    return bool(number == comment.tracking_number and utcnow().timestamp() - sent_at < MINUTES * 60)
