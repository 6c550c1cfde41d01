"""The administrators' pages: who has an account, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.accounts import queries, service
from engage.accounts.access import requires
from engage.accounts.forms import PersonForm, RolesForm
from engage.accounts.models import RoleName, User
from engage.accounts.texts import role_labels
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.errors import RuleBroken
from engage.mail.queries import outbox_state
from engage.web.locale import language, localised_blueprint
from engage.web.paging import page_number, paginate

bp = localised_blueprint("people", __name__, "/staff/people")


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list."""

    id: int
    name: str
    email: str
    roles: list[str]
    is_active: bool
    has_password: bool
    has_second_factor: bool


@bp.get("")
@requires(RoleName.ADMINISTRATOR)
def people() -> ResponseReturnValue:
    """Everybody who has an account."""
    page = paginate(db.session, queries.living_users(), number=page_number())
    return render_template(
        "accounts/people.html",
        page=page,
        people=[_person(user) for user in page.rows],
        has_mail=_has_mail(),
        outbox=outbox_state(db.session),
    )


@bp.route("/add", methods=["GET", "POST"])
@requires(RoleName.ADMINISTRATOR, fresh=True)
def add_person() -> ResponseReturnValue:
    """Give somebody an account and send the link by which to choose a password."""
    form = PersonForm()
    if form.validate_on_submit():
        try:
            user = service.add_user(
                db.session, email=form.email.data, name=form.name.data, roles=form.chosen()
            )
        except service.AddressTaken as error:
            form.email.errors = [str(error)]
        else:
            return _invite(user)
    return render_template("accounts/add_person.html", form=form), form.status


@bp.route("/<int:user_id>", methods=["GET", "POST"])
@requires(RoleName.ADMINISTRATOR, fresh=True)
def person(user_id: int) -> ResponseReturnValue:
    """One account: its roles, and what else can be done with it."""
    user = queries.get_user(db.session, user_id)
    form = RolesForm(data={"roles": sorted(user.role_names)})
    if form.validate_on_submit():
        try:
            service.set_roles(db.session, user=user, roles=form.chosen())
        except service.LastAdministrator as error:
            form.roles.errors = [str(error)]
        else:
            flash(_("The roles of %(name)s were changed.", name=user.name), "success")
            return redirect(url_for("people.people"), 303)
    return render_template("accounts/person.html", form=form, person=_person(user)), form.status


@bp.post("/<int:user_id>/deactivate")
@requires(RoleName.ADMINISTRATOR, fresh=True)
def deactivate_person(user_id: int) -> ResponseReturnValue:
    """Let somebody in no more."""
    user = queries.get_user(db.session, user_id)
    try:
        service.deactivate_user(db.session, user=user)
    except RuleBroken as error:
        flash(str(error), "error")
        return _back_to(user)
    flash(_("%(name)s cannot sign in any more and was signed out everywhere.", name=user.name), "success")
    return redirect(url_for("people.people"), 303)


@bp.post("/<int:user_id>/reactivate")
@requires(RoleName.ADMINISTRATOR, fresh=True)
def reactivate_person(user_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    user = queries.get_user(db.session, user_id)
    service.reactivate_user(db.session, user=user)
    flash(_("%(name)s can sign in again.", name=user.name), "success")
    return _back_to(user)


@bp.post("/<int:user_id>/reset-second-factor")
@requires(RoleName.ADMINISTRATOR, fresh=True)
def reset_second_factor(user_id: int) -> ResponseReturnValue:
    """Help somebody who has lost the authenticator app and the recovery codes."""
    user = queries.get_user(db.session, user_id)
    service.reset_second_factor(db.session, user=user)
    flash(_("The second factor of %(name)s is off until the next sign-in.", name=user.name), "success")
    return _back_to(user)


@bp.post("/<int:user_id>/invite")
@requires(RoleName.ADMINISTRATOR, fresh=True)
def invite_person(user_id: int) -> ResponseReturnValue:
    """Send the link by which to choose a password once more."""
    user = queries.get_user(db.session, user_id)
    if not user.active:
        flash(_("This account is not active."), "error")
        return _back_to(user)
    return _invite(user)


def _invite(user: User) -> ResponseReturnValue:
    """By mail; where there is none, the link is shown this once."""
    token, site = service.invitation_token(user), current_app.config["ENGAGE_SETTINGS"].base_url
    links = {
        code: f"{site}{url_for('staff.accept_invitation', token=token, language=code)}" for code in LANGUAGES
    }
    if not _has_mail():
        return render_template("accounts/invitation_link.html", person=_person(user), link=links[language()])
    service.invite(db.session, user=user, links=links)
    flash(_("An invitation is on its way to %(email)s.", email=user.email), "success")
    return redirect(url_for("people.people"), 303)


def _back_to(user: User) -> Response:
    return redirect(url_for("people.person", user_id=user.id), 303)


def _person(user: User) -> Person:
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        roles=role_labels(user.role_names),
        is_active=user.active,
        has_password=user.password is not None,
        has_second_factor=user.has_second_factor,
    )


def _has_mail() -> bool:
    return bool(current_app.config["ENGAGE_SETTINGS"].mail_url)
