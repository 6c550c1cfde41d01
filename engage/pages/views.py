"""Home, privacy, accessibility; and what machines ask."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.web.locale import localised_blueprint

bp = localised_blueprint("pages", __name__)
machines = Blueprint("machines", __name__)


@machines.get("/")
@public
def root() -> ResponseReturnValue:
    """Send a newcomer to the home page in the language that the browser asks for."""
    best = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    response = redirect(url_for("pages.home", language=best), 302)
    response.vary.add("Accept-Language")
    return response


@machines.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@machines.get("/readyz")
@public
def readyz() -> Response:
    """The process answers and reaches its database."""
    db.session.execute(sa.text("SELECT 1"))
    return Response("ok\n", mimetype="text/plain")


@bp.get("")
@public
def home() -> ResponseReturnValue:
    """What is open now, and where to go."""
    return render_template("pages/home.html")


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entries into the app."""
    app.register_blueprint(machines)
    app.register_blueprint(bp)
