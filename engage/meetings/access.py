"""Who may work on which meeting: a host on their own, clerks and administrators on all."""

from __future__ import annotations

from engage.accounts.models import RoleName, User
from engage.meetings.models import Meeting, MeetingSeries

CLERKS = (RoleName.CLERK, RoleName.ADMINISTRATOR)
HOSTS = (RoleName.HOST, *CLERKS)
"""Who may open the staff pages of meetings at all."""


def may_edit(user: User, meeting: Meeting | MeetingSeries) -> bool:
    """Whether this person may see and change a meeting as staff."""
    return user.has_any_role(*CLERKS) or (user.has_any_role(RoleName.HOST) and meeting.host_id == user.id)


def may_publish(user: User) -> bool:
    """Whether this person may show meetings to residents, and change what residents have seen."""
    return user.has_any_role(*CLERKS)
