"""Where clerks write dockets: texts, phases, documents, updates, the decision; and show them to residents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engage.accounts.access import requires
from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets import parts, queries, service
from engage.dockets.forms import (
    DecisionForm,
    DocketForm,
    DocumentForm,
    PhaseForm,
    UpdateForm,
    VersionForm,
)
from engage.dockets.models import Docket
from engage.dockets.views.blueprint import bp
from engage.dockets.views.public import when
from engage.web.paging import page_number, page_of

CLERKS = (RoleName.CLERK, RoleName.ADMINISTRATOR)

_MOST_PHASES = 20


@bp.get("/staff/dockets")
@requires(*CLERKS)
def staff_dockets() -> ResponseReturnValue:
    """All dockets, drafts too."""
    page = page_of(queries.dockets(db.session), number=page_number())
    return render_template("dockets/staff_dockets.html", page=page, now=utcnow())


@bp.route("/staff/new-docket", methods=["GET", "POST"])
@requires(*CLERKS)
def new_docket() -> ResponseReturnValue:
    """Begin a docket that only staff see."""
    form = DocketForm()
    if form.validate_on_submit():
        try:
            docket = service.create_docket(
                db.session,
                slug=form.slug.data,
                title=form.localised("title"),
                summary=form.localised("summary"),
            )
        except service.SlugTaken as error:
            form.slug.errors = [str(error)]
        else:
            return _back_to(docket, _("The draft is saved. Residents do not see it yet."))
    return render_template("dockets/edit_docket.html", form=form, docket=None), form.status


@bp.get("/staff/dockets/<slug>")
@requires(*CLERKS)
def staff_docket(slug: str) -> ResponseReturnValue:
    """One docket and all that can be done with it."""
    docket, now = queries.get_docket(db.session, slug), utcnow()
    return render_template(
        "dockets/staff_docket.html",
        docket=docket,
        updates=page_of(docket.updates, number=page_number()),
        is_published=docket.is_published(now),
        can_publish=docket.title.is_complete and docket.summary.is_complete,
        when=when,
        now=now,
    )


@bp.route("/staff/dockets/<slug>/edit", methods=["GET", "POST"])
@requires(*CLERKS)
def edit_docket(slug: str) -> ResponseReturnValue:
    """Change a docket's own texts, and its address while it is a draft."""
    docket = queries.get_docket(db.session, slug)
    form = DocketForm(docket)
    if form.validate_on_submit():
        try:
            service.change_docket(
                db.session,
                docket,
                title=form.localised("title"),
                summary=form.localised("summary"),
                slug=form.slug.data,
            )
        except (service.SlugTaken, service.AddressFixed) as error:
            form.slug.errors = [str(error)]
        else:
            return _back_to(docket, _("The changes are saved."))
    return render_template("dockets/edit_docket.html", form=form, docket=docket), form.status


@bp.post("/staff/dockets/<slug>/publish")
@requires(*CLERKS)
def publish_docket(slug: str) -> ResponseReturnValue:
    """Show a docket to residents."""
    docket = queries.get_docket(db.session, slug)
    service.publish_docket(db.session, docket, utcnow())
    return _back_to(docket, _("Residents can see this docket now."))


@bp.route("/staff/dockets/<slug>/phases", methods=["GET", "POST"])
@requires(*CLERKS)
def edit_phases(slug: str) -> ResponseReturnValue:
    """Write all phases of a docket on one page, with one empty form for the next."""
    docket = queries.get_docket(db.session, slug)
    if request.method == "POST":
        forms = [
            PhaseForm(number) for number in range(_MOST_PHASES) if f"phase-{number}-kind" in request.form
        ]
        # Every form is checked, so that all mistakes are told at once.
        are_valid = [form.validate() for form in forms]
        if all(are_valid):
            service.set_phases(db.session, docket, [form.draft for form in forms if not form.is_empty])
            return _back_to(docket, _("The phases are saved."))
    else:
        phases = [*docket.phases, None][:_MOST_PHASES]
        forms = [PhaseForm(number, phase) for number, phase in enumerate(phases)]
    wrong = next((form for form in forms if form.errors), None)
    page = render_template("dockets/edit_phases.html", docket=docket, forms=forms, form=wrong)
    return page, 422 if wrong else 200


