"""Feedback forms: asked by staff, answered by anybody without a name, told in numbers."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, jobs and news into the app."""
    from engage.feedback import views
    from engage.feedback.happenings import form_happenings
    from engage.web.news import add_source

    views.init_app(app)
    add_source(app, form_happenings)
