"""The staff's own pages: home, account, invitation. Signing in itself is Flask-Security's (security.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, flash, json, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import logout_user
from werkzeug.local import LocalProxy

from engage.accounts import people, security, service
from engage.accounts.access import may_open, public, requires, signed_in_user
from engage.accounts.forms import DeleteAccountForm, ResetPasswordForm
from engage.accounts.models import RoleName, User
from engage.accounts.own_data import own_data
from engage.accounts.texts import role_labels
from engage.db.session import db
from engage.errors import NotAllowed
from engage.web.locale import localised_blueprint
from engage.web.templating import MenuEntry, add_to_menu

bp = localised_blueprint("staff", __name__, "/staff")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the frame of every page shows of whoever is signed in."""

    name: str
    role_names: Sequence[str]


def init_app(app: Flask) -> None:
    """Hang the sign-in, these pages and their menu entries into the app."""
    security.init_app(app)
    app.register_blueprint(bp)
    app.register_blueprint(people.bp)
    add_to_menu(
        app,
        "staff",
        MenuEntry("staff.home", _l("Start"), lambda: may_open("staff.home")),
        MenuEntry("people.people", _l("People"), lambda: may_open("people.people")),
        MenuEntry("staff.account", _l("Your account"), lambda: may_open("staff.account")),
    )

    @app.context_processor
    def frame() -> dict[str, object]:
        # Found out only where a page draws it: an error page must not ask the database who reads it.
        return {"signed_in": LocalProxy(_signed_in)}


def _signed_in() -> SignedIn | None:
    user = signed_in_user()
    return None if user is None else SignedIn(user.name, role_labels(user.role_names))


def _this_user() -> User:
    user = signed_in_user()
    if user is None:
        raise NotAllowed(_("Your account may not open this page."))
    return user


@bp.get("")
@requires(*RoleName)
def home() -> ResponseReturnValue:
    """What this person can do here."""
    user = _this_user()
    return render_template("accounts/home.html", user=user, roles=role_labels(user.role_names))


@bp.get("/account")
@requires(*RoleName)
def account() -> ResponseReturnValue:
    """One's own account: password, second factor, sessions."""
    user = _this_user()
    return render_template("accounts/account.html", user=user, roles=role_labels(user.role_names))


@bp.get("/account/data.json")
@requires(*RoleName, fresh=True)
def account_data() -> Response:
    """All that the site keeps of one's own account and of what one did, as a file."""
    return _download(own_data(db.session, _this_user()))


@bp.route("/account/delete", methods=["GET", "POST"])
@requires(*RoleName, fresh=True)
def delete_account() -> ResponseReturnValue:
    """Delete one's own account, after typing its address once more."""
    user = _this_user()
    form = DeleteAccountForm(user.email)
    if form.validate_on_submit():
        try:
            service.erase_user(db.session, user=user)
        except service.LastAdministrator as error:
            form.email.errors = [str(error)]
        else:
            logout_user()
            flash(_("Your account was deleted."), "success")
            return redirect(url_for("pages.home"), 303)
    return render_template("accounts/delete_account.html", form=form, user=user), form.status


@bp.post("/account/sign-out-everywhere")
@requires(*RoleName)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of one's own account, this one too."""
    service.end_sessions(db.session, user=_this_user())
    logout_user()
    flash(_("You are signed out everywhere."), "success")
    return redirect(url_for("accounts.login"), 303)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    """Choose the first password. Opening the link uses nothing up: mail programs open links too."""
    user = service.invited_user(db.session, token)
    if user is None:
        flash(
            _("This invitation is too old or was used already. Ask an administrator for a new one."), "error"
        )
        return redirect(url_for("accounts.login"), 303)
    form = ResetPasswordForm()
    form.user = user
    if form.validate_on_submit():
        service.set_password(db.session, user=user, password=form.password.data)
        flash(_("Your password is set. Sign in with it."), "success")
        return redirect(url_for("accounts.login"), 303)
    page = render_template("accounts/accept_invitation.html", form=form, user=user, token=token)
    return page, 422 if form.errors else 200


def _download(data: dict[str, object]) -> Response:
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="account-data.json"'
    return response
