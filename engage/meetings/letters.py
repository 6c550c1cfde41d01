"""What we write to those who come to a meeting. No mail names its topic, a person, or what somebody needs.

The date, the place and the way in stand in the mail itself: who has no connection on the day needs no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from engage.meetings.codes import code_of
from engage.meetings.models import (
    Attendee,
    AttendeeState,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingStatus,
    Mode,
)
from engage.web.links import address_of, path_to
from engage.web.locale import moment


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in plain text."""

    subject: str
    body: str


def confirmation(attendee: Attendee, now: datetime) -> Letter:
    """That somebody registered, or asked for something, and how they come back to it."""
    with force_locale(attendee.language):
        waits = attendee.state is AttendeeState.WAITLISTED
        subject = (
            _("%(site)s: you are on the waiting list", site=_short_name())
            if waits
            else _("%(site)s: your registration", site=_short_name())
        )
        return _letter(subject, _standing(attendee), attendee, now)


def promotion(attendee: Attendee, now: datetime) -> Letter:
    """That a place came free."""
    with force_locale(attendee.language):
        subject = _("%(site)s: you have a place", site=_short_name())
        said = _("You were on the waiting list. A place came free, and it is yours.")
        return _letter(subject, said, attendee, now)


def answer(attendee: Attendee, now: datetime) -> Letter:
    """That there is an answer to a request; what was asked for and what the answer is stands on the page."""
    with force_locale(attendee.language):
        subject = _("%(site)s: an answer to what you asked for", site=_short_name())
        said = _("We have answered what you asked for. You find the answer on your page, below.")
        return _letter(subject, said, attendee, now)


def reminder(attendee: Attendee, now: datetime) -> Letter:
    """That the meeting is near."""
    with force_locale(attendee.language):
        subject = _("%(site)s: reminder of a meeting", site=_short_name())
        said = _("This reminds you, once, of the meeting below.") + " " + _standing(attendee)
        return _letter(subject, said, attendee, now)


def change(attendee: Attendee, changed: MeetingChange, now: datetime) -> Letter:
    """That the meeting was moved, put off or called off, why, and where it stands now."""
    with force_locale(attendee.language):
        subject = {
            MeetingChangeKind.CANCEL: _("%(site)s: a meeting is cancelled", site=_short_name()),
            MeetingChangeKind.POSTPONE: _("%(site)s: a meeting is postponed", site=_short_name()),
        }.get(changed.kind, _("%(site)s: a meeting has changed", site=_short_name()))
        said = "\n".join(
            [
                _happened(changed),
                _("It was to begin: %(when)s", when=moment(changed.old_starts_at, changed.meeting.zone)),
                _("Reason: %(reason)s", reason=changed.reason.best(attendee.language)[0]),
            ]
        )
        return _letter(subject, said, attendee, now)


def _happened(changed: MeetingChange) -> str:
    said = {
        MeetingChangeKind.MOVE: _("The meeting begins at another time."),
        MeetingChangeKind.RESCHEDULE: _("The meeting has a new date."),
        MeetingChangeKind.PLACE: _("The meeting takes place elsewhere."),
        MeetingChangeKind.POSTPONE: _(
            "The meeting is postponed. It has no new date yet; we write when it has."
        ),
        MeetingChangeKind.CANCEL: _("The meeting is cancelled."),
        MeetingChangeKind.CONFIRM: _("The meeting is confirmed."),
    }
    return str(said[changed.kind])


def _standing(attendee: Attendee) -> str:
    """Where the registration stands. The way to change it is in the foot of every mail."""
    said = {
        AttendeeState.REGISTERED: _("You are registered to attend online or by telephone.")
        if attendee.mode is Mode.REMOTE
        else _("You are registered to come in person."),
        AttendeeState.WAITLISTED: _waiting(attendee),
    }
    return str(said.get(attendee.state) or _no_place(attendee))


def _waiting(attendee: Attendee) -> str:
    said = [_("You are on the waiting list: you have no place yet.")]
    if attendee.meeting.is_online:
        said.append(
            _("You can attend online or by telephone; how to join is below.")
            if may_join(attendee)
            else _("You can attend online or by telephone instead: choose it on your page.")
        )
    said.append(_("If a place in the room comes free for you, we write at once."))
    return " ".join(map(str, said))


