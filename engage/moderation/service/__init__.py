"""What can be done in moderation, by verb. Every function flushes and never commits."""

from engage.moderation.service.decide import (
    Outcome,
    post_comments,
    reopen_comments,
    restrict_comments,
    undo_decisions,
)
from engage.moderation.service.log import WrongState
from engage.moderation.service.source import (
    record_import,
    record_update,
    withdraw_comment,
    withdraw_for_author,
)

__all__ = [
    "Outcome",
    "WrongState",
    "post_comments",
    "record_import",
    "record_update",
    "reopen_comments",
    "restrict_comments",
    "undo_decisions",
    "withdraw_comment",
    "withdraw_for_author",
]
