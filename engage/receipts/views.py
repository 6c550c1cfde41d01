"""Receipts: what has become of a comment, for whoever holds its tracking number."""

from __future__ import annotations

from flask import Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import queries, words
from engage.comments.just_sent import was_just_sent
from engage.db.session import db
from engage.errors import NotFound
from engage.receipts.forms import ReceiptForm
from engage.web.locale import localised_blueprint
from engage.web.templating import MenuEntry, add_to_menu

bp = localised_blueprint("receipts", __name__)


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entry into the app."""
    app.register_blueprint(bp)
    add_to_menu(app, "main", MenuEntry("receipts.lookup", _l("Find your comment")))


@bp.route("/receipts", methods=["GET", "POST"])
@public
def lookup() -> ResponseReturnValue:
    """Look a receipt up by its number."""
    form = ReceiptForm()
    if form.validate_on_submit():
        comment = queries.find_receipt(db.session, form.tracking_number.data)
        if comment is not None:
            return redirect(url_for("receipts.receipt", tracking_number=comment.tracking_number), 303)
        form.tracking_number.errors = [
            _("We have no comment with this number. Compare it with your receipt.")
        ]
    return render_template("receipts/lookup.html", form=form), form.status


@bp.get("/receipts/<tracking_number>")
@public
def receipt(tracking_number: str) -> ResponseReturnValue:
    """One receipt. It never shows the comment's words: who holds the number may not be who wrote it."""
    comment = queries.find_receipt(db.session, tracking_number)
    if comment is None:
        raise NotFound(_l("There is no receipt with this number."))
    if tracking_number != comment.tracking_number:
        return redirect(url_for("receipts.receipt", tracking_number=comment.tracking_number), 301)
    return render_template(
        "receipts/receipt.html",
        comment=comment,
        period=comment.period,
        is_new=was_just_sent(comment),
        is_public=queries.is_public(db.session, comment, utcnow()),
        status=words.DISPOSITIONS[comment.disposition],
        reasons=words.REASONS,
        rules=words.RULES,
    )
