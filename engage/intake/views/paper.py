"""The paper form: letter or A4, ordinary or large print, in the language of the page."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import attached, words
from engage.comments import queries as comments
from engage.comments.models import CommentBatch, CommentPeriod, PeriodState
from engage.db.session import db
from engage.intake.forms import PAPER_POSITIONS
from engage.intake.qr import qr_picture
from engage.intake.views.blueprint import bp

SIZES = ("letter", "a4")


@bp.get("/periods/<slug>/paper")
@public
def paper(slug: str) -> ResponseReturnValue:
    """The form that anybody may print."""
    return paper_form(comments.get_public_period(db.session, slug, utcnow()), None)


def paper_form(period: CommentPeriod, batch: CommentBatch | None) -> ResponseReturnValue:
    """The form, with the label of a batch where it has one. The label opens nothing: see codes.

    A cancelled period has none: a sheet lies about for longer than the page that says so.
    """
    now = utcnow()
    if (state := period.state(now)) is PeriodState.CANCELLED:
        page = render_template("comments/not_open.html", period=period, state=state, here=_("Paper form"))
        return page, 410
    address = url_for("comments.period", slug=period.slug, _external=True)
    size = request.args.get("size", "")
    return render_template(
        "intake/paper.html",
        period=period,
        batch=batch,
        address=address,
        picture=qr_picture(address),
        size=size if size in SIZES else SIZES[0],
        is_large=request.args.get("print") == "large",
        positions=[words.POSITIONS[position] for position in PAPER_POSITIONS],
        districts=comments.districts(db.session),
        has_clauses=bool(attached.offered_documents(period, now)),
    )
