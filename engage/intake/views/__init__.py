"""Pages: the paper form, entry by staff, batches, and entry by the places that help."""

from __future__ import annotations

from flask import Flask, render_template
from flask_babel import lazy_gettext as _l

from engage.accounts.access import may_open
from engage.clock import utcnow
from engage.comments import words
from engage.comments.models import BatchKind, Comment, CommentPeriod
from engage.intake.views import batches, helper, paper, staff
from engage.intake.views.blueprint import bp
from engage.web.parts import add_part
from engage.web.templating import MenuEntry, add_to_menu

__all__ = ["batches", "helper", "init_app", "paper", "staff"]


def init_app(app: Flask) -> None:
    """Hang these pages into the app, and what they have to say into others."""
    app.register_blueprint(bp)
    add_to_menu(app, "staff", MenuEntry("intake.entry_periods", _l("Enter comments"), _types_in))
    add_part(app, "staff_period_running", _ways_in)
    add_part(app, "staff_comment", _how_it_came)
    add_part(app, "comment", _who_filed_it)


def _types_in() -> bool:
    return may_open("intake.entry_periods")


def _ways_in(period: CommentPeriod) -> str:
    return render_template(
        "intake/_ways_in.html",
        period=period,
        state=period.state(utcnow()),
        may_make_batches=may_open("intake.batches"),
        words=words,
    )


def _how_it_came(comment: Comment) -> str:
    if not (comment.batch or comment.entered_by or comment.postmarked_on):
        return ""
    return render_template("intake/_how_it_came.html", comment=comment)


def _who_filed_it(comment: Comment) -> str:
    """Of a place that helps the public learns only that paper came in; an organiser is named."""
    if comment.batch is None or comment.batch.kind is not BatchKind.FILE:
        return ""
    return render_template("intake/_who_filed_it.html", organiser=comment.batch.name)
