"""Read all answers that are ready, and publish just those, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
from engage.responses.models import Commitment, Response
from engage.responses.service import commitment as commitments
from engage.responses.service import publish as service
from engage.responses.views.blueprint import bp
from engage.responses.views.staff_commitments import missing


@dataclass(frozen=True, slots=True)
class Bound:
    """A draft that is promised with a ready answer; ``missing``: what it lacks to go out with it."""

    row: Commitment
    missing: Sequence[tuple[str, str]]
    is_over: bool
    is_ticked: bool

    @property
    def is_fit(self) -> bool:
        """Whether it can go out."""
        return not self.missing and not self.is_over


@bp.route("/staff/periods/<slug>/publish-answers", methods=["GET", "POST"])
@requires(*EDITORS)
def publish_answers(slug: str) -> ResponseReturnValue:
    """Show exactly what will be published; anything else than what was read is shown again."""
    now = utcnow()
    period = get_period(db.session, slug)
    today, problem = queries.today_of(period, now), None
    chosen = set(request.form.getlist("commitment", type=int))
    if request.method == "POST":
        try:
            count, promised = service.publish_answers(
                db.session,
                period,
                seen=request.form.get("seen"),
                today=today,
                now=now,
                chosen=chosen,
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
            if promised:
                flash(
                    ngettext(
                        "%(num)s commitment is promised in public, too.",
                        "%(num)s commitments are promised in public, too.",
                        promised,
                    ),
                    "success",
                )
            return redirect(url_for("responses.staff_answers", slug=period.slug), 303)
    ready = service.ready_answers(db.session, period)
    bound = _bound(ready, today, None if request.method == "GET" else chosen)
    page = render_template(
        "responses/publish_answers.html",
        period=period,
        ready=ready,
        bound=bound,
        mark=service.mark_of(ready, [one.row for one in bound]),
        problem=problem,
        words=words,
        concern_name=concern_name,
    )
    return page, 409 if problem else 200


def _bound(ready: Sequence[Response], today: date, chosen: set[int] | None) -> list[Bound]:
    """The drafts that are promised with what is ready; ticked, until somebody chose otherwise."""
    return [
        Bound(row, missing(row), commitments.is_over(row, today), chosen is None or row.id in chosen)
        for row in commitments.drafts_with(db.session, ready)
    ]
