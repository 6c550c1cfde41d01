"""What changes meetings. Services flush and never commit."""

from engage.meetings.service.attend import (
    AlreadyJoined,
    AttendanceClosed,
    Joined,
    cancel_attendance,
    change_attendance,
    change_capacity,
    join_meeting,
)
from engage.meetings.service.mail import forget_address, leave_address
from engage.meetings.service.needs import NeedClosed, Needs, answer_need, ask_for, withdraw_need
from engage.meetings.service.notice import post_agenda, post_notice
from engage.meetings.service.register import Registration, register

__all__ = [
    "AlreadyJoined",
    "AttendanceClosed",
    "Joined",
    "NeedClosed",
    "Needs",
    "Registration",
    "answer_need",
    "ask_for",
    "cancel_attendance",
    "change_attendance",
    "change_capacity",
    "forget_address",
    "join_meeting",
    "leave_address",
    "post_agenda",
    "post_notice",
    "register",
    "withdraw_need",
]
