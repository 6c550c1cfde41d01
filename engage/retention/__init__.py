"""How long each class of data is kept, its purge, and the log of the purge."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages and its alarm into the app."""
    from engage.retention import views

    views.init_app(app)
