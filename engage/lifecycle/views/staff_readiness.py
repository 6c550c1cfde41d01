"""Where clerks and officials write the checklist, and all staff read it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from engage.accounts.access import requires, signed_in_user
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket, PhaseKind
from engage.dockets.queries import get_docket
from engage.lifecycle import queries, service, words
from engage.lifecycle.access import EDITORS, READERS, may_edit
from engage.lifecycle.forms import PointForm
from engage.lifecycle.models import ReadinessArea
from engage.lifecycle.views.blueprint import ID, bp
from engage.web.locale import site_day


@bp.get("/staff/dockets/<slug>/readiness")
@requires(*READERS)
def staff_readiness(slug: str) -> ResponseReturnValue:
    """Every point of a docket's checklist, drafts too, area by area."""
    docket = get_docket(db.session, slug)
    found = queries.points(db.session, docket)
    return render_template(
        "lifecycle/staff_readiness.html",
        docket=docket,
        areas=[(area, [point for point in found if point.area is area]) for area in ReadinessArea],
        drafts=sum(point.published_at is None for point in found),
        total=len(found),
        has_page=queries.has_phase(docket, PhaseKind.ASSESS_READINESS),
        is_public=docket.is_published(utcnow()),
        may_edit=may_edit(signed_in_user()),
        standard=len(service.missing_standard_points(found)),
        mark_of=service.mark_of,
        words=words,
    )


@bp.post("/staff/dockets/<slug>/readiness/standard")
@requires(*EDITORS)
def add_standard_points(slug: str) -> ResponseReturnValue:
    """Begin with the standard checklist."""
    docket = get_docket(db.session, slug)
    count = service.add_standard_points(db.session, docket)
    if not count:
        return _back_to(docket, _("Nothing was added: every point of it is on the checklist already."))
    return _back_to(
        docket, ngettext("%(num)s point was added as a draft.", "%(num)s points were added as drafts.", count)
    )


@bp.route("/staff/dockets/<slug>/readiness/publish", methods=["GET", "POST"])
@requires(*EDITORS)
def publish_points(slug: str) -> ResponseReturnValue:
    """Read every draft that may be shown, and publish just those."""
    docket, problem = get_docket(db.session, slug), None
    if request.method == "POST":
        try:
            seen = request.form.get("seen", "")
            count = service.publish_points(db.session, docket, seen=seen, now=utcnow())
        except service.PointsChanged as error:
            problem = str(error)
        else:
            said = ngettext("%(num)s point is published.", "%(num)s points are published.", count)
            return _back_to(docket, said)
    fit, unfit = service.drafts_of(db.session, docket)
    page = render_template(
        "lifecycle/publish_points.html",
        docket=docket,
        points=fit,
        unfit=unfit,
        mark=service.mark_of(fit),
        problem=problem,
        words=words,
    )
    return page, 409 if problem else 200


@bp.route("/staff/dockets/<slug>/readiness/new", methods=["GET", "POST"])
@requires(*EDITORS)
def new_point(slug: str) -> ResponseReturnValue:
    """Put a point on the checklist."""
    docket = get_docket(db.session, slug)
    form = PointForm(None, _area(request.args.get("area")), site_day(utcnow()))
    if form.validate_on_submit():
        service.add_point(db.session, docket, form.draft)
        return _back_to(docket, _("The draft is saved. Residents do not see it yet."))
    return render_template(
        "lifecycle/edit_point.html", form=form, docket=docket, point=None, words=words
    ), form.status


@bp.route(f"/staff/dockets/<slug>/readiness/<{ID}:point_id>", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_point(slug: str, point_id: int) -> ResponseReturnValue:
    """Write a point anew."""
    docket = get_docket(db.session, slug)
    point, now = queries.get_point(db.session, docket, point_id), utcnow()
    form = PointForm(point, None, site_day(now))
    if form.validate_on_submit():
        try:
            service.change_point(db.session, point, form.draft, now, seen=form.seen.data)
        except service.PointsChanged as error:
            below = _("What they wrote is below. If you save again, your text takes its place.")
            form.form_errors.append(f"{error} {below}")
            form.seen.data = service.mark_of([point])
        else:
            return _back_to(docket, _("The changes are saved."))
    return render_template(
        "lifecycle/edit_point.html", form=form, docket=docket, point=point, words=words
    ), form.status


@bp.post(f"/staff/dockets/<slug>/readiness/<{ID}:point_id>/publish")
@requires(*EDITORS)
def publish_point(slug: str, point_id: int) -> ResponseReturnValue:
    """Show a point to residents."""
    docket = get_docket(db.session, slug)
    point = queries.get_point(db.session, docket, point_id)
    try:
        service.publish_point(db.session, point, utcnow(), seen=request.form.get("seen"))
    except service.PointsChanged as error:
        flash(str(error), "error")
        return redirect(url_for("lifecycle.edit_point", slug=docket.slug, point_id=point.id), 303)
    return _back_to(docket, _("The point is published."))


@bp.post(f"/staff/dockets/<slug>/readiness/<{ID}:point_id>/take-back")
@requires(*EDITORS)
def take_back_point(slug: str, point_id: int) -> ResponseReturnValue:
    """Show a point no longer."""
    docket = get_docket(db.session, slug)
    service.take_back_point(db.session, queries.get_point(db.session, docket, point_id))
    return _back_to(
        docket, _("Residents do not see this point any more. Its page says that one was taken back.")
    )


@bp.post(f"/staff/dockets/<slug>/readiness/<{ID}:point_id>/delete")
@requires(*EDITORS)
def delete_point(slug: str, point_id: int) -> ResponseReturnValue:
    """Take a draft away."""
    docket = get_docket(db.session, slug)
    service.delete_point(db.session, queries.get_point(db.session, docket, point_id))
    return _back_to(docket, _("The draft is deleted."))


@bp.post(f"/staff/dockets/<slug>/readiness/<{ID}:point_id>/move")
@requires(*EDITORS)
def move_point(slug: str, point_id: int) -> ResponseReturnValue:
    """Let a point change places with its neighbour."""
    docket = get_docket(db.session, slug)
    point = queries.get_point(db.session, docket, point_id)
    service.move_point(db.session, point, up=request.form.get("to") == "up")
    return redirect(url_for("lifecycle.staff_readiness", slug=docket.slug, _anchor=f"point-{point.id}"), 303)


def _area(name: str | None) -> ReadinessArea | None:
    return ReadinessArea(name) if name in set(ReadinessArea) else None


def _back_to(docket: Docket, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("lifecycle.staff_readiness", slug=docket.slug), 303)
