"""What the pages of this room share."""

from __future__ import annotations

from flask_babel import gettext as _

from engage.accounts.access import signed_in_user
from engage.accounts.models import User
from engage.errors import NotAllowed
from engage.moderation.rules import MODERATORS
from engage.web.locale import localised_blueprint

__all__ = ["MODERATORS", "bp", "moderator"]

bp = localised_blueprint("moderation", __name__)


def moderator() -> User:
    """Who is at work here."""
    user = signed_in_user()
    if user is None:
        raise NotAllowed(_("Your account may not open this page."))
    return user
