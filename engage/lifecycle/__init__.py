"""The life of a docket, phase by phase: what is known before it, who was asked, what became of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages and news into the app."""
    from engage.lifecycle import views
    from engage.lifecycle.happenings import readiness_happenings
    from engage.web.news import add_source

    views.init_app(app)
    add_source(app, readiness_happenings)
