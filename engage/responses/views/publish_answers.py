"""Read all answers that are ready, and publish just those, together."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.comments.queries import get_period
from engage.comments.words import concern_name
from engage.db.session import db
from engage.errors import RuleBroken
from engage.responses import queries, words
from engage.responses.access import EDITORS
from engage.responses.service import publish as service
from engage.responses.views.blueprint import bp


@bp.route("/staff/periods/<slug>/publish-answers", methods=["GET", "POST"])
@requires(*EDITORS)
def publish_answers(slug: str) -> ResponseReturnValue:
    """Show exactly what will be published; anything else than what was read is shown again."""
    now = utcnow()
    period = get_period(db.session, slug)
    problem = None
    if request.method == "POST":
        try:
            count = service.publish_answers(
                db.session,
                period,
                seen=request.form.get("seen"),
                today=queries.today_of(period, now),
                now=now,
            )
        except RuleBroken as error:
            problem = str(error)
        else:
            flash(
                ngettext(
                    "%(num)s answer is published. Everybody can read it now.",
                    "%(num)s answers are published together. Everybody can read them now.",
                    count,
                ),
                "success",
            )
            return redirect(url_for("responses.staff_answers", slug=period.slug), 303)
    ready = service.ready_answers(db.session, period)
    page = render_template(
        "responses/publish_answers.html",
        period=period,
        ready=ready,
        mark=service.mark_of(ready),
        problem=problem,
        words=words,
        concern_name=concern_name,
    )
    return page, 409 if problem else 200
