"""Where officials and clerks write what is watched."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields import Field

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import dockets, get_docket
from engage.errors import RuleBroken
from engage.oversight import queries, service, words
from engage.oversight.access import EDITORS
from engage.oversight.forms import EndForm, IndicatorForm, MethodForm, StandardForm
from engage.oversight.models import Indicator
from engage.oversight.page import IndicatorPage
from engage.oversight.views.blueprint import bp
from engage.web.forms import Form
from engage.web.locale import site_day
from engage.web.paging import page_number


@bp.get("/staff/oversight")
@requires(*EDITORS)
def staff_records() -> ResponseReturnValue:
    """The dockets with the way to the record of each: where an official begins."""
    return render_template("oversight/staff_records.html", dockets=dockets(db.session))


@bp.get("/staff/dockets/<slug>/oversight")
@requires(*EDITORS)
def staff_record(slug: str) -> ResponseReturnValue:
    """Every indicator, drafts too, with what is due and late."""
    return _record_page(get_docket(db.session, slug), StandardForm(formdata=None))


@bp.post("/staff/dockets/<slug>/oversight/standard")
@requires(*EDITORS)
def add_standard(slug: str) -> ResponseReturnValue:
    """Draft the indicators of a 287(g) agreement."""
    docket = get_docket(db.session, slug)
    form = StandardForm()
    if not form.validate_on_submit():
        return _record_page(docket, form)
    added = service.add_standard_set(
        db.session, docket, form.starts_on.data, first_month=form.first_month.data
    )
    flash(
        ngettext(
            "%(num)s draft was added. Read it, change it, and publish it.",
            "%(num)s drafts were added. Read them, change them, and publish those that you need.",
            added,
        ),
        "success",
    )
    return _to_record(docket)


@bp.route("/staff/dockets/<slug>/oversight/new", methods=["GET", "POST"])
@requires(*EDITORS)
def new_indicator(slug: str) -> ResponseReturnValue:
    """Begin an indicator."""
    docket = get_docket(db.session, slug)
    form = IndicatorForm()
    if form.validate_on_submit() and (
        made := _done(form.slug, lambda: service.create_indicator(db.session, docket, form.draft))
    ):
        flash(_("The draft is saved. Residents do not see it yet."), "success")
        return _to_indicator(docket, made)
    return _form_page("oversight/edit_indicator.html", form, docket, None)


@bp.get("/staff/dockets/<slug>/oversight/<indicator_slug>")
@requires(*EDITORS)
def staff_indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """One indicator: what can be done with it, and its stretches."""
    docket, found = _found(slug, indicator_slug)
    return render_template(
        "oversight/staff_indicator.html",
        docket=docket,
        page=IndicatorPage(docket, queries.watched(db.session, found, utcnow(), page=page_number())),
        words=words,
        is_published=found.published_at is not None,
        mark=service.mark_of(found),
    )


@bp.route("/staff/dockets/<slug>/oversight/<indicator_slug>/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """Change a draft."""
    docket, found = _found(slug, indicator_slug)
    if found.published_at is not None:
        flash(_("Residents can see this indicator. It can only end, and another one begin."), "warning")
        return _to_indicator(docket, found)
    form = IndicatorForm(found)
    try:
        if form.validate_on_submit() and _done(
            form.slug,
            lambda: service.change_indicator(db.session, found, form.draft, seen=form.seen.data),
        ):
            flash(_("The draft is saved. Residents do not see it yet."), "success")
            return _to_indicator(docket, found)
    except service.DraftChanged as error:
        below = _("What they wrote is below. If you save again, your text takes its place.")
        form.form_errors.append(f"{error} {below}")
        form.seen.data = service.mark_of(found)
    return _form_page("oversight/edit_indicator.html", form, docket, found)


@bp.post("/staff/dockets/<slug>/oversight/<indicator_slug>/publish")
@requires(*EDITORS)
def publish_indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """Show an indicator to residents."""
    docket, found = _found(slug, indicator_slug)
    try:
        service.publish_indicator(db.session, found, utcnow(), seen=request.form.get("seen"))
    except RuleBroken as error:
        flash(str(error), "error")
    else:
        flash(_("Residents can see this indicator now."), "success")
    return _to_indicator(docket, found)


@bp.post("/staff/dockets/<slug>/oversight/<indicator_slug>/drop")
@requires(*EDITORS)
def drop_indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """Throw a draft away."""
    docket, found = _found(slug, indicator_slug)
    try:
        service.drop_indicator(db.session, found)
    except RuleBroken as error:
        flash(str(error), "error")
        return _to_indicator(docket, found)
    flash(_("The draft is gone."), "success")
    return _to_record(docket)


@bp.route("/staff/dockets/<slug>/oversight/<indicator_slug>/method", methods=["GET", "POST"])
@requires(*EDITORS)
def new_method(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """Measure it in another way from a day on."""
    docket, found = _found(slug, indicator_slug)
    form = MethodForm(found)
    if form.validate_on_submit() and _done(
        form.valid_from,
        lambda: service.add_method(
            db.session,
            found,
            form.localised("text"),
            form.valid_from.data,
            told_at=utcnow(),
            first_month=form.first_month.data,
        ),
    ):
        flash(_("The new method is published. Figures before and after it are kept apart."), "success")
        return _to_indicator(docket, found)
    return _form_page("oversight/new_method.html", form, docket, found)


@bp.route("/staff/dockets/<slug>/oversight/<indicator_slug>/end", methods=["GET", "POST"])
@requires(*EDITORS)
def end_indicator(slug: str, indicator_slug: str) -> ResponseReturnValue:
    """Say that no more figures will come."""
    docket, found = _found(slug, indicator_slug)
    form = EndForm(data={"ended_on": found.ended_on or site_day(utcnow())})
    if form.validate_on_submit() and _done(
        form.ended_on, lambda: service.end_indicator(db.session, found, form.ended_on.data)
    ):
        flash(_("The last day is set. What was published stays."), "success")
        return _to_indicator(docket, found)
    return _form_page("oversight/end_indicator.html", form, docket, found)


def _done(field: Field, act: Callable[[], Indicator]) -> Indicator | None:
    """What an act has made or changed; None where a rule forbids it, and then the field says so."""
    try:
        return act()
    except service.DraftChanged:
        raise
    except RuleBroken as error:
        field.errors = [str(error)]
        return None


def _form_page(template: str, form: Form, docket: Docket, found: Indicator | None) -> ResponseReturnValue:
    page = render_template(template, form=form, docket=docket, indicator=found, words=words)
    return page, form.status


def _record_page(docket: Docket, form: StandardForm) -> ResponseReturnValue:
    page = render_template(
        "oversight/staff_record.html",
        docket=docket,
        standings=queries.record(db.session, docket, utcnow()),
        form=form,
        words=words,
    )
    return page, form.status


def _found(slug: str, indicator_slug: str) -> tuple[Docket, Indicator]:
    docket = get_docket(db.session, slug)
    return docket, queries.get_indicator(db.session, docket, indicator_slug)


def _to_record(docket: Docket) -> ResponseReturnValue:
    return redirect(url_for("oversight.staff_record", slug=docket.slug), 303)


def _to_indicator(docket: Docket, found: Indicator) -> ResponseReturnValue:
    return redirect(url_for("oversight.staff_indicator", slug=docket.slug, indicator_slug=found.slug), 303)
