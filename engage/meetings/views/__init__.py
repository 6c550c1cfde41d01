"""Pages: meetings and what can be done with them."""

from __future__ import annotations

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.meetings.views import (
    after,
    agenda,
    attendees,
    attending,
    calendars,
    changes,
    door,
    elsewhere,
    floor,
    minutes,
    month,
    notice,
    notice_ledger,
    notice_rules,
    oral,
    papers,
    public,
    register,
    screen,
    series,
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
    "attendees",
    "attending",
    "calendars",
    "changes",
    "door",
    "elsewhere",
    "floor",
    "init_app",
    "minutes",
    "month",
    "notice",
    "notice_ledger",
    "notice_rules",
    "oral",
    "papers",
    "public",
    "register",
    "screen",
    "series",
    "speakers",
    "staff",
    "written",
]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    papers.init_app(app)
    add_part(app, "docket", elsewhere.on_docket)
    add_part(app, "period", elsewhere.on_period)
    add_part(app, "privacy", lambda: render_template("meetings/_on_privacy.html"))
    written.init_app(app)
    calendars.init_app(app)
    add_part(app, "staff_docket", notice_rules.on_docket)
    add_to_menu(app, "main", MenuEntry("meetings.meeting_list", _l("Meetings")))
    add_to_menu(
        app,
        "staff",
        MenuEntry("meetings.staff_meetings", _l("Meetings"), lambda: may_open("meetings.staff_meetings")),
    )
    add_part(app, "staff_home", staff.on_staff_home)
