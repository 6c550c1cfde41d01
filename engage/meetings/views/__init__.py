"""Pages: meetings and what can be done with them."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.meetings.views import (
    after,
    agenda,
    notice,
    notice_ledger,
    notice_rules,
    public,
    register,
    speakers,
    staff,
    written,
)
from engage.meetings.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = [
    "after",
    "agenda",
    "init_app",
    "notice",
    "notice_ledger",
    "notice_rules",
    "public",
    "register",
    "speakers",
    "staff",
    "written",
]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    add_part(app, "staff_docket", notice_rules.on_docket)
    add_to_menu(app, "main", MenuEntry("meetings.meeting_list", _l("Meetings")))
    add_to_menu(
        app,
        "staff",
        MenuEntry("meetings.staff_meetings", _l("Meetings"), lambda: may_open("meetings.staff_meetings")),
    )
