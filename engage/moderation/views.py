"""Pages."""

from __future__ import annotations

from flask import Flask

from engage.web.locale import localised_blueprint

bp = localised_blueprint("moderation", __name__)


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
