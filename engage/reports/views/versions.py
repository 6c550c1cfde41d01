"""Published reports: the newest at the report's address, each at its own, and the list of all."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments import words
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.reports import queries
from engage.reports.frozen import read, store
from engage.reports.frozen.changes import changes_between
from engage.reports.models import ReportVersion
from engage.reports.page import rounding_note, share_text
from engage.reports.views.blueprint import bp
from engage.reports.views.counted_now import open_page
from engage.reports.views.fact_desk import has_questions
from engage.reports.views.ratings import rated


@bp.get("/reports")
@public
def public_list() -> ResponseReturnValue:
    """Every report that everybody may read, open and published."""
    now = utcnow()
    return render_template(
        "reports/public_list.html", lines=queries.public_overview(db.session, now), now=now, words=words
    )


@bp.get("/reports/<slug>")
@public
def report(slug: str) -> ResponseReturnValue:
    """The newest published report of a period; the open one where nothing is published yet."""
    period = get_public_period(db.session, slug, utcnow())
    newest = store.latest(db.session, period)
    return _page(period, newest) if newest else open_page(period, None)


@bp.get("/reports/<slug>/versions")
@public
def versions(slug: str) -> ResponseReturnValue:
    """Every published version, with what it is and what changed."""
    period = get_public_period(db.session, slug, utcnow())
    rows = store.versions(db.session, period)
    return render_template(
        "reports/versions.html",
        period=period,
        versions=rows,
        digests={row.number: store.digests(db.session, row) for row in rows},
    )


@bp.get("/reports/<slug>/<int:number>")
@public
def version(slug: str, number: int) -> ResponseReturnValue:
    """One published version, as it was published."""
    return _page(*_found(slug, number))


@bp.get("/reports/<slug>/<int:number>/changes")
@public
def changes(slug: str, number: int) -> ResponseReturnValue:
    """What changed from the version before to this one."""
    period, row = _found(slug, number)
    now = utcnow()
    before = next((one for one in store.versions(db.session, period) if one.number < row.number), None)
    if before is None:
        abort(404)
    old = read.version_page(db.session, period, before, now)
    new = read.version_page(db.session, period, row, now)
    return render_template(
        "reports/changes.html",
        period=period,
        before=before,
        version=row,
        old=old,
        new=new,
        changes=changes_between(db.session, (before, old), (row, new)),
    )


def _found(slug: str, number: int) -> tuple[CommentPeriod, ReportVersion]:
    period = get_public_period(db.session, slug, utcnow())
    return period, store.get_version(db.session, period, number)


def _page(period: CommentPeriod, row: ReportVersion) -> str:
    now = utcnow()
    others = store.versions(db.session, period)
    return render_template(
        "reports/version.html",
        report=read.version_page(db.session, period, row, now),
        period=period,
        row=row,
        later=[other for other in reversed(others) if other.number > row.number],
        earlier=[other for other in others if other.number < row.number],
        since=read.since(db.session, period, row),
        has_questions=has_questions(period),
        rated=rated(row),
        words=words,
        share_text=share_text,
        rounding_note=rounding_note,
    )
