"""Pages: the open report of a period for everybody, in three forms, and the list of reports for the staff."""

from __future__ import annotations

from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import STAFF, may_open, public, requires
from engage.clock import utcnow
from engage.comments import words
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.reports import export, queries
from engage.reports.page import ReportPage, rounding_note, share_text
from engage.web.locale import localised_blueprint
from engage.web.paging import page_number
from engage.web.templating import MenuEntry, add_to_menu

bp = localised_blueprint("reports", __name__)


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(bp)
    entry = MenuEntry("reports.report_list", _l("Reports"), lambda: may_open("reports.report_list"))
    add_to_menu(app, "staff", entry)


@bp.get("/reports/<slug>")
@public
def report(slug: str) -> ResponseReturnValue:
    """What people said in a period, counted as far as the counting has come."""
    now = utcnow()
    page = ReportPage(queries.report_of(db.session, slug, now))
    return render_template(
        "reports/report.html",
        report=page,
        state=page.period.state(now),
        words=words,
        share_text=share_text,
        rounding_note=rounding_note,
    )


@bp.get("/reports/<slug>.json")
@public
def report_json(slug: str) -> Response:
    """The same numbers for programs."""
    page = ReportPage(queries.report_of(db.session, slug, utcnow()), is_file=True)
    return _unless_known(Response(export.as_json(page, utcnow()), mimetype="application/json"))


@bp.get("/reports/<slug>.csv")
@public
def report_csv(slug: str) -> Response:
    """The same numbers for a spreadsheet."""
    page = ReportPage(queries.report_of(db.session, slug, utcnow()), is_file=True)
    response = Response(export.as_csv(page), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{page.period.slug}-report.csv")
    return _unless_known(response)


@bp.get("/reports/<slug>/texts")
@public
def repeated_texts(slug: str) -> ResponseReturnValue:
    """Every text that was sent more than once, each leading to its comments."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    return render_template(
        "reports/repeated_texts.html",
        period=period,
        page=queries.repeated_texts_page(db.session, period, page_number()),
    )


@bp.get("/staff/reports")
@requires(*sorted(STAFF))
def report_list() -> ResponseReturnValue:
    """All periods with their first numbers: where an official begins."""
    return render_template(
        "reports/report_list.html",
        lines=queries.overview(db.session),
        now=utcnow(),
        words=words,
        moderates=may_open("moderation.comments"),
    )


def _unless_known(response: Response) -> Response:
    """Send nothing to a program that has these very numbers already."""
    response.add_etag()
    response.make_conditional(request)
    return response
