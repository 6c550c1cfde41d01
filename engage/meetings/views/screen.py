"""The screen in the room: who speaks, for how long still, and who is next. Everybody may see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.db.session import db
from engage.db.types import Localised
from engage.meetings import speaker_queries
from engage.meetings.speaker_queries import Called, Screen
from engage.meetings.views.blueprint import bp

LOOKS = ("light", "dark")
SERVER_TIME = "X-Server-Time"
"""Milliseconds since 1970, UTC: a clock on a wall counts by ours and not by its own."""


@bp.get("/meetings/<slug>/screen")
@public
def screen(slug: str) -> ResponseReturnValue:
    """Large letters for a projector."""
    now = utcnow()
    shown = speaker_queries.screen(db.session, slug, now)
    look = request.args.get("look", "")
    return render_template(
        "meetings/screen.html", shown=shown, look=look if look in LOOKS else LOOKS[0], now=now
    )


@bp.get("/meetings/<slug>/screen.json")
@public
def screen_json(slug: str) -> ResponseReturnValue:
    """The same for scripts, which ask every other second: an answer only where something has changed."""
    now = utcnow()
    response = jsonify(_document(speaker_queries.screen(db.session, slug, now)))
    response.headers[SERVER_TIME] = str(int(now.timestamp() * 1000))
    response.add_etag()
    return response.make_conditional(request)


def _document(shown: Screen) -> dict[str, Any]:
    floor = shown.floor
    return {
        "meeting": _both(shown.meeting.title),
        "is_running": shown.is_running,
        "item": {"number": shown.item.position, "title": _both(shown.item.title)} if shown.item else None,
        "speaker": _called(shown.speaker) if shown.speaker else None,
        "seconds": floor.seconds if floor else None,
        "ends_at": _instant(floor.ends_at) if floor else None,
        "left_seconds": floor.left_seconds if floor else None,
        "next": [_called(each) for each in shown.coming],
    }


def _called(person: Called) -> dict[str, Any]:
    return {"number": person.number, "name": person.name}


def _both(text: Localised) -> dict[str, str]:
    return {"en": text.en, "es": text.es}


def _instant(value: datetime | None) -> str | None:
    return value.isoformat(timespec="milliseconds") if value else None
