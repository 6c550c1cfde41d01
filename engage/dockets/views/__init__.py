"""Pages: dockets and their documents for residents, and where the staff write them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.dockets.views import concerns, public, staff
from engage.dockets.views.blueprint import bp
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["concerns", "init_app", "public", "staff"]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    add_to_menu(app, "main", MenuEntry("dockets.docket_list", _l("Dockets")))
    add_to_menu(
        app,
        "staff",
        MenuEntry("dockets.staff_dockets", _l("Dockets"), lambda: may_open("dockets.staff_dockets")),
    )
