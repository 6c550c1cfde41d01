"""The rules of moderation that a place may want to read, as data: the pages tell them from here."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from engage.accounts.models import RoleName
from engage.comments.models import ModerationReason
from engage.moderation.models import LogReason

MODERATORS = (RoleName.MODERATOR, RoleName.ADMINISTRATOR)
"""The roles that decide."""

TWO_PEOPLE: frozenset[ModerationReason] = frozenset(
    {
        ModerationReason.TRUE_THREAT,
        ModerationReason.OBSCENITY_LEGAL,
        ModerationReason.DOXXING_PERSONAL_DATA,
        ModerationReason.OFF_TOPIC,
        ModerationReason.IMPERSONATION_CONTESTED,
    }
)
"""The reasons that weigh what somebody says. The others (spam, malware, duplicates) are plain at a look."""

UNDO_WITHIN = timedelta(minutes=15)
"""How long one person can take their own posting back: a slip of the hand, not a second thought."""

APPEAL_DAYS = 30
"""How many days after a comment was kept from readers its author may appeal."""

KEEP_DAYS = 365
"""How many days what a resident wrote in an appeal or a contest is kept, counted from the day it came."""

MOST_REDACTED = 0.5
"""Which part of a comment one person may redact, personal data apart. More is a removal in all but name."""

REPORT_REASONS: tuple[ModerationReason, ...] = (
    ModerationReason.DOXXING_PERSONAL_DATA,
    ModerationReason.TRUE_THREAT,
    ModerationReason.OBSCENITY_LEGAL,
    ModerationReason.MALWARE_OR_ILLEGAL,
    ModerationReason.SPAM,
)
"""For what readers can report a comment: what one comment alone can show."""

REDACTION_REASONS: tuple[LogReason, ...] = (
    LogReason.OWN_PERSONAL_DATA,
    LogReason.OTHERS_PERSONAL_DATA,
    LogReason.DOXXING_PERSONAL_DATA,
    LogReason.TRUE_THREAT,
    LogReason.OBSCENITY_LEGAL,
    LogReason.MALWARE_OR_ILLEGAL,
)
"""For what stretches of a comment can be redacted."""

OPENING_REASONS: tuple[LogReason, ...] = (
    LogReason.CHECK_REDACTION,
    LogReason.DECIDE_APPEAL,
    LogReason.LEGAL_REQUEST,
)
"""For what a moderator may read the sealed original of a redacted comment."""

DISMISSAL_REASONS: tuple[LogReason, ...] = (LogReason.WITHIN_RULES, LogReason.SEEN_TO)
"""Why reports of readers lead to nothing more."""


def is_second_person_required() -> bool:
    """Whether this place has two people decide where the rules ask for it: ENGAGE_SECOND_PERSON."""
    return bool(current_app.config["ENGAGE_SETTINGS"].second_person)
