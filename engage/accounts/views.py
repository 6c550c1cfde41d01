"""Signing in, through Flask-Security."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_security import FSQLALiteUserDatastore, Security

from engage.accounts.access import PUBLIC, declare
from engage.accounts.models import Role, User
from engage.db.session import db
from engage.web.locale import PREFIX, localised_blueprint

bp = localised_blueprint("staff", __name__, "/staff")


def init_app(app: Flask) -> None:
    """Let Flask-Security run the sign-in, with our templates and without anything that remembers a device."""
    app.config.update(
        SECURITY_BLUEPRINT_NAME="accounts",
        SECURITY_URL_PREFIX=f"{PREFIX}/staff",
        SECURITY_STATIC_FOLDER=None,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_CSRF=True,
        SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FRESHNESS=timedelta(minutes=15),
    )
    Security(app, FSQLALiteUserDatastore(db, User, Role))
    app.extensions["login_manager"] = app.login_manager  # type: ignore[attr-defined]
    app.login_manager.session_protection = None  # type: ignore[attr-defined]
    for endpoint in app.view_functions:
        if endpoint.startswith("accounts."):
            declare(app, endpoint, PUBLIC)
    app.register_blueprint(bp)
