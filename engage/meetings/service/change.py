"""Move, postpone, reschedule, cancel and confirm what residents have seen: never in silence, and what stood
there before stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.types import LANGUAGES, Localised
from engage.errors import RuleBroken
from engage.meetings import words
from engage.meetings.models import Format, Meeting, MeetingChange, MeetingChangeKind, MeetingStatus
from engage.meetings.service.lock import lock
from engage.meetings.service.meeting import Missing, NotFinished, WrongMeetingState, missing_where
from engage.meetings.service.needs import set_due_anew
from engage.meetings.service.notice import post_notice, repost_agenda

Kind = MeetingChangeKind

_STANDS = frozenset({MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED, MeetingStatus.RESCHEDULED})
_FROM = {
    Kind.CONFIRM: _STANDS,
    Kind.MOVE: _STANDS,
    Kind.PLACE: _STANDS,
    Kind.POSTPONE: _STANDS,
    Kind.RESCHEDULE: _STANDS | {MeetingStatus.POSTPONED},
    Kind.CANCEL: _STANDS | {MeetingStatus.POSTPONED},
}
"""From where each change is possible. Nothing leads on from what is over, and nothing back from cancelled."""


class NoReason(RuleBroken):
    """The public is not told why, in both languages."""


class BadStart(RuleBroken):
    """The new time is not one to which the meeting can go."""


class Unchanged(RuleBroken):
    """Nothing would be different, so there is nothing to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people attend, and how they find it."""

    format: Format
    place_name: Localised | None
    place_street: str | None
    directions: Localised | None
    accessibility: Localised | None
    join_url: str | None
    join_phone: str | None

    @property
    def lacks(self) -> list[Missing]:
        """What nobody could come without."""
        return missing_where(self.format, self.place_name, self.join_url, self.join_phone)


ANNOUNCED_PLACE = ("format", "place_name", "place_street", "join_url", "join_phone")


def possible_changes(meeting: Meeting, now: datetime) -> list[MeetingChangeKind]:
    """What can be done with a meeting in its present state."""
    status = meeting.status(now)
    return [
        kind
        for kind, states in _FROM.items()
        if status in states and (kind is not Kind.CONFIRM or meeting.is_tentative)
    ]


def confirm_meeting(
    session: Session, meeting: Meeting, *, reason: Localised, actor: User | None, now: datetime
) -> MeetingChange:
    """Make a tentative meeting certain. Raises WrongMeetingState, NoReason."""
    _take(session, meeting, Kind.CONFIRM, reason, now)
    return _change(session, meeting, Kind.CONFIRM, reason, actor, now, is_tentative=False)


def postpone_meeting(
    session: Session, meeting: Meeting, *, reason: Localised, actor: User | None, now: datetime
) -> MeetingChange:
    """Take its date away; a new one is to come. Raises WrongMeetingState, NoReason."""
    _take(session, meeting, Kind.POSTPONE, reason, now)
    return _change(session, meeting, Kind.POSTPONE, reason, actor, now, postponed_at=now)


def cancel_meeting(
    session: Session, meeting: Meeting, *, reason: Localised, actor: User | None, now: datetime
) -> MeetingChange:
    """Call it off, for good. It stays visible where it was. Raises WrongMeetingState, NoReason."""
    _take(session, meeting, Kind.CANCEL, reason, now)
    return _change(session, meeting, Kind.CANCEL, reason, actor, now, cancelled_at=now)


def move_meeting(
    session: Session,
    meeting: Meeting,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: Localised,
    actor: User | None,
    now: datetime,
) -> MeetingChange:
    """Correct its hours within the day. Raises WrongMeetingState, NoReason, BadStart, Unchanged."""
    _take(session, meeting, Kind.MOVE, reason, now)
    _check_times(starts_at, ends_at, now)
    if (starts_at, ends_at) == (meeting.starts_at, meeting.ends_at):
        raise Unchanged(_l("These are the times that it has already."))
    if starts_at.astimezone(meeting.zone).date() != meeting.local_start.date():
        raise BadStart(_l("This is another day. Reschedule the meeting instead."))
    return _change(session, meeting, Kind.MOVE, reason, actor, now, starts_at=starts_at, ends_at=ends_at)


def reschedule_meeting(
    session: Session,
    meeting: Meeting,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: Localised,
    actor: User | None,
    now: datetime,
) -> MeetingChange:
    """Give it a new date, also where it had none any more. The first one ever announced stays beside it.

    Raises WrongMeetingState, NoReason, BadStart, Unchanged.
    """
    _take(session, meeting, Kind.RESCHEDULE, reason, now)
    _check_times(starts_at, ends_at, now)
    if meeting.postponed_at is None and starts_at == meeting.starts_at:
        raise Unchanged(_l("This is the date that it has already."))
    return _change(
        session,
        meeting,
        Kind.RESCHEDULE,
        reason,
        actor,
        now,
        starts_at=starts_at,
        ends_at=ends_at,
        original_starts_at=meeting.first_start,
        postponed_at=None,
    )


def change_place(
    session: Session, meeting: Meeting, *, place: Place, reason: Localised, actor: User | None, now: datetime
) -> MeetingChange:
    """Hold it elsewhere, online, or by another link.

    Raises WrongMeetingState, NoReason, Unchanged, and NotFinished where nobody could come that way.
    """
    _take(session, meeting, Kind.PLACE, reason, now)
    if place.lacks:
        raise NotFinished(_l("Say where people come together, or how they join from elsewhere."))
    if all(getattr(meeting, name) == getattr(place, name) for name in ANNOUNCED_PLACE):
        raise Unchanged(_l("This is where it takes place already."))
    values = {name: getattr(place, name) for name in (*ANNOUNCED_PLACE, "directions", "accessibility")}
    return _change(session, meeting, Kind.PLACE, reason, actor, now, **values)


def said_place(meeting: Meeting) -> Localised:
    """Where residents read that it takes place, in words; never a link that only those registered see."""
    return Localised(**{code: _said_place(meeting, code) for code in LANGUAGES})


def _said_place(meeting: Meeting, code: str) -> str:
    with force_locale(code):
        said = [str(words.FORMATS[meeting.format])]
    if meeting.is_in_person:
        said += [meeting.place_name.best(code)[0] if meeting.place_name else "", meeting.place_street or ""]
    said += [meeting.public_join_url or "", meeting.public_join_phone or ""]
    return ", ".join(part for part in said if part)


def _take(session: Session, meeting: Meeting, kind: Kind, reason: Localised, now: datetime) -> None:
    """Read the row as it is now and hold it: somebody else may be changing it at this moment."""
    lock(session, meeting)
    if kind not in possible_changes(meeting, now):
        raise WrongMeetingState(_l("This cannot be done with the meeting in its present state."))
    if not reason.is_complete:
        raise NoReason(_l("Say why, in English and in Spanish: residents read both."))


def _check_times(starts_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    if starts_at <= now:
        raise BadStart(_l("The new time must lie ahead."))
    if ends_at is not None and ends_at <= starts_at:
        raise BadStart(_l("A meeting ends after it starts."))


def write_change(
    session: Session,
    meeting: Meeting,
    kind: Kind,
    *,
    reason: Localised,
    actor: User | None,
    now: datetime,
    **values: Any,
) -> MeetingChange:
    """Change columns that residents have read, and write down what stood there and why.

    Whether the change may be made, the caller has seen; what residents read is posted by the caller too.
    """
    change = MeetingChange(
        meeting_id=meeting.id,
        kind=kind,
        happened_at=now,
        actor_id=actor.id if actor else None,
        old_starts_at=meeting.starts_at,
        new_starts_at=values.get("starts_at"),
        old_place=said_place(meeting) if kind is Kind.PLACE else None,
        reason=reason,
    )
    promised = meeting.accommodations_due_on
    for name, value in values.items():
        setattr(meeting, name, value)
    if meeting.accommodations_due_on != promised:
        set_due_anew(session, meeting, now)
    meeting.sequence += 1
    meeting.changed_at = now
    session.add(change)
    session.flush()
    session.expire(meeting, ["changes"])
    return change


def _change(
    session: Session,
    meeting: Meeting,
    kind: Kind,
    reason: Localised,
    actor: User | None,
    now: datetime,
    **values: Any,
) -> MeetingChange:
    change = write_change(session, meeting, kind, reason=reason, actor=actor, now=now, **values)
    post_notice(session, meeting, actor=actor, now=now)
    repost_agenda(session, meeting, actor=actor, now=now)
    return change
