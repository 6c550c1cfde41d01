"""Pages: feedback forms and what can be done with them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.feedback import asking
from engage.feedback.views import (
    answer,
    build,
    build_condition,
    build_question,
    build_take,
    codes,
    definitions,
    elsewhere,
    entry,
    exports,
    helper,
    moderate_texts,
    paper,
    preview,
    publish,
    results,
    settings,
    staff,
    texts,
    ties,
)
from engage.feedback.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu
from engage.web.transactions import begin_late

__all__ = [
    "answer",
    "build",
    "build_condition",
    "build_question",
    "build_take",
    "codes",
    "definitions",
    "elsewhere",
    "entry",
    "exports",
    "helper",
    "init_app",
    "moderate_texts",
    "paper",
    "preview",
    "publish",
    "results",
    "settings",
    "staff",
    "texts",
    "ties",
]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    asking.init_app(app)
    # The pages of a form only read; they must not wait for those who write.
    begin_late(app, "feedback.form")
    add_part(app, "staff_home", staff.on_staff_home)
    elsewhere.init_app(app)
    add_to_menu(app, "main", MenuEntry("feedback.form_list", _l("Forms")))
    definitions.init_app(app)
    add_to_menu(
        app,
        "staff",
        MenuEntry("feedback.staff_forms", _l("Forms"), lambda: may_open("feedback.staff_forms")),
        MenuEntry("feedback.result_list", _l("Results of forms"), lambda: may_open("feedback.result_list")),
    )
    ties.init_app(app)
