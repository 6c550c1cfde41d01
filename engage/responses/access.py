"""Who may write answers and promises, and who reads the drafts."""

from __future__ import annotations

from engage.accounts.access import STAFF
from engage.accounts.models import RoleName, User

EDITORS = (RoleName.OFFICIAL, RoleName.CLERK, RoleName.ADMINISTRATOR)
"""Those who answer for the county: they write, and publish what they have written."""

READERS = tuple(sorted(STAFF))
"""Hosts and moderators read what is being drafted and change nothing."""


def may_write(user: User | None) -> bool:
    """Whether somebody may draft and publish."""
    return user is not None and user.has_any_role(*EDITORS)
