"""A report as a file: PDF, brief, spreadsheet, table with its dictionary, JSON and its schema.

Each is the same numbers as the page, from the same document. ``which`` is the number of a version, or "open";
without it the latest version, as the page shows it.
"""

from __future__ import annotations

import hashlib
import json

from flask import Response, request
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.reports import document, table_file, workbook
from engage.reports.frozen.read import published_json
from engage.reports.loading import Which, load_report
from engage.reports.page import ReportPage
from engage.reports.typeset.pdf import CannotPrint, pdf_of, print_order
from engage.reports.views.blueprint import bp
from engage.web import errors
from engage.web.locale import language

_LATEST: dict[str, Which] = {"which": None}
_OPEN: dict[str, Which] = {"which": "open"}


@bp.get("/reports/<slug>.json", defaults=_LATEST)
@bp.get("/reports/<slug>/open.json", defaults=_OPEN)
@bp.get("/reports/<slug>/<int:which>.json")
@public
def report_json(slug: str, which: Which) -> Response:
    """The report for programs; of a version the very bytes that were published."""
    kept = published_json(db.session, slug, which, utcnow(), language())
    if kept is not None:
        response = Response(kept.content, mimetype="application/json")
        response.set_etag(kept.digest)
        response.make_conditional(request)
        return response
    page = _load(slug, which)
    return _unless_known(Response(document.as_json(page), mimetype="application/json"))


@bp.get("/reports/schema.json")
@public
def schema() -> Response:
    """What the fields of the JSON mean."""
    return _unless_known(Response(document.schema(), mimetype="application/schema+json"))


@bp.get("/reports/<slug>.csv", defaults=_LATEST)
@bp.get("/reports/<slug>/open.csv", defaults=_OPEN)
@bp.get("/reports/<slug>/<int:which>.csv")
@public
def report_csv(slug: str, which: Which) -> Response:
    """The report as one table, a row a number."""
    page = _load(slug, which)
    return _unless_known(_file(table_file.as_csv(page), "text/csv", page, "report", "csv"))


@bp.get("/reports/<slug>/dictionary.csv", defaults=_LATEST)
@bp.get("/reports/<slug>/open/dictionary.csv", defaults=_OPEN)
@bp.get("/reports/<slug>/<int:which>/dictionary.csv")
@public
def report_dictionary(slug: str, which: Which) -> Response:
    """What the columns and codes of the table mean, with licence and limits."""
    page = _load(slug, which)
    return _unless_known(_file(table_file.dictionary(page), "text/csv", page, "dictionary", "csv"))


@bp.get("/reports/<slug>.xlsx", defaults=_LATEST)
@bp.get("/reports/<slug>/open.xlsx", defaults=_OPEN)
@bp.get("/reports/<slug>/<int:which>.xlsx")
@public
def report_xlsx(slug: str, which: Which) -> Response:
    """The report as a workbook."""
    page = _load(slug, which)
    return _unless_known(_file(workbook.as_xlsx(page), workbook.TYPE, page, "report", "xlsx"))


@bp.get("/reports/<slug>.pdf", defaults=_LATEST)
@bp.get("/reports/<slug>/open.pdf", defaults=_OPEN)
@bp.get("/reports/<slug>/<int:which>.pdf")
@public
def report_pdf(slug: str, which: Which) -> ResponseReturnValue:
    """The whole report on paper."""
    return _pdf(_load(slug, which), is_brief=False)


@bp.get("/reports/<slug>/brief.pdf", defaults=_LATEST)
@bp.get("/reports/<slug>/open/brief.pdf", defaults=_OPEN)
@bp.get("/reports/<slug>/<int:which>/brief.pdf")
@public
def report_brief(slug: str, which: Which) -> ResponseReturnValue:
    """The report on one page."""
    return _pdf(_load(slug, which), is_brief=True)


def _load(slug: str, which: Which) -> ReportPage:
    return load_report(db.session, slug, which, utcnow())


def _pdf(page: ReportPage, *, is_brief: bool) -> ResponseReturnValue:
    """A PDF; who has it already is told so before it is made."""
    order = print_order(page, is_brief=is_brief)
    digest = hashlib.sha256(json.dumps(order, sort_keys=True).encode()).hexdigest()
    if digest in request.if_none_match:
        known = Response(status=304)
        known.set_etag(digest)
        return known
    # What is shown of comments was read: no connection waits while the report is set.
    db.session.rollback()
    try:
        content = pdf_of(page, is_brief=is_brief)
    except CannotPrint as error:
        return errors.page(503, str(error))
    response = _file(content, "application/pdf", page, "brief" if is_brief else "report", "pdf")
    response.set_etag(digest)
    return response


def _file(content: str | bytes, media_type: str, page: ReportPage, name: str, ending: str) -> Response:
    response = Response(content, mimetype=media_type)
    version = f"v{page.version.number}" if page.version else "open"
    filename = f"{page.period.slug}-{name}-{version}-{language()}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _unless_known(response: Response) -> Response:
    """Send nothing to a program that has these very numbers already."""
    response.add_etag()
    response.make_conditional(request)
    return response
