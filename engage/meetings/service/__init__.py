"""What changes meetings. Services flush and never commit."""

from engage.meetings.service.attend import AttendanceClosed, Joined, cancel_attendance, join_meeting
from engage.meetings.service.notice import lock_ledger, post_agenda, post_notice

__all__ = [
    "AttendanceClosed",
    "Joined",
    "cancel_attendance",
    "join_meeting",
    "lock_ledger",
    "post_agenda",
    "post_notice",
]
