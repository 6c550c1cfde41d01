"""People check the machine: a random sample of a period's comments, labelled by hand."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.labelling import views

    views.init_app(app)
