"""Where hosts and clerks begin a form, set its days, copy it, hand it over and throw it away."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.accounts.models import User
from engage.clock import utcnow
from engage.db.session import db
from engage.errors import NotAllowed, RuleBroken
from engage.feedback import queries, staff_queries
from engage.feedback.access import EDITORS, may_publish, may_set
from engage.feedback.forms import SettingsForm
from engage.feedback.models import FeedbackForm, FormStatus
from engage.feedback.service import form as service
from engage.feedback.views.blueprint import bp
from engage.survey import surveyjs


def back_to(form: FeedbackForm, message: str) -> ResponseReturnValue:
    """Back to the form's staff page, with what was done."""
    flash(message, "success")
    return redirect(url_for("feedback.staff_form", slug=form.slug), 303)


@bp.route("/staff/new-form", methods=["GET", "POST"])
@requires(*EDITORS)
def new_form() -> ResponseReturnValue:
    """Begin a form that only staff see, with one empty page."""
    return _begin(None)


@bp.route("/staff/forms/<slug>/copy", methods=["GET", "POST"])
@requires(*EDITORS)
def copy_form(slug: str) -> ResponseReturnValue:
    """Begin a form that asks what another one asks, such as after every meeting."""
    return _begin(queries.get_form(db.session, slug, editor()))


def _begin(copied: FeedbackForm | None) -> ResponseReturnValue:
    """A host's draft is the host's, whatever else is sent."""
    user, now = editor(), utcnow()
    typed = _typed(user, None, now, copied=copied)
    if typed.validate_on_submit():
        try:
            form = service.create_form(
                db.session,
                slug=typed.slug.data,
                draft=typed.draft,
                host=typed.chosen_host if may_publish(user) else user,
                now=now,
                definition=surveyjs.read(copied.working) if copied else None,
            )
        except service.SlugTaken as error:
            typed.slug.errors = [str(error)]
        else:
            return back_to(form, _("The draft is saved. Residents do not see it yet."))
    return render_template("feedback/edit_form.html", form=typed, feedback=None, copied=copied), typed.status


@bp.route("/staff/forms/<slug>/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_form(slug: str) -> ResponseReturnValue:
    """Write a form's settings anew: once people have answered, only what they were not promised."""
    user, now = editor(), utcnow()
    form = queries.get_form(db.session, slug, user)
    refuse_other_hands(user, form)
    typed = _typed(user, form, now)
    if typed.validate_on_submit():
        try:
            service.change_form(
                db.session,
                form,
                draft=typed.draft,
                slug=typed.chosen_slug,
                host=typed.chosen_host if may_publish(user) else form.host,
                actor=user,
                now=now,
            )
        except service.SlugTaken as error:
            typed.slug.errors = [str(error)]
        except service.BadDays as error:
            typed["closes_at" if "closes_at" in typed else "opens_at"].errors = [str(error)]
        except RuleBroken as error:
            typed.form_errors.append(str(error))
        else:
            return back_to(form, _("The changes are saved."))
    page = render_template(
        "feedback/edit_form.html",
        form=typed,
        feedback=form,
        copied=None,
        is_closed=form.status(now) is FormStatus.CLOSED,
    )
    return page, typed.status


@bp.post("/staff/forms/<slug>/submit")
@requires(*EDITORS)
def submit_form(slug: str) -> ResponseReturnValue:
    """Hand a form to the clerks."""
    form = queries.get_form(db.session, slug, editor())
    service.submit_form(db.session, form, utcnow())
    return back_to(form, _("The clerks have the form now."))


@bp.post("/staff/forms/<slug>/return")
@requires(*EDITORS)
def return_form(slug: str) -> ResponseReturnValue:
    """Take a form back, or send it back to its host."""
    form = queries.get_form(db.session, slug, editor())
    service.return_form(db.session, form)
    return back_to(form, _("The form can be written on."))


@bp.post("/staff/forms/<slug>/delete")
@requires(*EDITORS)
def delete_form(slug: str) -> ResponseReturnValue:
    """Throw a draft away."""
    user = editor()
    form = queries.get_form(db.session, slug, user)
    refuse_other_hands(user, form)
    service.delete_draft(db.session, form, actor=user)
    flash(_("The draft is gone."), "success")
    return redirect(url_for("feedback.staff_forms"), 303)


def refuse_other_hands(user: User, form: FeedbackForm) -> None:
    """Raise NotAllowed where the clerks have the form, or residents have seen its settings."""
    if not may_set(user, form):
        raise NotAllowed(_("This form is with the clerks. Take the draft back, or ask them."))


def _typed(
    user: User, form: FeedbackForm | None, now: datetime, *, copied: FeedbackForm | None = None
) -> SettingsForm:
    return SettingsForm(
        form,
        dockets=staff_queries.offered_dockets(db.session, user, form, now),
        meetings=staff_queries.offered_meetings(db.session, user, form),
        hosts=staff_queries.offered_hosts(db.session, form) if may_publish(user) else None,
        fixed=service.fixed_settings(db.session, form, now),
        copied=copied,
    )
