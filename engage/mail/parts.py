"""What other rooms do when an address does not take mail. They stand above this room and hang themselves in
here."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

WhenRefused = Callable[[Session, str], None]

_KEY = "when_refused"


def call_when_refused(app: Flask, callback: WhenRefused) -> None:
    """Call ``callback`` with an address whose server will not take our mail, inside a transaction."""
    app.extensions.setdefault(_KEY, []).append(callback)


def tell_refused(session: Session, address: str) -> None:
    """An address was refused for good, or a message came back from it."""
    callbacks: list[WhenRefused] = current_app.extensions.get(_KEY, [])
    for callback in callbacks:
        callback(session, address)
