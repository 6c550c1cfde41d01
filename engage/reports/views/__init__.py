"""Pages: reports for everybody, in several forms, and the list of reports for the staff."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.reports.views import (
    census,
    concern,
    counted_now,
    figure,
    files,
    frozen_list,
    hooks,
    publish,
    ratings,
    staff,
    versions,
)
from engage.reports.views.blueprint import bp
from engage.web.templating import MenuEntry, add_to_menu

__all__ = [
    "census",
    "concern",
    "counted_now",
    "figure",
    "files",
    "frozen_list",
    "hooks",
    "init_app",
    "publish",
    "ratings",
    "staff",
    "versions",
]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    entry = MenuEntry("reports.report_list", _l("Reports"), lambda: may_open("reports.report_list"))
    add_to_menu(app, "staff", entry)
    add_to_menu(app, "main", MenuEntry("reports.public_list", _l("Reports")))
    hooks.init_app(app)
