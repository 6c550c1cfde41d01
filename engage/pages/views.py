"""Home, privacy, accessibility; and what machines ask."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from engage.accounts.access import public
from engage.analysis.figures import shipped_figures
from engage.clock import utcnow
from engage.comments import queries as comments
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.dockets import queries as dockets
from engage.feedback import queries as forms
from engage.feedback.models import Entry, FeedbackForm
from engage.meetings import queries as meetings
from engage.meetings import when, words
from engage.pages.figure_names import NAMES
from engage.web.locale import localised_blueprint, site_time_zone
from engage.web.templating import MenuEntry, add_to_menu

bp = localised_blueprint("pages", __name__)
machines = Blueprint("machines", __name__)

MEETINGS_SHOWN = 4
"""So many meetings are announced on the front page."""

FORMS_SHOWN = 6
"""So many open feedback forms are shown on the front page; those that ask for a code are not among them."""

_CONTACT_IS_GOOD_FOR = timedelta(days=180)


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


@machines.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """Whom to tell of a weakness (RFC 9116); 404 where the site names no contact."""
    settings = current_app.config["ENGAGE_SETTINGS"]
    if not settings.site_contact:
        return Response("This site names no contact.\n", 404, mimetype="text/plain")
    contact = settings.site_contact if ":" in settings.site_contact else f"mailto:{settings.site_contact}"
    lines = [
        f"Contact: {contact}",
        f"Expires: {_midnight_after(_CONTACT_IS_GOOD_FOR):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en, es",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("")
@public
def home() -> ResponseReturnValue:
    """What is open now, which meetings come next, what is being decided, and where to go."""
    now = utcnow()
    today = now.astimezone(site_time_zone()).date()
    periods = db.session.scalars(comments.public_periods(now))
    next_meetings, _past = meetings.next_and_past(
        db.session, meetings.public_meetings(now), now, next_ones=MEETINGS_SHOWN, past=0
    )
    # In this list the open ones come first.
    first_forms = forms.listed_forms(now).where(FeedbackForm.entry == Entry.ANYBODY).limit(FORMS_SHOWN)
    asked = db.session.scalars(first_forms).unique().all()
    return render_template(
        "pages/home.html",
        open_periods=[period for period in periods if period.is_open(now)],
        current_dockets=[
            (docket, docket.phase_on(today))
            for docket in dockets.public_dockets(db.session, now)
            if docket.decision is None
        ],
        next_meetings=next_meetings,
        open_forms=[form for form in asked if form.takes_answers(now)],
        now=now,
        when=when,
        words=words,
    )


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """What becomes public, what staff see, what a records request could reach, and what is never kept."""
    return render_template("pages/privacy.html")


@bp.get("/analysis")
@public
def analysis() -> ResponseReturnValue:
    """What the analysis can tell and what it cannot, and how good this version is."""
    return render_template("pages/analysis.html", shipped=shipped_figures(), names=NAMES)


@bp.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How the site can be used, what is known not to work, and whom to tell."""
    return render_template("pages/accessibility.html")


def init_app(app: Flask) -> None:
    """Hang these pages and their menu entry into the app."""
    app.register_blueprint(machines)
    app.register_blueprint(bp)
    add_to_menu(app, "main", MenuEntry("pages.home", _l("Home")))


def _midnight_after(span: timedelta) -> datetime:
    """A day's start, so that the file stays the same for a whole day."""
    return (utcnow() + span).replace(hour=0, minute=0, second=0, microsecond=0)
