"""The open report of a period, as it is counted now. As a file: see files."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.reports import gather, queries
from engage.reports.frozen import store
from engage.reports.models import ReportVersion
from engage.reports.page import ReportPage, rounding_note, share_text
from engage.reports.views.blueprint import bp
from engage.reports.views.fact_desk import has_questions
from engage.web.paging import page_number


@bp.get("/reports/<slug>/open")
@public
def open_report(slug: str) -> ResponseReturnValue:
    """What people said in a period, counted as far as the counting has come."""
    period = get_public_period(db.session, slug, utcnow())
    return open_page(period, store.latest(db.session, period))


def open_page(period: CommentPeriod, latest: ReportVersion | None) -> str:
    """The page of the open report; ``latest`` is the newest published one, if any."""
    return render_template(
        "reports/report.html",
        report=ReportPage(*gather.open_report(db.session, period, utcnow())),
        period=period,
        latest=latest,
        has_questions=has_questions(period),
        words=words,
        share_text=share_text,
        rounding_note=rounding_note,
    )


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
