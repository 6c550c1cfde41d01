"""Pages: the queue, the record of all comments, the public log."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.accounts.own_data import add_own_data
from engage.moderation import queries
from engage.moderation.views import log, queue, record
from engage.moderation.views.blueprint import bp
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["init_app", "log", "queue", "record"]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    add_own_data(app, "moderation", queries.done_by)
    add_to_menu(app, "main", MenuEntry("moderation.public_log", _l("Moderation log")))
    add_to_menu(
        app,
        "staff",
        MenuEntry("moderation.queue", _l("Queue"), lambda: may_open("moderation.queue")),
        MenuEntry("moderation.comments", _l("Comments"), lambda: may_open("moderation.comments")),
    )
