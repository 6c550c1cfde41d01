"""Where staff type in what came on paper."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.db.session import db
from engage.feedback import queries
from engage.feedback.access import EDITORS
from engage.feedback.models import FeedbackForm
from engage.feedback.views.blueprint import bp
from engage.feedback.views.entering import begin, context, take


def staff_section(form: FeedbackForm, now: datetime) -> str:
    """This part of a form's staff page."""
    return render_template(
        "feedback/_on_paper.html",
        feedback=form,
        takes_answers=form.takes_answers(now),
        status=form.status(now),
    )


@bp.route("/staff/forms/<slug>/enter", methods=["GET", "POST"])
@requires(*EDITORS)
def enter(slug: str) -> ResponseReturnValue:
    """Type in one sheet after another, in the order of the paper."""
    now = utcnow()
    form = queries.get_form(db.session, slug, editor())
    entering = begin(form)
    if entering is None:
        return render_template("feedback/enter_draft.html", feedback=form)
    if request.method == "POST" and take(entering):
        return redirect(url_for("feedback.enter", **entering.next_address()), 303)
    page = render_template(
        "feedback/enter.html",
        here=url_for("feedback.enter", **entering.address()),
        **context(entering, now),
    )
    return page, entering.status
