"""People who work here, their roles, and how they sign in. Residents need no account."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.accounts import views

    views.init_app(app)
