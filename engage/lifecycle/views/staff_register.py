"""Where clerks and officials keep the register of bodies, and every attempt to ask them.

Not for hosts and moderators: a body that does not want to be named is in it by name.
"""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engage.accounts.access import requires
from engage.clock import utcnow
from engage.db.session import db
from engage.dockets.models import Docket, PhaseKind
from engage.dockets.queries import get_docket
from engage.lifecycle import files, queries, service, words
from engage.lifecycle.access import EDITORS
from engage.lifecycle.forms import BodyForm, ContactForm, PasteForm
from engage.lifecycle.models import Stakeholder
from engage.lifecycle.outreach import standing_of
from engage.lifecycle.views.blueprint import ID, bp
from engage.lifecycle.views.files import as_file
from engage.meetings.interpreting import language_name
from engage.web.locale import localised, site_day
from engage.web.paging import page_number, page_of, page_with

UNHEARD = "unheard"
MISSING = "missing"
_BELOW = _l("What they wrote is below. If you save again, your text takes its place.")
_READ_AGAIN = _l("Read it again, and then show it.")
_BODY = f"/staff/dockets/<slug>/stakeholders/<{ID}:body_id>"


@bp.get("/staff/dockets/<slug>/stakeholders")
@requires(*EDITORS)
def staff_stakeholders(slug: str) -> ResponseReturnValue:
    """The whole register; ``show=unheard`` for the bodies that have not answered."""
    docket, now = get_docket(db.session, slug), utcnow()
    found = queries.bodies(db.session, docket)
    is_filtered = request.args.get("show") == UNHEARD
    shown = queries.unheard(found, now) if is_filtered else found
    page = page_of(shown, number=page_number())
    return render_template(
        "lifecycle/staff_stakeholders.html",
        docket=docket,
        bodies=[(body, standing_of(body.contacts, site_day(now))) for body in page.rows],
        page=page,
        total=len(found),
        drafts=len(drafts := service.drafts_to_show(found)),
        mark=service.mark_of_bodies(drafts, with_attempts=True),
        unheard=len(queries.unheard(found, now)),
        is_filtered=is_filtered,
        has_page=queries.has_phase(docket, PhaseKind.ENGAGE_STAKEHOLDERS),
        is_public=docket.is_published(now),
        language_name=language_name,
        words=words,
    )


@bp.get("/staff/dockets/<slug>/stakeholders.csv")
@requires(*EDITORS)
def staff_stakeholders_csv(slug: str) -> Response:
    """The whole register for a spreadsheet."""
    docket, now = get_docket(db.session, slug), utcnow()
    content = files.staff_register_csv(queries.bodies(db.session, docket), site_day(now), now)
    return as_file(content, "text/csv", f"{docket.slug}-register.csv")


@bp.route("/staff/dockets/<slug>/stakeholders/new", methods=["GET", "POST"])
@requires(*EDITORS)
def new_stakeholder(slug: str) -> ResponseReturnValue:
    """Put a body into the register."""
    docket = get_docket(db.session, slug)
    form = BodyForm(None, queries.districts(db.session))
    if form.validate_on_submit():
        body = service.add_body(db.session, docket, form.draft)
        return _back_to(body, _("The body is in the register. Residents do not see it yet."))
    return render_template(
        "lifecycle/edit_stakeholder.html", form=form, docket=docket, body=None
    ), form.status


@bp.route("/staff/dockets/<slug>/stakeholders/paste", methods=["GET", "POST"])
@requires(*EDITORS)
def paste_stakeholders(slug: str) -> ResponseReturnValue:
    """Put several bodies into the register at once."""
    docket = get_docket(db.session, slug)
    form = PasteForm(queries.districts(db.session))
    if form.validate_on_submit():
        count = service.add_bodies(db.session, docket, form.drafts)
        return _back_to_all(
            docket,
            ngettext("%(num)s body was added as a draft.", "%(num)s bodies were added as drafts.", count),
        )
    return render_template("lifecycle/paste_stakeholders.html", form=form, docket=docket), form.status


@bp.post("/staff/dockets/<slug>/stakeholders/show")
@requires(*EDITORS)
def show_stakeholders(slug: str) -> ResponseReturnValue:
    """Name every body that may be named."""
    docket = get_docket(db.session, slug)
    try:
        shown, left = service.show_all_bodies(db.session, docket, utcnow(), seen=request.form.get("seen"))
    except service.RegisterChanged as error:
        return _back_to_all(docket, f"{error} {_READ_AGAIN}", "error")
    said = ngettext("Residents see %(num)s more body now.", "Residents see %(num)s more bodies now.", shown)
    if left:
        names = "; ".join(localised(body.name) for body in left)
        said += " " + _("These still lack a language: %(names)s.", names=names)
    return _back_to_all(docket, said)


@bp.route(_BODY, methods=["GET", "POST"])
@requires(*EDITORS)
def staff_stakeholder(slug: str, body_id: int) -> ResponseReturnValue:
    """One body with every attempt to ask it, and a form for the next."""
    body, now = _body(slug, body_id), utcnow()
    form = ContactForm(None, site_day(now))
    if form.validate_on_submit():
        service.add_contact(db.session, body, form.draft, site_day(now))
        return _back_to(body, _("The attempt is written down."))
    page = render_template(
        "lifecycle/staff_stakeholder.html",
        docket=body.docket,
        body=body,
        form=form,
        standing=standing_of(body.contacts, site_day(now)),
        is_fit=service.is_fit(body),
        mark=service.mark_of_bodies([body], with_attempts=True),
        missing=MISSING,
        districts=_district_names(),
        language_name=language_name,
        words=words,
    )
    return page, form.status


