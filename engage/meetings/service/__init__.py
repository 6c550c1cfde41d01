"""What changes meetings. Services flush and never commit."""

from engage.meetings.service.attend import AttendanceClosed, Joined, cancel_attendance, join_meeting
from engage.meetings.service.notice import post_agenda, post_notice

__all__ = [
    "AttendanceClosed",
    "Joined",
    "cancel_attendance",
    "join_meeting",
    "post_agenda",
    "post_notice",
]
