"""The moderation log: rows are added and never changed; each carries the hash of the one before it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.db.base import Base, BigId
from engage.db.types import text_enum


class ModerationAction(StrEnum):
    """What was done to a comment.

    A comment is kept from readers by RESTRICT, or by PROPOSE of one person and CONFIRM of another.
    """

    POST = "post"
    RESTRICT = "restrict"
    REOPEN = "reopen"
    IMPORT = "import"
    UPDATE = "update"
    WITHDRAW = "withdraw"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    DECLINE = "decline"
    REDACT = "redact"
    RESTORE = "restore"
    OPEN_ORIGINAL = "open_original"
    APPEAL_OPEN = "appeal_open"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_DENIED = "appeal_denied"
    DISMISS_REPORTS = "dismiss_reports"
    CONTEST_OPEN = "contest_open"
    CONTEST_ADMITTED = "contest_admitted"
    CONTEST_DISMISSED = "contest_dismissed"
    RESTRICT_ATTACHMENT = "restrict_attachment"
    POST_ATTACHMENT = "post_attachment"


class LogReason(StrEnum):
    """Every reason that a line can name: those for not posting (ModerationReason), and those of other steps.

    A closed list, because a line can never be changed: no words of a person may get into it.
    """

    SPAM = "spam"
    TRUE_THREAT = "true_threat"
    OBSCENITY_LEGAL = "obscenity_legal"
    DOXXING_PERSONAL_DATA = "doxxing_personal_data"
    MALWARE_OR_ILLEGAL = "malware_or_illegal"
    OFF_TOPIC = "off_topic"
    DUPLICATE_SUBMISSION = "duplicate_submission"
    IMPERSONATION_CONTESTED = "impersonation_contested"
    OWN_PERSONAL_DATA = "own_personal_data"
    OTHERS_PERSONAL_DATA = "others_personal_data"
    OVER_REDACTED = "over_redacted"
    CHECK_REDACTION = "check_redaction"
    DECIDE_APPEAL = "decide_appeal"
    LEGAL_REQUEST = "legal_request"
    WITHIN_RULES = "within_rules"
    SEEN_TO = "seen_to"


class ModerationEvent(Base):
    """One step. The database refuses to change or delete it (triggers in the second migration).

    ``happened_at`` is the instant of a staff member's act, never a resident's: what a resident has asked for
    is written down on a later day. ``actor_id`` is None where the system acted. ``digest`` is SHA-256 over
    ``previous_digest`` and this row's fields: see moderation.chain.
    """

    __tablename__ = "moderation_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    comment_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("comment.id"), index=True)
    action: Mapped[ModerationAction] = mapped_column(text_enum(ModerationAction, "action"))
    reason: Mapped[LogReason | None] = mapped_column(text_enum(LogReason, "reason"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    happened_at: Mapped[datetime]
    previous_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
