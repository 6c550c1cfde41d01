"""Batches for places that help people to comment: made and closed by a clerk."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires, signed_in_user
from engage.accounts.models import RoleName
from engage.clock import to_wall_clock, utcnow
from engage.comments import queries as comments
from engage.db.session import db
from engage.intake import queries, service
from engage.intake.forms import BatchForm
from engage.intake.views.blueprint import bp
from engage.intake.views.paper import paper_form

MAKERS = (RoleName.CLERK, RoleName.ADMINISTRATOR)
_NEW_CODE = "new_batch_code"


@bp.route("/staff/periods/<slug>/batches", methods=["GET", "POST"])
@requires(*MAKERS)
def batches(slug: str) -> ResponseReturnValue:
    """The batches of a period, and a form for a new one. A new code is shown once."""
    now = utcnow()
    period = comments.get_period(db.session, slug)
    form = BatchForm(period, data={"expires_at": to_wall_clock(period.closes_at, period.zone)})
    if form.validate_on_submit():
        try:
            batch, code = service.create_batch(
                db.session,
                period=period,
                name=form.name.data,
                expires_at=form.end,
                is_certified=form.is_certified.data,
                creator=signed_in_user(),
                secret_key=current_app.config["ENGAGE_SETTINGS"].secret_key,
                now=now,
            )
        except service.PeriodIsCancelled as error:
            form.form_errors.append(str(error))
        except service.NotCertified as error:
            form.is_certified.errors = [str(error)]
        except service.BatchEndsTooEarly as error:
            form.expires_at.errors = [str(error)]
        else:
            session[_NEW_CODE] = {"label": batch.label, "name": batch.name, "code": code}
            return redirect(url_for("intake.batches", slug=period.slug), 303)
    # In the cookie of this browser only, until this page has shown it.
    new: dict[str, Any] | None = None if form.errors else session.pop(_NEW_CODE, None)
    page = render_template(
        "intake/batches.html",
        period=period,
        form=form,
        batches=queries.batches(db.session, period),
        new=new,
        state=period.state(now),
        now=now,
    )
    return page, form.status


@bp.post("/staff/batches/<int:batch_id>/close")
@requires(*MAKERS)
def close_batch(batch_id: int) -> ResponseReturnValue:
    """Let a code open nothing any more."""
    batch = queries.get_batch(db.session, batch_id)
    service.close_batch(db.session, batch, utcnow())
    flash(_("The batch was closed: its code opens nothing any more."), "success")
    return redirect(url_for("intake.batches", slug=batch.period.slug), 303)


@bp.get("/staff/batches/<int:batch_id>/paper")
@requires(*MAKERS)
def batch_paper(batch_id: int) -> ResponseReturnValue:
    """The paper form with the mark of a batch on it."""
    batch = queries.get_batch(db.session, batch_id)
    return paper_form(batch.period, batch)
