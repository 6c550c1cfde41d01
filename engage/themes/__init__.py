"""Themes that nobody named, found by the machine and named by staff; and quotes that represent."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages into the app."""
    from engage.themes import views

    views.init_app(app)
