"""You said, we did: official answers to concerns and questions, and what was promised with them."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.responses import views

    views.init_app(app)
