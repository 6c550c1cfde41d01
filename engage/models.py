"""Imports every model, so that migrations see all tables."""

from engage.accounts import models as accounts
from engage.campaigns import models as campaigns
from engage.checks import models as checks
from engage.comments import models as comments
from engage.contacts import models as contacts
from engage.db.base import Base
from engage.dockets import models as dockets
from engage.feedback import models as feedback
from engage.follows import models as follows
from engage.jobs import models as jobs
from engage.labelling import models as labelling
from engage.lifecycle import models as lifecycle
from engage.mail import models as mail
from engage.meetings import models as meetings
from engage.moderation import models as moderation
from engage.oversight import models as oversight
from engage.receipts import models as receipts
from engage.reports import models as reports
from engage.reports.ratings import models as ratings
from engage.responses import models as responses
from engage.retention import models as retention
from engage.themes import models as themes

__all__ = [
    "Base",
    "accounts",
    "campaigns",
    "checks",
    "comments",
    "contacts",
    "dockets",
    "feedback",
    "follows",
    "jobs",
    "labelling",
    "lifecycle",
    "mail",
    "meetings",
    "moderation",
    "oversight",
    "ratings",
    "receipts",
    "reports",
    "responses",
    "retention",
    "themes",
]
