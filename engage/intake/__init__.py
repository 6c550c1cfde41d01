"""Intake: comments that come on paper, by post, by telephone or by voice, and who types them in."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages into the app."""
    from engage.intake import views

    views.init_app(app)
