"""Pages: periods, the form, the reading room, and the staff's periods."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import signed_in_user
from engage.comments.redacted import said, said_whole
from engage.comments.views import (
    additions,
    attachments,
    changes,
    large_print,
    on_docket,
    periods,
    reading,
    reading_level,
    staff,
    write,
)
from engage.comments.views.blueprint import bp
from engage.dockets.parts import count_measured_with, show_periods_on_dockets, show_talk_on_clauses
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = [
    "attachments",
    "changes",
    "init_app",
    "large_print",
    "on_docket",
    "periods",
    "reading",
    "staff",
    "write",
]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    app.jinja_env.filters.update(said=said, said_whole=said_whole)
    show_periods_on_dockets(app, on_docket.periods_of)
    count_measured_with(app, on_docket.measured_of)
    add_part(app, "docket", on_docket.changes_of)
    additions.init_app(app)
    show_talk_on_clauses(app, on_docket.talk_of)
    reading_level.init_app(app)
    add_to_menu(app, "main", MenuEntry("comments.period_list", _l("Comment periods")))
    add_to_menu(app, "staff", MenuEntry("comments.staff_periods", _l("Comment periods"), _edits_periods))


def _edits_periods() -> bool:
    user = signed_in_user()
    return user is not None and user.has_any_role(*staff.EDITORS)
