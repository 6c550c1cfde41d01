"""Comment periods and the comments in them."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.comments import views

    views.init_app(app)
