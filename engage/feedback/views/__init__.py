"""Pages: feedback forms and what can be done with them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.feedback.views import (
    answer,
    build,
    codes,
    definitions,
    elsewhere,
    entry,
    exports,
    paper,
    preview,
    publish,
    results,
    staff,
    texts,
)
from engage.feedback.views.blueprint import bp
from engage.web.templating import MenuEntry, add_to_menu

__all__ = [
    "answer",
    "build",
    "codes",
    "definitions",
    "elsewhere",
    "entry",
    "exports",
    "init_app",
    "paper",
    "preview",
    "publish",
    "results",
    "staff",
    "texts",
]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    add_to_menu(
        app,
        "staff",
        MenuEntry("feedback.staff_forms", _l("Forms"), lambda: may_open("feedback.staff_forms")),
        MenuEntry("feedback.result_list", _l("Results of forms"), lambda: may_open("feedback.result_list")),
    )
