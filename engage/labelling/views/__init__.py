"""Pages for the staff: samples that check the program, and comments whose concerns a person reads."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.accounts.own_data import add_own_data
from engage.labelling import queries
from engage.labelling.reviews import reviews_by
from engage.labelling.views import reading, samples
from engage.labelling.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["reading", "samples"]


def init_app(app: Flask) -> None:
    """Hang these pages, their parts of other pages and their menu entry into the app."""
    app.register_blueprint(bp)
    add_own_data(app, "labels", queries.labels_by)
    add_own_data(app, "readings", reviews_by)
    add_part(app, "staff_comment", reading.on_comment)
    add_part(app, "staff_period_running", reading.on_period)
    entry = MenuEntry("labelling.samples", _l("Check by hand"), lambda: may_open("labelling.samples"))
    add_to_menu(app, "staff", entry)
