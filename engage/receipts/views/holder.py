"""What the holder of a receipt can do: download it, and withdraw the comment."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments.models import Disposition
from engage.comments.parts import withdraw as withdraw_comment
from engage.db.session import db
from engage.receipts import documents, queries
from engage.receipts.forms import CodeForm, ReceiptForm, WithdrawForm
from engage.receipts.holding import is_held_by, may_withdraw
from engage.receipts.keys import log_keys
from engage.receipts.views.blueprint import bp
from engage.receipts.views.receipt import find


@bp.post("/receipts/<tracking_number>/receipt.json")
@public
def download(tracking_number: str) -> ResponseReturnValue:
    """The receipt as a file. The code comes in the body, so that it stands in no address and no log."""
    comment, form = find(tracking_number), CodeForm()
    entry = queries.entry_of(db.session, comment)
    if form.validate() and entry is not None and form.secret and is_held_by(entry, form.secret):
        content = documents.receipt(db.session, log_keys(), entry, comment, form.secret)
        answer = Response(documents.as_text(content), mimetype="application/json")
        answer.headers["Content-Disposition"] = 'attachment; filename="RECEIPT.json"'
        return answer
    asked = ReceiptForm()
    asked.tracking_number.data = comment.tracking_number
    asked.code.errors = list(form.code.errors) or [_("This code does not belong to this tracking number.")]
    return render_template("receipts/lookup.html", form=asked), 422


@bp.route("/receipts/<tracking_number>/withdraw", methods=["GET", "POST"])
@public
def withdraw(tracking_number: str) -> ResponseReturnValue:
    """Withdraw a comment with its withdrawal code, after a page that says what that does."""
    comment, form = find(tracking_number), WithdrawForm()
    receipt = url_for("receipts.receipt", tracking_number=comment.tracking_number)
    if comment.disposition is Disposition.WITHDRAWN:
        return redirect(receipt, 303)
    is_right = False
    if form.validate_on_submit():
        entry = queries.entry_of(db.session, comment)
        is_right = entry is not None and may_withdraw(log_keys(), entry, form.secret_code.data)
        if not is_right:
            form.secret_code.errors = [_("This code does not withdraw this comment.")]
    if not is_right or form.confirmed.data != "yes":
        page = render_template("receipts/withdraw.html", form=form, comment=comment, is_right=is_right)
        return page, form.status
    withdraw_comment(db.session, comment, utcnow())
    flash(_("Your comment is withdrawn. Its words are gone from this site."), "success")
    return redirect(receipt, 303)
