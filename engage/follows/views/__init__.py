"""Pages: follow by e-mail, what one follows, feeds, and what the staff see of the mails."""

from __future__ import annotations

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod
from engage.dockets.models import Docket
from engage.follows.views import ask, feeds, following, staff
from engage.follows.views.blueprint import bp, machines
from engage.follows.views.blueprint import feeds as feeds_bp
from engage.meetings.models import Meeting
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["ask", "feeds", "following", "init_app", "staff"]


def init_app(app: Flask) -> None:
    """Hang these pages, their menu entries and their parts of other pages into the app."""
    for blueprint in (bp, feeds_bp, machines):
        app.register_blueprint(blueprint)
    add_part(app, "docket", _on_docket)
    add_part(app, "period", _on_period)
    add_part(app, "meeting", _on_meeting)
    add_part(app, "receipt", _on_receipt)
    add_part(app, "privacy", _on_privacy)
    add_to_menu(
        app,
        "staff",
        MenuEntry("follows.mail", _l("Mail"), lambda: may_open("follows.mail")),
        MenuEntry(
            "follows.queue_notice", _l("Mail about the queue"), lambda: may_open("follows.queue_notice")
        ),
    )


def _on_docket(docket: Docket) -> str:
    return render_template("follows/_on_docket.html", docket=docket)


def _on_period(period: CommentPeriod) -> str:
    return render_template("follows/_on_period.html", period=period)


def _on_meeting(meeting: Meeting) -> str:
    return render_template("follows/_on_meeting.html", meeting=meeting, is_done=meeting.is_done(utcnow()))


def _on_privacy() -> str:
    return render_template("follows/_on_privacy.html")


def _on_receipt(comment: Comment, **_known: object) -> str:
    return render_template(
        "follows/_on_receipt.html", comment=comment, asks_to_stop=following.may_stop_reminder(comment)
    )
