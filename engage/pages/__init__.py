"""Home, privacy, accessibility, and the pages for machines that watch the site."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.pages import views

    views.init_app(app)
