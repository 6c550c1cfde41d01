"""The record after adoption: what is measured, how, and what came out, year after year."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages and news into the app."""
    from engage.oversight import views
    from engage.oversight.happenings import record_happenings
    from engage.web.news import add_source

    views.init_app(app)
    add_source(app, record_happenings)
