"""What was changed of a meeting after residents had seen it: what they had read, and what holds instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engage.db.types import Localised
from engage.meetings.models import Meeting, MeetingChange, MeetingChangeKind, MeetingStatus
from engage.meetings.service.change import said_place
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


def moved_lines(meeting: Meeting, now: datetime) -> list[ChangeLine]:
    """The last changes of the hours and of the place, until the meeting is over: who has read only what was
    announced must not come at the wrong time or to the wrong door.

    Hours that another date has replaced since are no news any more.
    """
    if not meeting.takes_place(now):
        return []
    kinds = [change.kind for change in meeting.changes]
    last = {kind: number for number, kind in enumerate(kinds)}
    hours, date = last.get(MeetingChangeKind.MOVE, -1), last.get(MeetingChangeKind.RESCHEDULE, -1)
    found = (hours if hours > date else -1, last.get(MeetingChangeKind.PLACE, -1))
    return [_line(meeting, number) for number in found if number >= 0]


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
    change = meeting.changes[number]
    if not change.old_place:
        return "", ""
    later = (each.old_place for each in meeting.changes[number + 1 :] if each.old_place)
    old, new = localised(change.old_place), localised(next(later, None) or said_place(meeting))
    # Another system says the name of the place alone, ours all of it: a new date says nothing of either.
    is_same = old == new if change.kind is MeetingChangeKind.PLACE else _is_part(old, new)
    return ("", "") if is_same else (old, new)


def _is_part(one: str, other: str) -> bool:
    """Whether one of two places in words only says less than the other."""
    some, all_of_it = sorted((set(one.split(", ")), set(other.split(", "))), key=len)
    return some <= all_of_it
