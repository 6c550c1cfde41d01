"""The queue, the reasons, and the append-only log of every step."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.moderation import views

    views.init_app(app)