@bp.post("/staff/dockets/<slug>/phases/standard")
@requires(*CLERKS)
def add_standard_phases(slug: str) -> ResponseReturnValue:
    """Give a docket the five phases of a 287(g) agreement."""
    docket = queries.get_docket(db.session, slug)
    service.add_standard_phases(db.session, docket)
    flash(_("The five phases are there. Give them their days."), "success")
    return redirect(url_for("dockets.edit_phases", slug=docket.slug), 303)


@bp.route("/staff/dockets/<slug>/new-document", methods=["GET", "POST"])
@requires(*CLERKS)
def new_document(slug: str) -> ResponseReturnValue:
    """Put a document on a docket."""
    docket = queries.get_docket(db.session, slug)
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            service.add_document(
                db.session,
                docket,
                slug=form.slug.data,
                title=form.localised("title"),
                body=form.localised("body"),
                published_at=form.published_at,
            )
        except service.SlugTaken as error:
            form.slug.errors = [str(error)]
        else:
            return _back_to(docket, _("The document is saved."))
    return render_template("dockets/edit_document.html", form=form, docket=docket, document=None), form.status


@bp.route("/staff/dockets/<slug>/documents/<document_slug>/new-version", methods=["GET", "POST"])
@requires(*CLERKS)
def new_version(slug: str, document_slug: str) -> ResponseReturnValue:
    """Follow the newest version of a document with another one; the old one stays to be read."""
    document = queries.get_document(db.session, slug, document_slug)
    form = VersionForm(data=VersionForm.pair("body", document.versions[0].body))
    if form.validate_on_submit():
        try:
            service.add_document_version(
                db.session,
                document,
                body=form.localised("body"),
                change_note=form.localised("change_note"),
                published_at=form.published_at,
            )
        except service.Unchanged as error:
            form.body_en.errors = [str(error)]
        except service.OutOfOrder as error:
            form.shown_from.errors = [str(error)]
        else:
            return _back_to(document.docket, _("The new version is saved. The old one can still be read."))
    page = render_template("dockets/edit_document.html", form=form, docket=document.docket, document=document)
    return page, form.status


@bp.route("/staff/dockets/<slug>/new-update", methods=["GET", "POST"])
@requires(*CLERKS)
def new_update(slug: str) -> ResponseReturnValue:
    """Put news on a docket."""
    docket = queries.get_docket(db.session, slug)
    form = UpdateForm()
    if form.validate_on_submit():
        service.post_update(
            db.session,
            docket,
            title=form.localised("title"),
            body=form.localised("body"),
            published_at=form.published_at,
        )
        return _back_to(docket, _("The update is saved."))
    return render_template("dockets/edit_update.html", form=form, docket=docket), form.status


@bp.route("/staff/dockets/<slug>/decision", methods=["GET", "POST"])
@requires(*CLERKS)
def edit_decision(slug: str) -> ResponseReturnValue:
    """Write down what was decided, or correct it."""
    docket = queries.get_docket(db.session, slug)
    open_periods = [period for period in parts.periods_of(docket, utcnow()) if period.is_open]
    form = DecisionForm(docket.decision, is_period_open=bool(open_periods))
    if form.validate_on_submit():
        service.record_decision(
            db.session,
            docket,
            decided_on=form.decided_on.data,
            decided_by=form.localised("decided_by"),
            outcome=form.localised("outcome"),
            reasons=form.localised("reasons"),
            goes_ahead=form.leads_on,
        )
        return _back_to(docket, _("The decision is saved."))
    page = render_template("dockets/edit_decision.html", form=form, docket=docket, open_periods=open_periods)
    return page, form.status


def _back_to(docket: Docket, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("dockets.staff_docket", slug=docket.slug), 303)
