"""What is being decided: dockets with their phases, documents, updates and decision."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Hang this room's pages, commands and jobs into the app."""
    from engage.dockets import views

    views.init_app(app)
