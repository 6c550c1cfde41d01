"""Pages of this room."""

from __future__ import annotations

from flask import Flask

from engage.oversight.views.blueprint import bp


def init_app(app: Flask) -> None:
    """Hang these pages into the app."""
    app.register_blueprint(bp)
