"""Extending, reopening and cancelling a period, each with a public reason."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires, signed_in_user
from engage.clock import utcnow
from engage.comments import queries, service, words
from engage.comments.change_forms import CancelForm, EndForm
from engage.comments.models import ChangeKind, CommentPeriod, PeriodChange
from engage.comments.views.blueprint import bp
from engage.comments.views.staff import EDITORS
from engage.db.session import db
from engage.errors import RuleBroken


@bp.route("/staff/periods/<slug>/extend", methods=["GET", "POST"])
@requires(*EDITORS)
def extend_period(slug: str) -> ResponseReturnValue:
    """Let the period end later."""
    period = queries.get_period(db.session, slug)
    return _move_end(period, ChangeKind.EXTEND, service.extend_period)


@bp.route("/staff/periods/<slug>/reopen", methods=["GET", "POST"])
@requires(*EDITORS)
def reopen_period(slug: str) -> ResponseReturnValue:
    """Open the closed period again."""
    period = queries.get_period(db.session, slug)
    return _move_end(period, ChangeKind.REOPEN, service.reopen_period)


@bp.route("/staff/periods/<slug>/cancel", methods=["GET", "POST"])
@requires(*EDITORS)
def cancel_period(slug: str) -> ResponseReturnValue:
    """Cancel the period for good."""
    period = queries.get_period(db.session, slug)
    form = CancelForm(period)
    if form.validate_on_submit():
        try:
            service.cancel_period(
                db.session, period, reason=form.reason, actor=signed_in_user(), now=utcnow()
            )
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The period was cancelled. It stays visible, and so does what came."), "success")
            return redirect(url_for("comments.edit_period", slug=period.slug), 303)
    return _page(period, form, ChangeKind.CANCEL)


def _move_end(
    period: CommentPeriod, kind: ChangeKind, move: Callable[..., PeriodChange]
) -> ResponseReturnValue:
    form = EndForm(period)
    if form.validate_on_submit():
        try:
            move(
                db.session,
                period,
                closes_at=form.new_end,
                reason=form.reason,
                actor=signed_in_user(),
                now=utcnow(),
            )
        except service.EndsTooEarly as error:
            form.closes_at.errors = [str(error)]
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            flash(_("The new end and its reason are public now."), "success")
            return redirect(url_for("comments.edit_period", slug=period.slug), 303)
    return _page(period, form, kind)


def _page(period: CommentPeriod, form: CancelForm, kind: ChangeKind) -> ResponseReturnValue:
    is_possible = kind in service.possible_changes(period, utcnow())
    page = render_template(
        "comments/change_period.html",
        period=period,
        form=form,
        kind=kind,
        is_possible=is_possible,
        state=words.STATES[period.state(utcnow())],
    )
    return page, form.status
