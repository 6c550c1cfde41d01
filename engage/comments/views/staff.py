"""The staff's side of comment periods: list, create, change."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.accounts.models import RoleName
from engage.clock import to_wall_clock, utcnow
from engage.comments import queries, service, words
from engage.comments.forms import NewPeriodForm, PeriodForm
from engage.comments.models import CommentPeriod
from engage.comments.views.blueprint import bp
from engage.db.session import db
from engage.errors import RuleBroken
from engage.web.locale import site_time_zone

EDITORS = (RoleName.CLERK, RoleName.ADMINISTRATOR)


@bp.get("/staff/periods")
@requires(*EDITORS)
def staff_periods() -> ResponseReturnValue:
    """Every period, drafts too."""
    return render_template(
        "comments/staff_periods.html", periods=queries.periods(db.session), now=utcnow(), states=words.STATES
    )


@bp.route("/staff/periods/new", methods=["GET", "POST"])
@requires(*EDITORS)
def new_period() -> ResponseReturnValue:
    """Write a new period."""
    form = NewPeriodForm(queries.dockets(db.session), data={"time_zone": site_time_zone().key})
    if form.validate_on_submit():
        try:
            period = service.create_period(
                db.session,
                docket=form.chosen_docket,
                slug=form.slug.data,
                draft=form.draft,
                published_at=utcnow() if form.is_published.data else None,
            )
        except (service.SlugTaken, service.BadSlug) as error:
            form.slug.errors = [str(error)]
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The comment period was saved."), "success")
            return redirect(url_for("comments.edit_period", slug=period.slug), 303)
    return render_template("comments/edit_period.html", form=form, period=None), form.status


@bp.route("/staff/periods/<slug>/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_period(slug: str) -> ResponseReturnValue:
    """Change a period; its address and docket stay."""
    period = queries.get_period(db.session, slug)
    form = PeriodForm(data=_as_typed(period))
    if form.validate_on_submit():
        published_at = (period.published_at or utcnow()) if form.is_published.data else None
        try:
            service.change_period(db.session, period, draft=form.draft, published_at=published_at)
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The comment period was saved."), "success")
            return redirect(url_for("comments.edit_period", slug=period.slug), 303)
    return render_template("comments/edit_period.html", form=form, period=period), form.status


def _as_typed(period: CommentPeriod) -> dict[str, object]:
    zone = ZoneInfo(period.time_zone)
    texts = {
        "title": period.title,
        "summary": period.summary,
        "plain": period.plain_summary,
        "instructions": period.instructions,
    }
    return {
        **{
            f"{name}_{code}": getattr(text, code) if text else ""
            for name, text in texts.items()
            for code in ("en", "es")
        },
        "opens_at": to_wall_clock(period.opens_at, zone),
        "closes_at": to_wall_clock(period.closes_at, zone),
        "time_zone": period.time_zone,
        "text_limit": period.text_limit,
        "is_published": period.published_at is not None,
    }
