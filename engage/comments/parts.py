"""What other rooms do when a comment is received, or its text replaced or taken away.

They stand above this room and hang themselves in here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.jobs.scrub import promise_scrub

WhenReceived = Callable[[Session, Sequence[Comment]], None]

WhenRewritten = Callable[[Session, Sequence[Comment]], None]

_KEY = "when_received"
_REWRITTEN = "when_rewritten"


def call_when_received(app: Flask, callback: WhenReceived) -> None:
    """Call ``callback`` with new comments, flushed, inside the transaction that acknowledges them."""
    app.extensions.setdefault(_KEY, []).append(callback)


def tell_received(session: Session, comments: Sequence[Comment]) -> None:
    """Comments were received, from whatever channel. Whoever makes some calls this before the commit."""
    callbacks: list[WhenReceived] = current_app.extensions.get(_KEY, [])
    for callback in callbacks:
        callback(session, comments)


def call_when_rewritten(app: Flask, callback: WhenRewritten) -> None:
    """Call ``callback`` where comments lose words, so that it forgets what it made of them, in the same
    transaction.
    """
    app.extensions.setdefault(_REWRITTEN, []).append(callback)


def tell_rewritten(session: Session, comments: Sequence[Comment]) -> None:
    """Words of these comments were redacted or erased: nothing that was made of them may stay, in no file."""
    callbacks: list[WhenRewritten] = current_app.extensions.get(_REWRITTEN, [])
    for callback in callbacks:
        callback(session, comments)
    promise_scrub(session)
