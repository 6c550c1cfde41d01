"""Entry by a library, a church or a clinic: the code of its batch opens the forms of the batch's docket.

What it typed in cannot be seen again, not even by itself, and no answer says that it came from there.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotFound
from engage.feedback import queries
from engage.feedback.views.blueprint import bp
from engage.feedback.views.entering import begin, context, take
from engage.intake.views import helper


@bp.route("/entry/forms/<slug>", methods=["GET", "POST"])
@public
def helper_enter(slug: str) -> ResponseReturnValue:
    """Type in one sheet after another, for whoever has typed the code of a batch."""
    now = utcnow()
    batch = helper.open_batch(now)
    if batch is None:
        if request.method == "POST":
            # An error page gives back what was typed.
            raise helper.CodeNeeded(_("Your code has to be typed again before this can be entered."))
        return redirect(url_for("intake.code"))
    form = queries.get_public_form(db.session, slug, now)
    entering = begin(form) if form.docket_id == batch.period.docket_id else None
    if entering is None:
        raise NotFound(_l("There is no such form."))
    if request.method == "POST":
        helper.keep_open(batch, now)
        if take(entering):
            return redirect(url_for("feedback.helper_enter", **entering.next_address()), 303)
    page = render_template(
        "feedback/helper_enter.html",
        batch=batch,
        here=url_for("feedback.helper_enter", **entering.address()),
        **context(entering, now),
    )
    return page, entering.status
