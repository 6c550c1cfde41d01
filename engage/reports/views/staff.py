"""The list of all reports, for the staff."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from engage.accounts.access import STAFF, may_open, requires
from engage.clock import utcnow
from engage.comments import words
from engage.db.session import db
from engage.reports import queries
from engage.reports.views.blueprint import bp


@bp.get("/staff/reports")
@requires(*sorted(STAFF))
def report_list() -> ResponseReturnValue:
    """All periods with their first numbers: where an official begins."""
    return render_template(
        "reports/report_list.html",
        lines=queries.overview(db.session),
        now=utcnow(),
        words=words,
        may_publish=may_open("reports.publish_version"),
        moderates=may_open("moderation.comments"),
        enters_census=may_open("reports.census"),
    )
