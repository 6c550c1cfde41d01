"""A period on paper in large letters: everything that somebody needs to take part, also without this site."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import attached, queries, words
from engage.comments.views.blueprint import bp
from engage.db.session import db


@bp.get("/periods/<slug>/large-print")
@public
def large_print(slug: str) -> ResponseReturnValue:
    """One period in large print."""
    now = utcnow()
    period = queries.get_public_period(db.session, slug, now)
    return render_template(
        "comments/large_print.html",
        period=period,
        state=period.state(now),
        states=words.STATES,
        documents=attached.documents_to_read(period, now),
    )
