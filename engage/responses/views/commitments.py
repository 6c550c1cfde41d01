"""What was promised in a docket and what has become of it, overdue ones first; kept ones stay."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments.words import concern_name
from engage.db.session import db
from engage.dockets.queries import get_public_docket
from engage.errors import NotFound
from engage.responses import files, queries, words
from engage.responses.views.answers import unless_known
from engage.responses.views.blueprint import bp
from engage.responses.views.listed import page_at
from engage.web.locale import site_day


@bp.get("/dockets/<slug>/commitments")
@public
def commitments(slug: str) -> ResponseReturnValue:
    """The promises; the argument ``owner`` (the office's name in English) narrows them down."""
    now = utcnow()
    docket, today = get_public_docket(db.session, slug, now), site_day(now)
    every = queries.ordered(queries.commitments(db.session, docket.id, now), today)
    owners = {promise.told.owner.best("en")[0]: promise.told.owner for promise in every}
    wanted = request.args.get("owner", "")
    if wanted and wanted not in owners:
        raise NotFound(_l("No office with this name has promised anything here."))
    found = [promise for promise in every if not wanted or promise.told.owner.best("en")[0] == wanted]
    return render_template(
        "responses/commitments.html",
        docket=docket,
        page=page_at(found, lambda promise: promise.told.number),
        standing=queries.standing_of_promises(every, today),
        owners=dict(sorted(owners.items())),
        wanted=wanted,
        today=today,
        words=words,
        concern_name=concern_name,
    )


@bp.get("/dockets/<slug>/commitments.csv")
@public
def commitments_csv(slug: str) -> Response:
    """The same for a spreadsheet."""
    now = utcnow()
    docket, today = get_public_docket(db.session, slug, now), site_day(now)
    promises = queries.ordered(queries.commitments(db.session, docket.id, now), today)
    content = files.commitments_csv(promises, today)
    return unless_known(files.as_csv(content, f"{docket.slug}-commitments.csv"))
