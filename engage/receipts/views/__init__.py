"""Pages: receipts, what their holders can do, and the public log."""

from __future__ import annotations

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l

from engage.db.session import db
from engage.receipts import queries
from engage.receipts.views import holder, log, receipt, witness
from engage.receipts.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["holder", "init_app", "log", "receipt", "witness"]


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entry into the app."""
    app.register_blueprint(bp)
    add_to_menu(app, "main", MenuEntry("receipts.lookup", _l("Find your comment")))
    add_part(app, "log_head", _newest_head)


def _newest_head() -> str:
    """The newest head, for pages that show counts: who keeps such a page can hold the log to it."""
    head = queries.newest_head(db.session)
    return render_template("receipts/_head.html", head=head) if head else ""
