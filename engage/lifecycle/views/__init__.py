"""Pages of this room."""

from __future__ import annotations

from flask import Flask

from engage.lifecycle.views import files, on_pages, public, staff_readiness, staff_register
from engage.lifecycle.views.blueprint import bp
from engage.web.parts import add_part

__all__ = ["files", "init_app", "on_pages", "public", "staff_readiness", "staff_register"]


def init_app(app: Flask) -> None:
    """Hang these pages into the app, and the way to them into those of other rooms."""
    app.register_blueprint(bp)
    add_part(app, "staff_docket", on_pages.on_staff_docket)
    add_part(app, "staff_home", on_pages.on_staff_home)
