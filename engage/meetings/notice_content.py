"""What a posted notice or agenda says, as one canonical text of JSON: its bytes are what is hashed.

Keys sorted, no spaces, UTF-8 with every character as itself. Nothing of it is secret: a link that only those
who registered are shown, a file that is not to be seen yet, are not in it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from engage.db.types import Localised
from engage.meetings.models import AgendaItem, DecidedState, FileKindName, Meeting, MeetingFile, NoticeKind
from engage.meetings.notice_rules import Rule, as_json

PLACE = ("format", "place", "address", "join_url", "phone")
"""What of a notice says where to come; a change of any of it is a change of place."""

_AFTERWARDS = frozenset(
    {FileKindName.MINUTES, FileKindName.RECORDING, FileKindName.TRANSCRIPT, FileKindName.TESTIMONY}
)
"""What comes to a whole meeting after its agenda, and is none of it."""


def canonical(said: dict[str, Any]) -> str:
    """The one way to write this down."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(content: str) -> str:
    """SHA-256 of the UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(content.encode()).hexdigest()


def notice_of(meeting: Meeting, rule: Rule) -> dict[str, Any]:
    """The notice of a meeting as it stands, and the rule that it is posted by."""
    return {
        "document": NoticeKind.NOTICE.value,
        "meeting": meeting.uid,
        "title": _text(meeting.title),
        "summary": _text(meeting.summary),
        "kind": meeting.kind.value,
        "status": _status(meeting),
        "starts_at": instant_of(meeting.starts_at),
        "ends_at": instant_of(meeting.ends_at),
        "time_zone": meeting.time_zone,
        "rule": as_json(rule),
        **place_of(meeting),
    }


def place_of(meeting: Meeting) -> dict[str, Any]:
    """Where residents are told to come."""
    return {
        "format": meeting.format.value,
        "place": _text(meeting.place_name),
        "address": meeting.place_street,
        "join_url": meeting.public_join_url,
        "phone": meeting.public_join_phone,
    }


def agenda_of(meeting: Meeting, items: list[AgendaItem], files: list[MeetingFile], now: datetime) -> Any:
    """The agenda of a meeting with the documents that can be seen now; ``files`` belong to no item."""
    said = {
        "document": NoticeKind.AGENDA.value,
        "meeting": meeting.uid,
        "starts_at": instant_of(meeting.starts_at),
        "items": items_of(items, now),
    }
    shown = _files([file for file in files if file.kind not in _AFTERWARDS], now)
    return said | {"files": shown} if shown else said


def items_of(items: list[AgendaItem], now: datetime) -> list[dict[str, Any]]:
    """The items of an agenda as they stand, with the documents that can be seen now."""
    return [_item(item, now) for item in items]


def _item(item: AgendaItem, now: datetime) -> dict[str, Any]:
    said = {
        "id": item.id,
        "position": item.position,
        "title": _text(item.title),
        "summary": _text(item.summary),
        "files": _files(item.files, now),
    }
    return said | ({"withdrawn": True} if item.decided is DecidedState.WITHDRAWN else {})


def _files(files: list[MeetingFile], now: datetime) -> list[dict[str, Any]]:
    return [_file(file) for file in files if file.is_readable(now)]


def _file(file: MeetingFile) -> dict[str, Any]:
    return {"title": _text(file.title), "digest": file.shown_digest, "url": file.url}


def _status(meeting: Meeting) -> str:
    if meeting.cancelled_at is not None:
        return "cancelled"
    if meeting.postponed_at is not None:
        return "postponed"
    return "tentative" if meeting.is_tentative else "confirmed"


def _text(value: Localised | None) -> dict[str, str] | None:
    return {"en": value.en, "es": value.es} if value else None


def instant_of(value: datetime | None) -> str | None:
    """An instant as a posted text has it."""
    return value.astimezone(UTC).isoformat() if value else None
