"""Imports every model, so that migrations see all tables."""

from engage.accounts import models as accounts
from engage.comments import models as comments
from engage.contacts import models as contacts
from engage.db.base import Base
from engage.dockets import models as dockets
from engage.labelling import models as labelling
from engage.mail import models as mail
from engage.moderation import models as moderation
from engage.receipts import models as receipts
from engage.reports import models as reports
from engage.themes import models as themes

__all__ = [
    "Base",
    "accounts",
    "comments",
    "contacts",
    "dockets",
    "labelling",
    "mail",
    "moderation",
    "receipts",
    "reports",
    "themes",
]
