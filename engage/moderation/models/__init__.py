"""The log, what two people decide, what is redacted, and what residents ask to be looked at again."""

from engage.moderation.models.disputes import (
    Appeal,
    AppealOutcome,
    CommentReport,
    Contest,
    ContestOutcome,
)
from engage.moderation.models.log import LogReason, ModerationAction, ModerationEvent
from engage.moderation.models.redaction import Redaction, SealedKey, SealedOriginal
from engage.moderation.models.removal import ProposalOutcome, RemovalProposal

__all__ = [
    "Appeal",
    "AppealOutcome",
    "CommentReport",
    "Contest",
    "ContestOutcome",
    "LogReason",
    "ModerationAction",
    "ModerationEvent",
    "ProposalOutcome",
    "Redaction",
    "RemovalProposal",
    "SealedKey",
    "SealedOriginal",
]
