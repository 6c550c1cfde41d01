"""Who may work on which form: a host on their own, clerks and administrators on all."""

from __future__ import annotations

from engage.accounts.models import RoleName, User
from engage.feedback.models import FeedbackForm

CLERKS = (RoleName.CLERK, RoleName.ADMINISTRATOR)
EDITORS = (RoleName.HOST, *CLERKS)
"""Who may make forms at all."""

READERS = (RoleName.OFFICIAL, *EDITORS)
"""Who may read the results of forms before the public does."""

MODERATORS = (RoleName.MODERATOR, *CLERKS)
"""Who decides which texts the public may read."""


def may_edit(user: User, form: FeedbackForm) -> bool:
    """Whether this person may see and change a form as staff."""
    return user.has_any_role(*CLERKS) or (user.has_any_role(RoleName.HOST) and form.host_id == user.id)


def may_publish(user: User) -> bool:
    """Whether this person may show forms to residents, and change what residents have seen."""
    return user.has_any_role(*CLERKS)


def may_write(user: User, form: FeedbackForm) -> bool:
    """Whether this person may write the working definition: a host only while it is in their hands."""
    return may_publish(user) or (may_edit(user, form) and form.submitted_at is None)


def may_set(user: User, form: FeedbackForm) -> bool:
    """Whether this person may write days and settings: a host only those of a draft in their hands."""
    return may_publish(user) or (may_write(user, form) and form.published_at is None)


def may_read_results(user: User, form: FeedbackForm) -> bool:
    """Whether this person may read results that the public may not read yet."""
    return user.has_any_role(RoleName.OFFICIAL) or may_edit(user, form)
