"""Receipts: what has become of a comment, for whoever holds its tracking number; more with its code."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.comments import queries as comment_queries
from engage.comments.just_sent import was_just_sent, was_sent_lately
from engage.comments.models import Comment
from engage.db.session import db
from engage.errors import NotFound
from engage.receipts import queries
from engage.receipts.codes import CodeKind, from_code
from engage.receipts.forms import ReceiptForm
from engage.receipts.holding import codes_of, is_held_by
from engage.receipts.keys import log_keys
from engage.receipts.views.blueprint import bp
from engage.receipts.views.page import receipt_page


@bp.route("/receipts", methods=["GET", "POST"])
@public
def lookup() -> ResponseReturnValue:
    """Look a receipt up by its number. With the code, which stands in no address, the holder's page."""
    form = ReceiptForm()
    if not form.validate_on_submit():
        return render_template("receipts/lookup.html", form=form), form.status
    comment = comment_queries.find_receipt(db.session, form.tracking_number.data)
    if comment is None:
        form.tracking_number.errors = [
            _("We have no comment with this number. Compare it with your receipt.")
        ]
    elif form.secret is None:
        return redirect(url_for("receipts.receipt", tracking_number=comment.tracking_number), 303)
    else:
        entry = queries.entry_of(db.session, comment)
        if entry is not None and is_held_by(entry, form.secret):
            return receipt_page(comment, entry, code=form.secret)
        form.code.errors = [_("This code does not belong to this tracking number.")]
    return render_template("receipts/lookup.html", form=form), form.status


@bp.get("/receipts/<tracking_number>")
@public
def receipt(tracking_number: str) -> ResponseReturnValue:
    """One receipt. It never shows the comment's words: who holds the number may not be who wrote it.

    The browser that has just sent the comment is given the codes for a few minutes.
    """
    comment = find(tracking_number)
    if tracking_number != comment.tracking_number:
        return redirect(url_for("receipts.receipt", tracking_number=comment.tracking_number), 301)
    entry = queries.entry_of(db.session, comment)
    is_new = was_just_sent(comment)
    codes = codes_of(log_keys(), entry) if was_sent_lately(comment) and entry else None
    code = from_code(codes.receipt, CodeKind.RECEIPT) if codes else None
    return receipt_page(comment, entry, code=code, codes=codes, is_new=is_new)


def find(tracking_number: str) -> Comment:
    """The comment of an address. Raises NotFound."""
    comment = comment_queries.find_receipt(db.session, tracking_number)
    if comment is None:
        raise NotFound(_l("There is no receipt with this number."))
    return comment
