"""The blueprint of this room, and who works in it."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.accounts.access import signed_in_user
from engage.accounts.models import RoleName, User
from engage.errors import NotAllowed
from engage.web.locale import localised_blueprint

bp = localised_blueprint("labelling", __name__)

LABELLERS = (RoleName.MODERATOR, RoleName.CLERK, RoleName.ADMINISTRATOR)
READERS = (*LABELLERS, RoleName.OFFICIAL)


def person() -> User:
    """Who is at work here."""
    user = signed_in_user()
    if user is None:
        raise NotAllowed(_("Your account may not open this page."))
    return user
