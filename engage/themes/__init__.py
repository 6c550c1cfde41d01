"""Themes that nobody named, found by the machine and named by staff; and quotes that represent."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages into the app."""
    from engage.comments.parts import call_when_withdrawn
    from engage.themes import views
    from engage.themes.service.forget import forget_quotes

    views.init_app(app)
    call_when_withdrawn(app, forget_quotes)
