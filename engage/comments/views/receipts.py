"""Receipts: what has become of a comment, for whoever holds its tracking number."""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import queries, words
from engage.comments.forms import ReceiptForm
from engage.comments.models import Comment
from engage.comments.views.blueprint import bp
from engage.db.session import db
from engage.errors import NotFound

_JUST_SENT = "just_sent"


def remember_sent(comment: Comment) -> None:
    """Let the next receipt say that the comment has just arrived, so that the browser forgets its draft."""
    session[_JUST_SENT] = comment.tracking_number


@bp.route("/receipts", methods=["GET", "POST"])
@public
def receipts() -> ResponseReturnValue:
    """Look a receipt up by its number."""
    form = ReceiptForm()
    if form.validate_on_submit():
        comment = queries.find_receipt(db.session, form.tracking_number.data)
        if comment is not None:
            return redirect(url_for("comments.receipt", tracking_number=comment.tracking_number), 303)
        form.tracking_number.errors = [
            _("We have no comment with this number. Compare it with your receipt.")
        ]
    return render_template("comments/receipts.html", form=form), form.status


@bp.get("/receipts/<tracking_number>")
@public
def receipt(tracking_number: str) -> ResponseReturnValue:
    """One receipt. It never shows the comment's words: who holds the number may not be who wrote it."""
    comment = queries.find_receipt(db.session, tracking_number)
    if comment is None:
        raise NotFound(_l("There is no receipt with this number."))
    if tracking_number != comment.tracking_number:
        return redirect(url_for("comments.receipt", tracking_number=comment.tracking_number), 301)
    return render_template(
        "comments/receipt.html",
        comment=comment,
        period=comment.period,
        is_new=session.pop(_JUST_SENT, None) == comment.tracking_number,
        is_public=queries.is_public(db.session, comment, utcnow()),
        status=words.DISPOSITIONS[comment.disposition],
        reasons=words.REASONS,
        rules=words.RULES,
    )
