"""Where a witness hands in what it has signed."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.db.session import db
from engage.receipts import queries
from engage.receipts.forms import CosignatureForm
from engage.receipts.notes import BadNote
from engage.receipts.service import NoWitness, take_cosignatures
from engage.receipts.views.blueprint import bp


@bp.route("/log/cosign", methods=["GET", "POST"])
@public
def cosign() -> ResponseReturnValue:
    """Take the cosignature of a witness that is registered here; nobody has to sign in, the key tells."""
    form = CosignatureForm()
    if form.validate_on_submit():
        try:
            # The form has trimmed the line end with which a note ends.
            take_cosignatures(db.session, form.note.data + "\n")
        except (BadNote, NoWitness) as error:
            form.note.errors = [str(error)]
        else:
            flash(_("Thank you: the cosignature is shown with its head."), "success")
            return redirect(url_for("receipts.log", _anchor="heads"), 303)
    page = render_template("receipts/cosign.html", form=form, witnesses=queries.witnesses(db.session))
    return page, form.status
