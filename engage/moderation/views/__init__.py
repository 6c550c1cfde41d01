"""Pages: the queue, the record of all comments, the public log, and all that is looked at again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, g
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.accounts.own_data import add_own_data
from engage.db.session import db
from engage.moderation import queries
from engage.moderation.review_queries import Waiting, count_waiting_reviews
from engage.moderation.views import (
    appeals,
    attachments,
    contests,
    letters,
    log,
    neutrality,
    parts,
    queue,
    record,
    redact,
    reports,
    second_look,
    translation,
)
from engage.moderation.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = [
    "appeals",
    "attachments",
    "contests",
    "init_app",
    "letters",
    "log",
    "neutrality",
    "queue",
    "record",
    "redact",
    "reports",
    "second_look",
    "translation",
]


def init_app(app: Flask) -> None:
    """Hang these pages, their menu entries and parts into the app."""
    app.register_blueprint(bp)
    add_own_data(app, "moderation", queries.done_by)
    add_part(app, "comment", parts.beside_comment)
    add_part(app, "receipt", parts.on_receipt)
    add_part(app, "queue", letters.in_queue)
    add_part(app, "staff_home", appeals.on_staff_home)
    add_part(app, "staff_home", neutrality.on_staff_home)
    add_part(app, "staff_comment", attachments.on_comment)
    add_to_menu(
        app,
        "staff",
        MenuEntry("moderation.queue", _l("Queue"), lambda: may_open("moderation.queue"), is_daily=True),
        _counted("moderation.second_look", _l("Second look"), lambda waiting: waiting.second_looks),
        _counted("moderation.appeals", _l("Appeals"), lambda waiting: waiting.appeals),
        _counted("moderation.reports", _l("Reader reports"), lambda waiting: waiting.reports),
        _counted("moderation.contests", _l("Not mine"), lambda waiting: waiting.contests),
        MenuEntry("moderation.comments", _l("Comments"), lambda: may_open("moderation.comments")),
    )


def _counted(endpoint: str, label: LazyString, count: Callable[[Waiting], int]) -> MenuEntry:
    """A menu entry that says how many wait behind it."""

    def told() -> str:
        number = count(_waiting())
        return f"{label} ({number})" if number else str(label)

    return MenuEntry(endpoint, LazyString(told), lambda: may_open(endpoint))


def _waiting() -> Waiting:
    """Counted once a page."""
    if "waiting_reviews" not in g:
        g.waiting_reviews = count_waiting_reviews(db.session)
    waiting: Waiting = g.waiting_reviews
    return waiting
