"""What can be done in moderation, by verb. Every function flushes and never commits."""

from engage.moderation.service.appeals import (
    CannotAppeal,
    appeal_against,
    appealable,
    decide_appeal,
    open_appeal,
)
from engage.moderation.service.attachments import post_attachment, restrict_attachment
from engage.moderation.service.contests import (
    AlreadyContested,
    Case,
    admit_contest,
    dismiss_contest,
    find_case,
    open_contest,
)
from engage.moderation.service.decide import (
    Outcome,
    post_comments,
    remove_comment,
    reopen_comments,
    restrict_comments,
    undo_decisions,
)
from engage.moderation.service.disputes import note_due, purge_words
from engage.moderation.service.log import WrongState
from engage.moderation.service.redact import (
    NothingChosen,
    TooMuch,
    forget_redactions,
    read_original,
    redact_comment,
    redactions_of,
    restore_redaction,
    version_of,
)
from engage.moderation.service.reports import (
    AlreadyReported,
    dismiss_reports,
    report_comment,
    report_token,
)
from engage.moderation.service.seal import open_original, open_words
from engage.moderation.service.second_person import NeedsSomebodyElse, confirm_removal, decline_removal
from engage.moderation.service.source import (
    record_import,
    record_update,
    withdraw_comment,
    withdraw_for_author,
)

__all__ = [
    "AlreadyContested",
    "AlreadyReported",
    "CannotAppeal",
    "Case",
    "NeedsSomebodyElse",
    "NothingChosen",
    "Outcome",
    "TooMuch",
    "WrongState",
    "admit_contest",
    "appeal_against",
    "appealable",
    "confirm_removal",
    "decide_appeal",
    "decline_removal",
    "dismiss_contest",
    "dismiss_reports",
    "find_case",
    "forget_redactions",
    "note_due",
    "open_appeal",
    "open_contest",
    "open_original",
    "open_words",
    "post_attachment",
    "post_comments",
    "purge_words",
    "read_original",
    "record_import",
    "record_update",
    "redact_comment",
    "redactions_of",
    "remove_comment",
    "reopen_comments",
    "report_comment",
    "report_token",
    "restore_redaction",
    "restrict_attachment",
    "restrict_comments",
    "undo_decisions",
    "version_of",
    "withdraw_comment",
    "withdraw_for_author",
]
