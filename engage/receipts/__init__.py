"""Receipts: what has become of a comment, for whoever holds its number, and the proof of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages into the app, and let the log hear of every comment."""
    from engage.comments.parts import call_when_received, call_when_withdrawn
    from engage.receipts import service, views

    views.init_app(app)
    call_when_received(app, service.enter_comments)
    call_when_withdrawn(app, service.forget_codes)
