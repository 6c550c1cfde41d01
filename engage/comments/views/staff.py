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
from engage.web.locale import LANGUAGE_NAMES, site_time_zone
from engage.web.paging import page_number, page_of

EDITORS = (RoleName.CLERK, RoleName.ADMINISTRATOR)


@bp.get("/staff/periods")
@requires(*EDITORS)
def staff_periods() -> ResponseReturnValue:
    """Every period, drafts too."""
    return render_template(
        "comments/staff_periods.html",
        page=page_of(queries.periods(db.session), number=page_number()),
        now=utcnow(),
        states=words.STATES,
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
        except service.DocketIsDraft as error:
            form.is_published.errors = [str(error)]
        except service.NotFinished as error:
            form.tell(error)
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The comment period was saved."), "success")
            return redirect(url_for("comments.edit_period", slug=period.slug), 303)
    return _form_page(form, None)


@bp.route("/staff/periods/<slug>/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_period(slug: str) -> ResponseReturnValue:
    """Change a period; its address and docket stay."""
    period = queries.get_period(db.session, slug)
    form = PeriodForm(period, data=_as_typed(period))
    if form.validate_on_submit():
        published_at = (period.published_at or utcnow()) if form.is_published.data else None
        try:
            service.change_period(db.session, period, draft=form.draft, published_at=published_at)
        except service.DocketIsDraft as error:
            form.is_published.errors = [str(error)]
        except service.NotFinished as error:
            form.tell(error)
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The comment period was saved."), "success")
            return redirect(url_for("comments.edit_period", slug=period.slug), 303)
    return _form_page(form, period)


def _form_page(form: PeriodForm, period: CommentPeriod | None) -> ResponseReturnValue:
    now = utcnow()
    page = render_template(
        "comments/edit_period.html",
        form=form,
        period=period,
        state=period.state(now) if period else None,
        is_docket_public=period is not None and period.docket.is_published(now),
        possible=service.possible_changes(period, now) if period else [],
        requirements=service.requirements(period) if period else [],
        words=words,
        language_names=LANGUAGE_NAMES,
    )
    return page, form.status


def _as_typed(period: CommentPeriod) -> dict[str, object]:
    zone = ZoneInfo(period.time_zone)
    texts = {
        "title": period.title,
        "summary": period.summary,
        "plain_summary": period.plain_summary,
        "instructions": period.instructions,
        "notice": period.notice,
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
        "late_policy": period.late_policy.value,
        "late_until": to_wall_clock(period.late_until, zone) if period.late_until else None,
        "notice_posted_on": period.notice_posted_on,
        "required_languages": list(period.required_languages),
        "text_limit": period.text_limit,
        "is_published": period.published_at is not None,
    }
