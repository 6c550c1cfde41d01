"""What other rooms do when a comment is received, withdrawn, or its text replaced.

They stand above this room and hang themselves in here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.jobs.scrub import promise_scrub

WhenReceived = Callable[[Session, Sequence[Comment]], None]

WhenRewritten = Callable[[Session, Sequence[Comment]], None]

WhenWithdrawn = Callable[[Session, Sequence[Comment]], None]
Withdraw = Callable[[Session, Comment, datetime], object]

_KEY = "when_received"
_REWRITTEN = "when_rewritten"
_WHEN_WITHDRAWN = "when_withdrawn"
_WITHDRAW = "withdraw"


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


def call_when_withdrawn(app: Flask, callback: WhenWithdrawn) -> None:
    """Call ``callback`` with comments whose text has just gone, inside the transaction that takes it away.

    Whoever keeps a copy of a text, or anything that it could be guessed from, lets it go there.
    """
    app.extensions.setdefault(_WHEN_WITHDRAWN, []).append(callback)


def tell_withdrawn(session: Session, comments: Sequence[Comment]) -> None:
    """Comments were withdrawn. Whoever makes tombstones of some calls this before the commit."""
    callbacks: list[WhenWithdrawn] = current_app.extensions.get(_WHEN_WITHDRAWN, [])
    for callback in callbacks:
        callback(session, comments)


def withdraw_with(app: Flask, withdraw: Withdraw) -> None:
    """Let this be how an author withdraws a comment: by the rules, and in the log, of the moderation room."""
    app.extensions[_WITHDRAW] = withdraw


def withdraw(session: Session, comment: Comment, now: datetime) -> None:
    """Withdraw a comment for its author; raises RuleBroken where it cannot be."""
    by_the_rules: Withdraw = current_app.extensions[_WITHDRAW]
    by_the_rules(session, comment, now)
