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


def may_write(user: User, meeting: Meeting) -> bool:
    """Whether this person may write a meeting's own fields: a host only a draft that is in their hands."""
    is_with_host = meeting.published_at is None and meeting.submitted_at is None
    return may_publish(user) or (may_edit(user, meeting) and is_with_host)


def may_write_agenda(user: User, meeting: Meeting) -> bool:
    """Whether this person may write the working agenda, which residents read once a clerk has posted it.

    A host may, but for a draft that the clerks have.
    """
    return may_write(user, meeting) or (may_edit(user, meeting) and meeting.published_at is not None)
