"""Where a reader says, without an account, whether a published summary is fair to what people wrote."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.checks.forms import read_checks
from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.errors import NotFound
from engage.reports.frozen import read, store
from engage.reports.gather import Words
from engage.reports.models import ReportVersion
from engage.reports.page import ReportPage
from engage.reports.ratings import queries, service
from engage.reports.ratings.forms import RatingForm
from engage.reports.ratings.models import WHOLE, Rated
from engage.reports.ratings.words import SAID
from engage.reports.views.blueprint import bp
from engage.sealing import derive

_RATED = "rated"
_MOST_KEPT = 60
_MARK = 8


@dataclass(frozen=True, slots=True)
class ShownRating:
    """What readers said of a part of a report, and where one more can: see reports/_rated.html."""

    told: queries.Told
    href: str

    def lines(self) -> list[tuple[object, int | None]]:
        """What may be said, in words, with how many readers say so; None is not told."""
        return [(SAID[answer], n) for answer, n in self.told.answers]


def rated(row: ReportVersion, part: str = WHOLE) -> ShownRating:
    """For the page of a version, and of a concern of it."""
    return ShownRating(queries.told(db.session, row, part), _address(row, part))


@bp.route("/reports/<slug>/<int:number>/rate", methods=["GET", "POST"])
@public
def rate(slug: str, number: int) -> ResponseReturnValue:
    """Rate the summary of a whole report."""
    period, row = _found(slug, number)
    return _rate(period, row, WHOLE, "")


@bp.route("/reports/<slug>/<int:number>/concerns/<code>/rate", methods=["GET", "POST"])
@public
def rate_concern(slug: str, number: int, code: str) -> ResponseReturnValue:
    """Rate what a report says of one concern."""
    period, row = _found(slug, number)
    report = ReportPage(read.report_of(db.session, row), Words(), version=read.about(db.session, row))
    if not report.knows_concern(code):
        raise NotFound(_("This report has no such concern."))
    return _rate(period, row, code, report.label("concerns", code))


def _found(slug: str, number: int) -> tuple[CommentPeriod, ReportVersion]:
    period = get_public_period(db.session, slug, utcnow())
    return period, store.get_version(db.session, period, number)


def _rate(period: CommentPeriod, row: ReportVersion, part: str, name: str) -> ResponseReturnValue:
    form = RatingForm()
    mark, marks = _mark(row, part), _marks()
    back = _summary(period, row, part)
    if mark not in marks and form.validate_on_submit():
        doubts = read_checks(db.session, _checks_name(row, part))
        service.rate(db.session, row, part, form.chosen, is_doubtful=bool(doubts))
        session[_RATED] = [*marks, mark][-_MOST_KEPT:]
        flash(_("Thank you. Your answer is counted."), "success")
        return redirect(back, 303)
    page = render_template(
        "reports/rate.html",
        form=form,
        period=period,
        row=row,
        name=name,
        back=back,
        checks_name=_checks_name(row, part),
        is_rated=mark in marks,
    )
    return page, form.status


def _address(row: ReportVersion, part: str) -> str:
    which = {"slug": row.period.slug, "number": row.number}
    return url_for("reports.rate_concern", code=part, **which) if part else url_for("reports.rate", **which)


def _summary(period: CommentPeriod, row: ReportVersion, part: str) -> str:
    which = {"slug": period.slug, "number": row.number, "_anchor": "rated"}
    endpoint = "reports.version_concern" if part else "reports.version"
    return url_for(endpoint, **which, **({"code": part} if part else {}))


def _checks_name(row: ReportVersion, part: str) -> str:
    return f"rate {row.id} {part}".rstrip()


def _marks() -> list[str]:
    """What this browser has rated, as it says itself: no reader is known here."""
    kept = session.get(_RATED)
    return [mark for mark in kept if isinstance(mark, str)] if isinstance(kept, list) else []


def _mark(row: ReportVersion, part: str) -> str:
    """What stands in the browser's cookie for one part of a report; whoever reads it there learns nothing."""
    key = derive(current_app.config["ENGAGE_SETTINGS"].secret_key, "rated reports")
    return hmac.new(key, f"{row.id} {part}".encode(), hashlib.sha256).hexdigest()[:_MARK]
