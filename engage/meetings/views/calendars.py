"""Calendars for machines: of the site, a docket and a meeting. ``?lang=es`` for Spanish, else English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.dockets.models import Docket
from engage.dockets.queries import get_public_docket
from engage.meetings import queries
from engage.meetings.calendar import ics
from engage.meetings.calendar.data import city_scrapers_of, open_civic_data_of, schema_org_of
from engage.meetings.calendar.ics import Feed
from engage.meetings.calendar.sayings import name_of, title_of
from engage.meetings.models import Meeting
from engage.web.links import address_of, path_to
from engage.web.locale import language as page_language
from engage.web.parts import add_part

bp = Blueprint("calendars", __name__)

REACHES_BACK = timedelta(days=731)
"""What was over longer ago than this is not in the calendars, unless it belongs to a series that goes on."""

_KEPT_SECONDS = 300
_MEETINGS = _l("Meetings")


def init_app(app: Flask) -> None:
    """Hang the calendars into the app, their links into pages, and the event into the head of a meeting's."""
    app.register_blueprint(bp)
    app.add_template_global(subscription, "calendar_subscription")
    app.add_template_global(address_to_copy, "calendar_address_of")
    app.add_template_global(event_of, "schema_org_event")
    add_part(app, "docket", on_docket)


@bp.get("/meetings.ics")
@public
def site() -> ResponseReturnValue:
    """Every public meeting."""
    language, now = _language(), utcnow()
    title = f"{current_app.config['ENGAGE_SETTINGS'].site_name} – {name_of(_MEETINGS, language)}"
    feed = _feed(title, "calendars.site", now)
    meetings = _meetings(now)
    return _answer(ics.calendar_of(feed, meetings), meetings, now)


@bp.get("/dockets/<slug>/meetings.ics")
@public
def docket(slug: str) -> ResponseReturnValue:
    """The public meetings about one docket."""
    language, now = _language(), utcnow()
    found = get_public_docket(db.session, slug, now)
    feed = _feed(found.title.best(language)[0], "calendars.docket", now, slug=slug)
    meetings = _meetings(now, found)
    return _answer(ics.calendar_of(feed, meetings), meetings, now)


@bp.get("/meetings/<slug>.ics")
@public
def meeting(slug: str) -> ResponseReturnValue:
    """One public meeting, to put into a calendar."""
    language, now = _language(), utcnow()
    found = queries.get_public_meeting(db.session, slug, now)
    feed = _feed(title_of(found, language)[0], "calendars.meeting", now, slug=slug)
    response = _answer(ics.one_meeting(feed, found), [found], now)
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}.ics")
    return response


@bp.get("/meetings/open-civic-data.json")
@public
def open_civic_data() -> ResponseReturnValue:
    """The public meetings, or with ``?docket=`` those about one docket, as events of Open Civic Data."""
    language, now = _language(), utcnow()
    meetings = _asked(now)
    return _json([open_civic_data_of(meeting, language, now) for meeting in meetings], meetings, now)


@bp.get("/meetings/city-scrapers.json")
@public
def city_scrapers() -> ResponseReturnValue:
    """The public meetings, or with ``?docket=`` those about one docket, as City Scrapers writes them."""
    language, now = _language(), utcnow()
    meetings = _asked(now)
    return _json([city_scrapers_of(meeting, language, now) for meeting in meetings], meetings, now)


def section(meeting: Meeting, now: datetime) -> str:
    """How to get this meeting, and all others of its docket, into a calendar."""
    return render_template("meetings/_calendars.html", meeting=meeting, docket=_public(meeting.docket, now))


def on_docket(docket: Docket) -> str:
    """The calendar of a docket about which there are meetings; nothing where there are none."""
    now = utcnow()
    of_docket = queries.public_meetings(now).where(Meeting.docket_id == docket.id).limit(1)
    if db.session.scalar(of_docket) is None:
        return ""
    return render_template("meetings/_docket_calendar.html", docket=docket)


def event_of(meeting: Meeting) -> dict[str, Any]:
    """What search engines read of a meeting, for the head of its page."""
    return schema_org_of(meeting, page_language())


def subscription(endpoint: str, **values: str) -> str:
    """The address by which calendar programs subscribe: that of the site, with a scheme of its own."""
    address = address_to_copy(endpoint, **values)
    return address.replace(f"{urlsplit(address).scheme}://", "webcal://", 1)


def address_to_copy(endpoint: str, **values: str) -> str:
    """The whole address of a calendar, for programs on the web that no link can open."""
    return address_of(path_to(endpoint, None, **values))


def _public(docket: Docket | None, now: datetime) -> Docket | None:
    return docket if docket is not None and docket.is_published(now) else None


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _feed(title: str, endpoint: str, now: datetime, **named: str) -> Feed:
    """The file that is asked for; with ``?each=1`` every occurrence of a series is written out."""
    language, each = _language(), request.args.get("each") == "1"
    asked = {**named, "lang": language} | ({"each": "1"} if each else {})
    path = path_to(endpoint, None, **asked)
    return Feed(title, path, language, now, each)


def _asked(now: datetime) -> Sequence[Meeting]:
    slug = request.args.get("docket")
    return _meetings(now, get_public_docket(db.session, slug, now) if slug else None)


def _meetings(now: datetime, docket: Docket | None = None) -> Sequence[Meeting]:
    """The public meetings of a calendar in their order, whole series at a time."""
    shown = queries.public_meetings(now)
    if docket is not None:
        shown = shown.where(Meeting.docket_id == docket.id)
    recent = Meeting.starts_at >= now - REACHES_BACK
    going_on = shown.where(recent).with_only_columns(Meeting.series_id)
    shown = shown.where(sa.or_(recent, Meeting.series_id.in_(going_on)))
    statement = queries.with_contents(shown).options(selectinload(Meeting.series))
    return db.session.scalars(statement.order_by(Meeting.starts_at, Meeting.id)).all()


def _answer(content: bytes, meetings: Sequence[Meeting], now: datetime) -> Response:
    """The calendar, or 304 for a reader that has it already."""
    response = make_response(content)
    response.content_type = f"{ics.MIMETYPE}; charset=utf-8"
    return _kept(response, meetings, now)


def _json(content: list[dict[str, Any]], meetings: Sequence[Meeting], now: datetime) -> Response:
    return _kept(jsonify(content), meetings, now)


def _kept(response: Response, meetings: Sequence[Meeting], now: datetime) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT_SECONDS
    response.last_modified = ics.changed_at(meetings, now)
    response.add_etag()
    response.make_conditional(request)
    return response
