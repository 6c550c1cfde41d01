"""Receipts: what has become of a comment, for whoever holds its number, and the proof of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages into the app."""
    from engage.receipts import views

    views.init_app(app)
