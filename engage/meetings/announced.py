"""When and where a meeting was to be when it was announced, whatever was changed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from engage.db.types import Localised
from engage.meetings.models import Format, Meeting, MeetingChangeKind, MeetingNotice, NoticeKind


@dataclass(frozen=True, slots=True)
class Announced:
    """Both ends as clocks in the place show them, and the place. ``ends`` is None where it is not known."""

    begins: datetime
    ends: datetime | None
    place_name: Localised | None
    place_street: str | None
    is_online: bool


def as_it_stands(meeting: Meeting) -> Announced:
    """What holds now."""
    return Announced(
        begins=meeting.local_start,
        ends=meeting.ends_at.astimezone(meeting.zone) if meeting.ends_at else None,
        place_name=meeting.place_name,
        place_street=meeting.place_street,
        is_online=meeting.is_online,
    )


def as_announced(meeting: Meeting) -> Announced:
    """What residents read first: the first notice, or what the changes say that stood before them."""
    notice = next((one for one in meeting.notices if one.kind is NoticeKind.NOTICE), None)
    # A meeting that came in by an import has its first notice only after its first change.
    if notice is not None and not any(change.happened_at <= notice.posted_at for change in meeting.changes):
        return _by_notice(meeting, notice)
    return _before_changes(meeting) if meeting.changes else as_it_stands(meeting)


def _by_notice(meeting: Meeting, notice: MeetingNotice) -> Announced:
    said = json.loads(notice.content)
    return Announced(
        begins=notice.starts_at.astimezone(meeting.zone),
        ends=datetime.fromisoformat(said["ends_at"]).astimezone(meeting.zone) if said["ends_at"] else None,
        place_name=Localised(**said["place"]) if said["place"] else None,
        place_street=said["address"],
        is_online=said["format"] != Format.IN_PERSON,
    )


def _before_changes(meeting: Meeting) -> Announced:
    now = as_it_stands(meeting)
    was_moved = any(change.new_starts_at for change in meeting.changes)
    # It says the place, the street and how to attend in one.
    place = next((one.old_place for one in meeting.changes if one.kind is MeetingChangeKind.PLACE), None)
    return Announced(
        begins=meeting.changes[0].old_starts_at.astimezone(meeting.zone),
        ends=None if was_moved else now.ends,
        place_name=place or now.place_name,
        place_street=None if place else now.place_street,
        is_online=now.is_online and place is None,
    )
