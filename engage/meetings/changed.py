"""What was changed of a meeting after residents had seen it: what they had read, and what holds instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engage.db.types import Localised
from engage.meetings.models import Meeting, MeetingChange, MeetingChangeKind, MeetingStatus
from engage.meetings.words import CHANGES, STATUSES
from engage.web.locale import localised, moment


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in words. ``before`` and ``after`` are what stood and what stands."""

    name: str
    happened_at: datetime
    before: str
    after: str
    reason: Localised


def change_lines(meeting: Meeting) -> list[ChangeLine]:
    """Every change of a meeting, the newest first."""
    return [_line(meeting, number) for number in reversed(range(len(meeting.changes)))]


def _line(meeting: Meeting, number: int) -> ChangeLine:
    change = meeting.changes[number]
    before, after = _status(change)
    was, is_now = _start(meeting, change)
    old_place, new_place = _place(meeting, number)
    return ChangeLine(
        name=str(CHANGES[change.kind]),
        happened_at=change.happened_at,
        before=" · ".join(filter(None, (was, old_place, before))),
        after=" · ".join(filter(None, (is_now, new_place, after))),
        reason=change.reason,
    )


def _status(change: MeetingChange) -> tuple[str, str]:
    if change.kind is MeetingChangeKind.CONFIRM:
        return str(STATUSES[MeetingStatus.TENTATIVE]), str(STATUSES[MeetingStatus.CONFIRMED])
    if change.kind is MeetingChangeKind.CANCEL:
        return "", str(STATUSES[MeetingStatus.CANCELLED])
    if change.kind is MeetingChangeKind.POSTPONE:
        return "", str(_("No new date yet"))
    return "", ""


def _start(meeting: Meeting, change: MeetingChange) -> tuple[str, str]:
    if change.kind in (MeetingChangeKind.CONFIRM, MeetingChangeKind.PLACE):
        return "", ""
    old = moment(change.old_starts_at, meeting.time_zone)
    new = moment(change.new_starts_at, meeting.time_zone) if change.new_starts_at else ""
    return old, new


def _place(meeting: Meeting, number: int) -> tuple[str, str]:
    """The place before and after, where it changed: what residents read next is what the next change left."""
    old = meeting.changes[number].old_place
    later = (change.old_place for change in meeting.changes[number + 1 :] if change.old_place)
    new = next(later, meeting.place_name)
    if not old or old == new:
        return "", ""
    return localised(old), localised(new) or str(_("Online"))
