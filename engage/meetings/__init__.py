"""Meetings: notice, agenda, registration, speakers, what was said, and what was decided."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.meetings import views

    views.init_app(app)
