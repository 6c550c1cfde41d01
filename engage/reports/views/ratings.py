"""Where a reader says, without an account, whether a published summary is fair to what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import public
from engage.checks.forms import read_checks
from engage.checks.once import comes_first, has_come
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
from engage.reports.ratings.models import WHOLE
from engage.reports.ratings.words import SAID
from engage.reports.views.blueprint import bp


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
    form, checks_name = RatingForm(), f"rate {row.id} {part}".rstrip()
    is_rated = has_come(db.session, checks_name)
    if not is_rated and form.validate_on_submit():
        doubts = read_checks(db.session, checks_name)
        if comes_first(db.session, checks_name):
            service.rate(db.session, row, part, form.chosen, is_doubtful=bool(doubts))
            flash(_("Thank you. Your answer is counted."), "success")
        # Here and not to the summary: that page would open below the thanks, at what readers say of it.
        return redirect(_address(row, part, thanked=1), 303)
    page = render_template(
        "reports/rate.html",
        form=form,
        period=period,
        row=row,
        name=name,
        back=_summary(row, part),
        checks_name=checks_name,
        is_rated=is_rated,
        is_thanked="thanked" in request.args,
    )
    return page, form.status


def _address(row: ReportVersion, part: str, **more: Any) -> str:
    slug, number = row.period.slug, row.number
    if part:
        return url_for("reports.rate_concern", slug=slug, number=number, code=part, **more)
    return url_for("reports.rate", slug=slug, number=number, **more)


def _summary(row: ReportVersion, part: str) -> str:
    slug, number = row.period.slug, row.number
    if part:
        return url_for("reports.version_concern", slug=slug, number=number, code=part, _anchor="rated")
    return url_for("reports.version", slug=slug, number=number, _anchor="rated")