@bp.route(f"{_BODY}/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_stakeholder(slug: str, body_id: int) -> ResponseReturnValue:
    """Write a body anew."""
    body = _body(slug, body_id)
    form = BodyForm(body, queries.districts(db.session))
    if request.args.get("say") == MISSING and request.method == "GET":
        form.say_what_is_missing()
    if form.validate_on_submit():
        try:
            service.change_body(db.session, body, form.draft, site_day(utcnow()), seen=form.seen.data)
        except service.RegisterChanged as error:
            form.form_errors.append(f"{error} {_BELOW}")
            form.seen.data = service.mark_of_bodies([body])
        else:
            return _back_to(body, _("The changes are saved."))
    page = render_template(
        "lifecycle/edit_stakeholder.html",
        form=form,
        docket=body.docket,
        body=body,
        districts=_district_names(),
        language_name=language_name,
        words=words,
    )
    return page, form.status if request.method == "POST" else 200


@bp.post(f"{_BODY}/show")
@requires(*EDITORS)
def show_stakeholder(slug: str, body_id: int) -> ResponseReturnValue:
    """Name a body to residents."""
    body = _body(slug, body_id)
    if not service.is_fit(body) and not body.stays_unnamed:
        form = url_for("lifecycle.edit_stakeholder", slug=slug, body_id=body.id, say=MISSING)
        return redirect(form, 303)
    try:
        service.show_body(db.session, body, utcnow(), seen=request.form.get("seen"))
    except service.RegisterChanged as error:
        return _back_to(body, f"{error} {_READ_AGAIN}", "error")
    return _back_to(body, _("Residents see this body now, with every attempt to ask it."))


@bp.post(f"{_BODY}/hide")
@requires(*EDITORS)
def hide_stakeholder(slug: str, body_id: int) -> ResponseReturnValue:
    """Name a body no longer."""
    body = _body(slug, body_id)
    service.hide_body(db.session, body, site_day(utcnow()))
    return _back_to(
        body, _("Residents do not see this body any more. Its page says that one was taken back.")
    )


@bp.post(f"{_BODY}/delete")
@requires(*EDITORS)
def delete_stakeholder(slug: str, body_id: int) -> ResponseReturnValue:
    """Take a body out of the register."""
    body = _body(slug, body_id)
    docket = body.docket
    service.delete_body(db.session, body)
    return _back_to_all(docket, _("The body is deleted."))


@bp.post(f"{_BODY}/move")
@requires(*EDITORS)
def move_stakeholder(slug: str, body_id: int) -> ResponseReturnValue:
    """Let a body change places with its neighbour."""
    body = _body(slug, body_id)
    service.move_body(db.session, body, up=request.form.get("to") == "up")
    number = page_with(body, queries.bodies(db.session, body.docket))
    return redirect(
        url_for(
            "lifecycle.staff_stakeholders",
            slug=slug,
            page=number if number > 1 else None,
            _anchor=f"body-{body.id}",
        ),
        303,
    )


@bp.route(f"{_BODY}/attempts/<{ID}:contact_id>", methods=["GET", "POST"])
@requires(*EDITORS)
def edit_contact(slug: str, body_id: int, contact_id: int) -> ResponseReturnValue:
    """Correct an attempt, or say what came of a planned one."""
    body, today = _body(slug, body_id), site_day(utcnow())
    contact = queries.get_contact(body, contact_id)
    form = ContactForm(contact, today)
    if form.validate_on_submit():
        try:
            service.change_contact(db.session, contact, form.draft, today, seen=form.seen.data)
        except service.RegisterChanged as error:
            form.form_errors.append(f"{error} {_BELOW}")
            form.seen.data = service.mark_of_contact(contact)
        else:
            return _back_to(body, _("The changes are saved."))
    page = render_template(
        "lifecycle/edit_contact.html",
        form=form,
        docket=body.docket,
        body=body,
        contact=contact,
        language_name=language_name,
        words=words,
    )
    return page, form.status


@bp.post(f"{_BODY}/attempts/<{ID}:contact_id>/delete")
@requires(*EDITORS)
def delete_contact(slug: str, body_id: int, contact_id: int) -> ResponseReturnValue:
    """Take an attempt away that was entered by mistake."""
    body = _body(slug, body_id)
    service.delete_contact(db.session, queries.get_contact(body, contact_id), site_day(utcnow()))
    return _back_to(body, _("The attempt is deleted."))


def _body(slug: str, body_id: int) -> Stakeholder:
    return queries.get_body(db.session, get_docket(db.session, slug), body_id)


def _district_names() -> dict[str, str]:
    return {one.code: localised(one.name) for one in queries.districts(db.session)}


def _back_to(body: Stakeholder, message: str, kind: str = "success") -> ResponseReturnValue:
    flash(message, kind)
    address = url_for("lifecycle.staff_stakeholder", slug=body.docket.slug, body_id=body.id)
    return redirect(address, 303)


def _back_to_all(docket: Docket, message: str, kind: str = "success") -> ResponseReturnValue:
    flash(message, kind)
    return redirect(url_for("lifecycle.staff_stakeholders", slug=docket.slug), 303)
