"""What the pages of this room share."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.accounts.access import signed_in_user
from engage.accounts.models import RoleName, User
from engage.errors import NotAllowed
from engage.web.locale import localised_blueprint

bp = localised_blueprint("moderation", __name__)

MODERATORS = (RoleName.MODERATOR, RoleName.ADMINISTRATOR)


def moderator() -> User:
    """Who is at work here."""
    user = signed_in_user()
    if user is None:
        raise NotAllowed(_("Your account may not open this page."))
    return user
