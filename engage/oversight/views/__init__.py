"""Pages: the record for everybody, and where officials and clerks write it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.oversight.views import elsewhere, entries, importing, indicators, public
from engage.oversight.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["entries", "importing", "indicators", "public"]


def init_app(app: Flask) -> None:
    """Hang these pages into the app, and their parts into the pages of other rooms."""
    app.register_blueprint(bp)
    entry = MenuEntry("oversight.staff_records", _l("Records"), lambda: may_open("oversight.staff_records"))
    add_to_menu(app, "staff", entry)
    add_part(app, "docket_told", elsewhere.on_docket)
    add_part(app, "phase", elsewhere.on_phase)
    add_part(app, "staff_docket", elsewhere.on_staff_docket)
    add_part(app, "staff_due", elsewhere.on_staff_home)
