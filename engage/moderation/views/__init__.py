"""Pages: the queue, the record of all comments, the public log."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.moderation.views import attachments, log, queue, record, translation
from engage.moderation.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["attachments", "init_app", "log", "queue", "record", "translation"]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    add_part(app, "staff_comment", attachments.on_comment)
    add_to_menu(app, "main", MenuEntry("moderation.public_log", _l("Moderation log")))
    add_to_menu(
        app,
        "staff",
        MenuEntry("moderation.queue", _l("Queue"), lambda: may_open("moderation.queue")),
        MenuEntry("moderation.comments", _l("Comments"), lambda: may_open("moderation.comments")),
    )
