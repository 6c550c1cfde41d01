"""Pages of this room: what the county answers and promises, for everybody, and where that is written."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.responses.views import (
    answers,
    commitments,
    elsewhere,
    publish_answers,
    questions,
    staff_answers,
    staff_commitments,
    staff_gather,
    staff_questions,
)
from engage.responses.views.blueprint import bp
from engage.web.templating import MenuEntry, add_to_menu

__all__ = [
    "answers",
    "commitments",
    "publish_answers",
    "questions",
    "staff_answers",
    "staff_commitments",
    "staff_gather",
    "staff_questions",
]


def init_app(app: Flask) -> None:
    """Hang these pages, their menu entry and their parts of other pages into the app."""
    app.register_blueprint(bp)
    elsewhere.init_app(app)
    entry = MenuEntry("responses.staff_overview", _l("Answers"), lambda: may_open("responses.staff_overview"))
    add_to_menu(app, "staff", entry)
