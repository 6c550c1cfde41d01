"""The record of a docket after its adoption, for everybody."""

from __future__ import annotations

from datetime import datetime

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import may_open, public
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_public_docket
from engage.errors import NotFound
from engage.meetings.models import Meeting
from engage.oversight import files, queries, words
from engage.oversight.page import IndicatorPage
from engage.oversight.queries import Watched
from engage.oversight.service import MEETINGS_NOTE
from engage.oversight.stretches import Stretch
from engage.oversight.views.blueprint import bp


@bp.get("/dockets/<slug>/oversight")
@public
def record(slug: str) -> ResponseReturnValue:
    """Every indicator with its last value, what was promised, what is late, and concerns before and after."""
    docket, found, now = _record(slug)
    pages = [_page(docket, watched, now) for watched in found]
    return render_template(
        "oversight/record.html",
        docket=docket,
        pages=pages,
        words=words,
        overdue=[(page, row) for page in pages for row in page.watched.overdue],
        today=found[0].today,
    )


@bp.get("/dockets/<slug>/oversight/<indicator_slug>")
@public
def indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """One indicator: what it means, how it is measured, and every figure with what was corrected."""
    docket, watched, now = _indicator(slug, indicator_slug)
    return render_template(
        "oversight/indicator.html",
        docket=docket,
        page=_page(docket, watched, now),
        words=words,
        may_enter=may_open("oversight.staff_indicator"),
    )


@bp.get("/dockets/<slug>/oversight.csv")
@public
def record_csv(slug: str) -> Response:
    """All indicators as one table."""
    docket, found, _now = _record(slug)
    return _csv(files.as_csv(docket, found), f"{docket.slug}-oversight.csv")


@bp.get("/dockets/<slug>/oversight/<indicator_slug>.csv")
@public
def indicator_csv(slug: str, indicator_slug: str) -> Response:
    """One indicator as a table."""
    docket, watched, _now = _indicator(slug, indicator_slug)
    return _csv(files.as_csv(docket, [watched]), f"{docket.slug}-{watched.indicator.slug}.csv")


@bp.get("/dockets/<slug>/oversight/<indicator_slug>.json")
@public
def indicator_json(slug: str, indicator_slug: str) -> Response:
    """One indicator for programs, with its definition and methods."""
    docket, watched, _now = _indicator(slug, indicator_slug)
    page = url_for("oversight.indicator", slug=slug, indicator_slug=indicator_slug, _external=True)
    return Response(files.as_json(docket, watched, page=page), mimetype="application/json")


@bp.get("/dockets/<slug>/oversight/dictionary.csv")
@public
def dictionary_csv(slug: str) -> Response:
    """What the columns of the tables mean."""
    _record(slug)
    return _csv(files.dictionary(), "oversight-dictionary.csv")


def _record(slug: str) -> tuple[Docket, list[Watched], datetime]:
    """A docket and its record. Raises NotFound where nothing of it is published."""
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    found = queries.record_of(db.session, docket, now)
    if not found:
        raise NotFound(
            _("This docket has no record. One begins only after a yes, when the first figure is defined.")
        )
    return docket, found, now


def _indicator(slug: str, indicator_slug: str) -> tuple[Docket, Watched, datetime]:
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    return docket, queries.get_public_indicator(db.session, docket, indicator_slug, now), now


def _page(docket: Docket, watched: Watched, now: datetime) -> IndicatorPage:
    return IndicatorPage(docket, watched, _meetings(docket, watched, now))


def _meetings(docket: Docket, watched: Watched, now: datetime) -> dict[Stretch, list[Meeting]]:
    """The meetings that this site has counted itself, by stretch."""
    return {
        row.stretch: queries.meetings_in(db.session, docket, row.stretch, now)
        for row in watched.published
        if row.current and row.current.note.en.startswith(MEETINGS_NOTE.en)
    }


def _csv(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
