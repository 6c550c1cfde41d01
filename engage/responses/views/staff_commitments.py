"""Where promises are drafted, made in public, and followed step by step."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import editor, requires
from engage.clock import utcnow
from engage.comments.words import concern_name
from engage.db.session import db
from engage.dockets.models import Docket
from engage.dockets.queries import get_docket
from engage.errors import RuleBroken
from engage.responses import queries, staff_queries, words
from engage.responses.access import EDITORS, READERS, may_write
from engage.responses.forms import CommitmentForm, StepForm, read_first
from engage.responses.models import Commitment, CommitmentState
from engage.responses.service import commitment as service
from engage.responses.views.blueprint import bp
from engage.responses.views.listed import page_at
from engage.responses.views.questions import NUMBER
from engage.web.locale import site_day


@bp.get("/staff/dockets/<slug>/commitments")
@requires(*READERS)
def staff_commitments(slug: str) -> ResponseReturnValue:
    """What was promised, overdue ones first, and what is still a draft."""
    now = utcnow()
    docket, today = get_docket(db.session, slug), site_day(now)
    return render_template(
        "responses/staff_commitments.html",
        docket=docket,
        page=page_at(
            queries.ordered(queries.commitments(db.session, docket.id, now), today),
            lambda promise: promise.told.number,
        ),
        drafts=staff_queries.drafts(db.session, docket),
        can_write=may_write(editor()),
        today=today,
        words=words,
    )


@bp.route("/staff/dockets/<slug>/new-commitment", methods=["GET", "POST"])
@requires(*EDITORS)
def new_commitment(slug: str) -> ResponseReturnValue:
    """Begin a promise that only staff see."""
    docket = get_docket(db.session, slug)
    form = CommitmentForm(None, staff_queries.offered_answers(db.session, docket))
    if form.validate_on_submit():
        row = service.create_commitment(db.session, docket, form.draft)
        return _back_to(docket, row, _("The draft is saved. Residents do not see it yet."))
    page = render_template("responses/edit_commitment.html", docket=docket, commitment=None, form=form)
    return page, form.status


@bp.get(f"/staff/dockets/<slug>/commitments/{NUMBER}")
@requires(*READERS)
def staff_commitment(slug: str, number: int) -> ResponseReturnValue:
    """One promise and all that can be done with it."""
    docket = get_docket(db.session, slug)
    return _page(docket, staff_queries.get_commitment(db.session, docket, number))


@bp.route(f"/staff/dockets/<slug>/commitments/{NUMBER}/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_commitment(slug: str, number: int) -> ResponseReturnValue:
    """Write a draft anew."""
    docket = get_docket(db.session, slug)
    row = staff_queries.get_commitment(db.session, docket, number)
    if row.published_at is not None:
        raise service.AlreadyPromised(_("Residents know of this commitment: its words stay."))
    form = CommitmentForm(row, staff_queries.offered_answers(db.session, docket), service.mark_of(row))
    if form.validate_on_submit():
        try:
            service.change_commitment(db.session, row, form.draft, seen=form.seen.data)
        except service.NotAsRead as error:
            form.form_errors.append(f"{error} {read_first()}")
            form.seen.data = service.mark_of(row)
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            return _back_to(docket, row, _("The changes are saved."))
    page = render_template("responses/edit_commitment.html", docket=docket, commitment=row, form=form)
    return page, form.status


@bp.post(f"/staff/dockets/<slug>/commitments/{NUMBER}/publish")
@requires(*EDITORS)
def publish_commitment(slug: str, number: int) -> ResponseReturnValue:
    """Promise it in public, in just the words that were read."""
    now = utcnow()
    docket = get_docket(db.session, slug)
    row = staff_queries.get_commitment(db.session, docket, number)
    try:
        service.publish_commitment(
            db.session, row, seen=request.form.get("seen"), today=site_day(now), now=now
        )
    except RuleBroken as error:
        return _page(docket, row, problem=str(error))
    return _back_to(docket, row, _("Everybody can read this commitment now."))


@bp.post(f"/staff/dockets/<slug>/commitments/{NUMBER}/delete")
@requires(*EDITORS)
def delete_commitment(slug: str, number: int) -> ResponseReturnValue:
    """Throw a draft away."""
    docket = get_docket(db.session, slug)
    row = staff_queries.get_commitment(db.session, docket, number)
    service.delete_commitment(db.session, row, seen=request.form.get("seen"))
    flash(_("The draft is gone."), "success")
    return redirect(url_for("responses.staff_commitments", slug=docket.slug), 303)


@bp.route(f"/staff/dockets/<slug>/commitments/{NUMBER}/step", methods=["GET", "POST"])
@requires(*EDITORS)
def add_step(slug: str, number: int) -> ResponseReturnValue:
    """Tell everybody what has become of a promise."""
    now = utcnow()
    docket = get_docket(db.session, slug)
    row = staff_queries.get_commitment(db.session, docket, number)
    form = StepForm(row.steps[-1].state if row.steps else CommitmentState.UNDER_WAY)
    if form.validate_on_submit():
        try:
            service.add_step(db.session, row, form.draft, today=site_day(now), now=now)
        except service.PastDay as error:
            form.due_on.errors = [str(error)]
        except service.KeptInPart as error:
            form.percent.errors = [str(error)]
        except RuleBroken as error:
            form.form_errors.append(str(error))
        else:
            return _back_to(docket, row, _("Everybody can read this step now."))
    page = render_template("responses/add_step.html", docket=docket, commitment=row, form=form)
    return page, form.status


def missing(row: Commitment) -> list[tuple[str, str]]:
    """What a draft lacks to be published: the fields of its form, each with what it is called."""
    form = CommitmentForm(row, ())
    called = {"due_on": _("The day for which it is promised")}
    return [(name, called.get(name) or str(form[name].label.text)) for name in service.lacking(row)]


def _page(docket: Docket, row: Commitment, *, problem: str | None = None) -> tuple[str, int]:
    now = utcnow()
    told = {promise.told.number: promise for promise in queries.commitments(db.session, docket.id, now)}
    page = render_template(
        "responses/staff_commitment.html",
        docket=docket,
        commitment=row,
        promise=told.get(row.id),
        missing=missing(row),
        is_over=service.is_over(row, site_day(now)),
        mark=service.mark_of(row),
        problem=problem,
        can_write=may_write(editor()),
        today=site_day(now),
        words=words,
        concern_name=concern_name,
    )
    return page, 409 if problem else 200


def _back_to(docket: Docket, row: Commitment, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("responses.staff_commitment", slug=docket.slug, number=row.id), 303)
