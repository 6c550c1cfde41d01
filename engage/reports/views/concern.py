"""The page of one concern: everything that a report counts of it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.errors import NotFound
from engage.reports.detail import detail
from engage.reports.frozen import read, store
from engage.reports.gather import open_report
from engage.reports.models import ReportVersion
from engage.reports.page import ReportPage, rounding_note, share_text
from engage.reports.views.blueprint import bp
from engage.reports.views.fact_desk import has_questions
from engage.reports.views.ratings import rated


@bp.get("/reports/<slug>/concerns/<code>")
@public
def concern(slug: str, code: str) -> ResponseReturnValue:
    """One concern of the open report."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    return concern_page(ReportPage(*open_report(db.session, period, now)), code, period)


@bp.get("/reports/<slug>/<int:number>/concerns/<code>")
@public
def version_concern(slug: str, number: int, code: str) -> ResponseReturnValue:
    """One concern of a published report, as it was published."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    row = store.get_version(db.session, period, number)
    return concern_page(read.version_page(db.session, period, row, now), code, period, row)


def concern_page(
    report: ReportPage, code: str, period: CommentPeriod, row: ReportVersion | None = None
) -> ResponseReturnValue:
    """One concern of a report, open or (with ``row``) published. Raises NotFound for a code that it does not
    have: before anything is looked for by it, since an address may hold what no database takes.
    """
    if not report.knows_concern(code):
        raise NotFound(_("This report has no such concern."))
    return render_template(
        "reports/concern.html",
        report=report,
        code=code,
        detail=detail(report.made, code),
        period=period,
        has_questions=has_questions(period),
        rated=rated(row, code) if row else None,
        words=words,
        share_text=share_text,
        rounding_note=rounding_note,
    )
