"""What changes meetings. Services flush and never commit."""

from engage.meetings.service.attend import AttendanceClosed, Joined, cancel_attendance, join_meeting
from engage.meetings.service.notice import agenda_content, post_agenda, post_notice
from engage.meetings.service.notice_rule import drop_notice_rule, set_notice_rule

__all__ = [
    "AttendanceClosed",
    "Joined",
    "agenda_content",
    "cancel_attendance",
    "drop_notice_rule",
    "join_meeting",
    "post_agenda",
    "post_notice",
    "set_notice_rule",
]
