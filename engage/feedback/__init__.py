"""Feedback forms: asked by staff, answered by anybody without a name, told in numbers."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.feedback import views

    views.init_app(app)