def _no_place(attendee: Attendee) -> str:
    if not lacks_place(attendee):
        return str(_("You asked for no place, and you need none to come."))
    said = (
        _("You are on the speakers’ list, but you have no place in the room, where places are counted.")
        if attendee.is_speaking_from
        else _("You have no place in the room, where places are counted.")
    )
    return " ".join([str(said), str(_("You can ask for one on your page."))])


def lacks_place(attendee: Attendee) -> bool:
    """Whether somebody who asked for no place may find no room: places are counted, and they would come."""
    meeting = attendee.meeting
    comes = meeting.is_in_person and Mode.IN_PERSON in (attendee.is_speaking_from or {attendee.mode})
    return attendee.state is AttendeeState.NOT_ASKED and meeting.capacity is not None and comes


def renumbered(attendee: Attendee, now: datetime) -> Letter:
    """That somebody who waits again stands elsewhere in the line, by another number."""
    with force_locale(attendee.language):
        subject = _("%(site)s: your number has changed", site=_short_name())
        said = _(
            "You wait for a place again. Your new number in the line is %(number)s.", number=attendee.number
        )
        return _letter(subject, f"{said} {_standing(attendee)}", attendee, now)


def _letter(subject: str, said: str, attendee: Attendee, now: datetime) -> Letter:
    meeting = attendee.meeting
    takes_place = meeting.status(now) not in (MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)
    parts = [
        said,
        *(["\n".join(_facts(attendee, meeting))] if takes_place else []),
        _foot(attendee, meeting.status(now)),
    ]
    return Letter(" ".join(subject.split()), "\n\n".join(parts) + "\n")


def _facts(attendee: Attendee, meeting: Meeting) -> list[str]:
    language = attendee.language
    lines = [_("Begins: %(when)s", when=moment(meeting.starts_at, meeting.zone))]
    if meeting.is_in_person:
        place = meeting.place_name.best(language)[0] if meeting.place_name else ""
        where = ", ".join(part for part in (place, meeting.place_street) if part)
        lines.append(_("Place: %(where)s", where=where))
        if meeting.directions:
            lines.append(
                _("How to get there: %(directions)s", directions=meeting.directions.best(language)[0])
            )
    if may_join(attendee):
        if meeting.join_url:
            lines.append(_("Join online: %(link)s", link=meeting.join_url))
        if meeting.join_phone:
            lines.append(_("Join by telephone: %(number)s", number=meeting.join_phone))
    if attendee.wants_place and meeting.is_in_person and attendee.mode is Mode.IN_PERSON:
        waits = attendee.state is AttendeeState.WAITLISTED
        lines.append(
            _("Your number in the line: %(number)s", number=attendee.number)
            if waits
            else _("Your number at the door: %(number)s", number=attendee.number)
        )
    return [str(line) for line in lines]


def may_join(attendee: Attendee) -> bool:
    """Whether somebody is told how to join from elsewhere: everybody where it is public, else who has a
    place, attends from elsewhere, or wants to speak from there."""
    meeting = attendee.meeting
    if not meeting.is_online or meeting.join_is_public:
        return meeting.is_online
    if attendee.state in (AttendeeState.REGISTERED, AttendeeState.CANCELLED):
        return attendee.state is AttendeeState.REGISTERED
    return attendee.mode is Mode.REMOTE or Mode.REMOTE in attendee.is_speaking_from


def _foot(attendee: Attendee, status: MeetingStatus) -> str:
    code = code_of(attendee.id)
    page = address_of(path_to("meetings.attending", attendee.language, code=code))
    if status is MeetingStatus.CANCELLED:
        foot = _(
            "Your page, to see anything, or to get no more mail:\n%(page)s\n\n"
            "Whoever has this address can change your registration. Keep it to yourself.",
            page=page,
        )
    else:
        foot = _(
            "Your page, to see or change anything, or to get no more mail:\n%(page)s\n\n"
            "Cancel:\n%(cancel)s\n\n"
            "Whoever has these addresses can change your registration. Keep them to yourself.",
            page=page,
            cancel=address_of(path_to("meetings.cancel_attendance", attendee.language, code=code)),
        )
    return f"-- \n{foot}"


def _short_name() -> str:
    name: str = current_app.config["ENGAGE_SETTINGS"].site_short_name
    return name
