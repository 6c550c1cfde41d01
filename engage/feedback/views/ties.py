"""What this room hangs into the rest of the house: the privacy page, the queue, one's own data, the menu."""

from __future__ import annotations

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.accounts.own_data import add_own_data
from engage.feedback import text_queries
from engage.feedback.views import moderate_texts
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu


def init_app(app: Flask) -> None:
    """Hang all of it in."""
    add_part(app, "privacy", lambda: render_template("feedback/_on_privacy.html"))
    add_part(app, "queue", moderate_texts.in_queue)
    add_own_data(app, "forms", text_queries.done_by)
    add_to_menu(
        app,
        "staff",
        MenuEntry("feedback.text_queue", _l("Texts of forms"), lambda: may_open("feedback.text_queue")),
    )
