"""Pages: the form letters of a period and each of them for everybody, warnings of bursts for staff."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.campaigns.service import GROUP
from engage.campaigns.views import bursts, on_other_pages, public
from engage.campaigns.views.blueprint import bp
from engage.comments.parts import call_when_received
from engage.jobs.queue import wake
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["bursts", "init_app", "public"]


def init_app(app: Flask) -> None:
    """Hang these pages, their menu entry, their parts of other pages and their job into the app."""
    app.register_blueprint(bp)
    add_to_menu(
        app, "staff", MenuEntry("campaigns.bursts", _l("Bursts"), lambda: may_open("campaigns.bursts"))
    )
    add_part(app, "reading_room", on_other_pages.in_reading_room)
    add_part(app, "listed_comment", on_other_pages.on_listed_comment)
    add_part(app, "comment", on_other_pages.on_comment)
    add_part(app, "staff_home", bursts.on_staff_home)
    call_when_received(app, lambda session, _comments: wake(session, GROUP))
