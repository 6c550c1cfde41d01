"""Who works on the life of a docket."""

from __future__ import annotations

from engage.accounts.access import STAFF
from engage.accounts.models import RoleName, User

EDITORS = (RoleName.CLERK, RoleName.OFFICIAL, RoleName.ADMINISTRATOR)
READERS = tuple(sorted(STAFF))
"""Of the checklist with its drafts. The register is for editors only: a body may not want to be named."""


def may_edit(user: User | None) -> bool:
    """Whether this person may write the checklist and the register."""
    return user is not None and user.has_any_role(*EDITORS)
