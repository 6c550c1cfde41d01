"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from engage.meetings.models import (
    AccommodationKind,
    AccommodationState,
    AttendeeState,
    DecidedState,
    FileKindName,
    Format,
    MeetingChangeKind,
    MeetingKind,
    MeetingStatus,
    Mode,
    NoticeKind,
    SpeakerState,
)

KINDS: dict[str, LazyString] = {
    MeetingKind.REGULAR: _l("Regular meeting"),
    MeetingKind.SPECIAL: _l("Special meeting"),
    MeetingKind.EMERGENCY: _l("Emergency meeting"),
    MeetingKind.COMMUNITY_FORUM: _l("Community forum"),
    MeetingKind.STEERING_COMMITTEE: _l("Steering committee"),
    MeetingKind.HEARING: _l("Public hearing"),
    MeetingKind.TOWN_HALL: _l("Town hall"),
    MeetingKind.WORKSHOP: _l("Workshop"),
    MeetingKind.OFFICE_HOURS: _l("Office hours"),
}

FORMATS: dict[str, LazyString] = {
    Format.IN_PERSON: _l("In person"),
    Format.ONLINE: _l("Online"),
    Format.HYBRID: _l("In person and online"),
}

STATUSES: dict[str, LazyString] = {
    MeetingStatus.DRAFT: _l("Draft"),
    MeetingStatus.TENTATIVE: _l("Tentative"),
    MeetingStatus.CONFIRMED: _l("Confirmed"),
    MeetingStatus.POSTPONED: _l("Postponed"),
    MeetingStatus.RESCHEDULED: _l("Rescheduled"),
    MeetingStatus.CANCELLED: pgettext("meeting", "Cancelled"),
    MeetingStatus.PASSED: _l("Over"),
}

CHANGES: dict[str, LazyString] = {
    MeetingChangeKind.CONFIRM: _l("Confirmed"),
    MeetingChangeKind.MOVE: _l("Time changed"),
    MeetingChangeKind.PLACE: _l("Place changed"),
    MeetingChangeKind.POSTPONE: _l("Postponed"),
    MeetingChangeKind.RESCHEDULE: _l("Rescheduled"),
    MeetingChangeKind.CANCEL: pgettext("meeting", "Cancelled"),
}

NOTICES: dict[str, LazyString] = {
    NoticeKind.NOTICE: _l("Notice"),
    NoticeKind.AGENDA: _l("Agenda"),
}

FILES: dict[str, LazyString] = {
    FileKindName.AGENDA: _l("Agenda"),
    FileKindName.PACKET: _l("Packet"),
    FileKindName.NOTICE: _l("Notice"),
    FileKindName.PRESENTATION: _l("Presentation"),
    FileKindName.TESTIMONY: _l("Testimony"),
    FileKindName.MINUTES: _l("Minutes"),
    FileKindName.RECORDING: _l("Recording"),
    FileKindName.TRANSCRIPT: _l("Transcript"),
    FileKindName.OTHER: _l("Other document"),
}

DECIDED: dict[str, LazyString] = {
    DecidedState.APPROVED: _l("Approved"),
    DecidedState.REJECTED: _l("Rejected"),
    DecidedState.AMENDED: _l("Approved with changes"),
    DecidedState.CONTINUED: _l("Continued at another meeting"),
    DecidedState.REFERRED: _l("Referred to another body"),
    DecidedState.HEARD: _l("Heard, nothing decided"),
    DecidedState.WITHDRAWN: _l("Taken off the agenda"),
}

MODES: dict[str, LazyString] = {
    Mode.IN_PERSON: _l("In person"),
    Mode.REMOTE: _l("Online or by telephone"),
}

ATTENDEES: dict[str, LazyString] = {
    AttendeeState.NOT_ASKED: _l("No place asked for"),
    AttendeeState.REGISTERED: _l("Registered"),
    AttendeeState.WAITLISTED: _l("On the waiting list"),
    AttendeeState.CANCELLED: _l("Cancelled"),
}

ACCOMMODATIONS: dict[str, LazyString] = {
    AccommodationKind.SIGN_LANGUAGE: _l("Sign language (ASL)"),
    AccommodationKind.INTERPRETER: _l("Interpreter"),
    AccommodationKind.CAPTIONS: _l("Live captions"),
    AccommodationKind.WHEELCHAIR: _l("Room for a wheelchair"),
    AccommodationKind.LARGE_PRINT: _l("Papers in large print or Braille"),
    AccommodationKind.HEARING_LOOP: _l("Help with hearing"),
    AccommodationKind.CHILDCARE: _l("Childcare"),
    AccommodationKind.QUIET_SPACE: _l("A quiet space"),
    AccommodationKind.OTHER: _l("Something else"),
}

ACCOMMODATION_STATES: dict[str, LazyString] = {
    AccommodationState.REQUESTED: _l("Asked for, not answered yet"),
    AccommodationState.ARRANGED: _l("Arranged"),
    AccommodationState.NOT_POSSIBLE: _l("Not possible"),
    AccommodationState.WITHDRAWN: _l("Withdrawn"),
}

SPEAKERS: dict[str, LazyString] = {
    SpeakerState.REQUESTED: _l("Waiting to be called"),
    SpeakerState.CALLED: _l("Called"),
    SpeakerState.SPOKE: _l("Has spoken"),
    SpeakerState.ABSENT: _l("Was not there"),
    SpeakerState.CANCELLED: _l("Cancelled"),
}

MISSING: dict[str, LazyString] = {
    "title": _l("the title in English and in Spanish"),
    "summary": _l("what it is about, in English and in Spanish"),
    "place": _l("the place"),
    "join": _l("a link or a telephone number to join by"),
    "docket": _l("a docket that residents can see"),
    "period": _l("a comment period that residents can see"),
}
"""What a draft may lack, by service.meeting.Missing."""
