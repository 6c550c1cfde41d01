"""Meetings and all that belongs to them."""

from engage.meetings.models.after import DecidedState, MinutesVersion
from engage.meetings.models.agenda import AgendaItem, FileKindName, MeetingFile
from engage.meetings.models.attendee import (
    AccommodationKind,
    AccommodationRequest,
    AccommodationState,
    Attendee,
    AttendeeState,
    Mode,
)
from engage.meetings.models.comment import MeetingComment
from engage.meetings.models.meeting import (
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingKind,
    MeetingStatus,
)
from engage.meetings.models.notice import MeetingNotice, NoticeKind, NoticeRule, NoticeUnit
from engage.meetings.models.series import MeetingSeries
from engage.meetings.models.speaker import Floor, SpeakerRequest, SpeakerState

__all__ = [
    "AccommodationKind",
    "AccommodationRequest",
    "AccommodationState",
    "AgendaItem",
    "Attendee",
    "AttendeeState",
    "DecidedState",
    "FileKindName",
    "Floor",
    "Format",
    "Meeting",
    "MeetingChange",
    "MeetingChangeKind",
    "MeetingComment",
    "MeetingFile",
    "MeetingKind",
    "MeetingNotice",
    "MeetingSeries",
    "MeetingStatus",
    "MinutesVersion",
    "Mode",
    "NoticeKind",
    "NoticeRule",
    "NoticeUnit",
    "SpeakerRequest",
    "SpeakerState",
]
