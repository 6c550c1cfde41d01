"""The record of a docket after its adoption, for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.accounts.access import may_open, public
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_public_docket
from engage.errors import NotFound
from engage.oversight import files, queries, words
from engage.oversight.figures import Standing
from engage.oversight.page import IndicatorPage
from engage.oversight.service import MEETINGS_NOTE
from engage.oversight.told import ToldStretch
from engage.oversight.views.blueprint import bp
from engage.web.locale import site_day
from engage.web.paging import page_number, page_of
from engage.web.streaming import streamed


@bp.get("/dockets/<slug>/oversight")
@public
def record(slug: str) -> ResponseReturnValue:
    """Indicators with their last values, what was promised, what is late, and concerns before and after."""
    now = utcnow()
    docket, standings = _record(slug)
    shown = page_of(standings, number=page_number())
    return render_template(
        "oversight/record.html",
        docket=docket,
        shown=shown,
        pages=[IndicatorPage(docket, card) for card in queries.cards(db.session, shown.rows, now)],
        words=words,
        overdue=sum(standing.overdue for standing in standings),
        today=site_day(now),
    )


@bp.get("/dockets/<slug>/oversight/<indicator_slug>")
@public
def indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """One indicator: what it means, how it is measured, and its figures with what was corrected."""
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    found = queries.get_public_indicator(db.session, docket, indicator_slug, now)
    watched = queries.watched(db.session, found, now, page=page_number())
    meetings = queries.meetings_in(
        db.session, docket, [row.stretch for row in watched.published if _is_counted_here(row)], now
    )
    return render_template(
        "oversight/indicator.html",
        docket=docket,
        page=IndicatorPage(docket, watched, meetings),
        words=words,
        may_enter=may_open("oversight.staff_indicator"),
    )


@bp.get("/dockets/<slug>/oversight.csv")
@public
def record_csv(slug: str) -> Response:
    """All indicators as one table."""
    docket, standings = _record(slug)
    return _csv_of(
        docket, [standing.indicator.slug for standing in standings], f"{docket.slug}-oversight.csv"
    )


@bp.get("/dockets/<slug>/oversight.json")
@public
def record_json(slug: str) -> Response:
    """All indicators for programs, each with its definition, methods and figures."""
    now = utcnow()
    docket, standings = _record(slug)
    names = [standing.indicator.slug for standing in standings]
    page = url_for("oversight.record", slug=slug, _external=True)

    def pieces(session: Session) -> Iterator[str]:
        docket = get_public_docket(session, slug, now)
        found = (queries.get_public_indicator(session, docket, name, now) for name in names)
        record = ((one, queries.every_page(session, one, now)) for one in found)
        yield from files.record_as_json(docket, record, page=page)

    return streamed(pieces, mimetype="application/json", name=f"{docket.slug}-oversight.json")


@bp.get("/dockets/<slug>/oversight/<indicator_slug>.csv")
@public
def indicator_csv(slug: str, indicator_slug: str) -> Response:
    """One indicator as a table."""
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    found = queries.get_public_indicator(db.session, docket, indicator_slug, now)
    return _csv_of(docket, [found.slug], f"{docket.slug}-{found.slug}.csv")


@bp.get("/dockets/<slug>/oversight/<indicator_slug>.json")
@public
def indicator_json(slug: str, indicator_slug: str) -> Response:
    """One indicator for programs, with its definition and methods."""
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    name = queries.get_public_indicator(db.session, docket, indicator_slug, now).slug
    page = url_for("oversight.indicator", slug=slug, indicator_slug=name, _external=True)

    def pieces(session: Session) -> Iterator[str]:
        docket = get_public_docket(session, slug, now)
        found = queries.get_public_indicator(session, docket, name, now)
        yield from files.as_json(docket, found, queries.every_page(session, found, now), page=page)

    return streamed(pieces, mimetype="application/json", name=f"{docket.slug}-{name}.json")


@bp.get("/dockets/<slug>/oversight/dictionary.csv")
@public
def dictionary_csv(slug: str) -> Response:
    """What the columns of the tables mean."""
    _record(slug)
    response = Response(files.dictionary(), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="oversight-dictionary.csv")
    return response


def _record(slug: str) -> tuple[Docket, list[Standing]]:
    """A docket and how its record stands. Raises NotFound where nothing of it is published."""
    now = utcnow()
    docket = get_public_docket(db.session, slug, now)
    found = queries.public_record(db.session, docket, now)
    if not found:
        raise NotFound(
            _("This docket has no record. One begins only after a yes, when the first figure is defined.")
        )
    return docket, found


def _is_counted_here(row: ToldStretch) -> bool:
    """Whether this site has counted its own meetings for a stretch."""
    return row.current is not None and row.current.note.en.startswith(MEETINGS_NOTE.en)


def _csv_of(docket: Docket, names: Sequence[str], filename: str) -> Response:
    """A table of some indicators, sent page by page: a record may be long."""
    now, slug = utcnow(), docket.slug

    def pieces(session: Session) -> Iterator[str]:
        docket = get_public_docket(session, slug, now)
        yield files.head()
        for name in names:
            found = queries.get_public_indicator(session, docket, name, now)
            for watched in queries.every_page(session, found, now):
                yield files.as_csv(docket, watched)

    return streamed(pieces, mimetype="text/csv", name=filename)
