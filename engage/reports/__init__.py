"""Summaries for decision-makers: what people said, counted, with every number a link."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.reports import views

    views.init_app(app)
