"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.comments.models import Flag
from engage.comments.words import REASONS as RESTRICTION_REASONS
from engage.moderation.filters import Hint, WrittenIn
from engage.moderation.models import LogReason, ModerationAction
from engage.web import personal_data

ACTIONS: dict[ModerationAction, LazyString] = {
    ModerationAction.POST: _l("Posted"),
    ModerationAction.RESTRICT: _l("Not posted"),
    ModerationAction.REOPEN: _l("Opened again"),
    ModerationAction.IMPORT: _l("Brought in"),
    ModerationAction.UPDATE: _l("Updated from its source"),
    ModerationAction.WITHDRAW: _l("Withdrawn"),
    ModerationAction.PROPOSE: _l("Proposed not to post"),
    ModerationAction.CONFIRM: _l("Not posted, by two people"),
    ModerationAction.DECLINE: _l("Proposal declined"),
    ModerationAction.REDACT: _l("Parts redacted"),
    ModerationAction.RESTORE: _l("Redaction taken back"),
    ModerationAction.OPEN_ORIGINAL: _l("Original read by a moderator"),
    ModerationAction.APPEAL_OPEN: _l("Appeal received"),
    ModerationAction.APPEAL_UPHELD: _l("Appeal upheld, posted"),
    ModerationAction.APPEAL_DENIED: _l("Appeal denied"),
    ModerationAction.DISMISS_REPORTS: _l("Reports of readers seen to"),
    ModerationAction.CONTEST_OPEN: _l("Contested by somebody"),
    ModerationAction.CONTEST_ADMITTED: _l("Marked as contested"),
    ModerationAction.CONTEST_DISMISSED: _l("Contest dismissed"),
    ModerationAction.RESTRICT_ATTACHMENT: _l("Attachment not posted"),
    ModerationAction.POST_ATTACHMENT: _l("Attachment posted after all"),
}

REASONS: dict[str, LazyString] = {
    **{reason.value: name for reason, name in RESTRICTION_REASONS.items()},
    LogReason.OWN_PERSONAL_DATA: _l("Personal data of the writer"),
    LogReason.OTHERS_PERSONAL_DATA: _l("Personal data of another person"),
    LogReason.OVER_REDACTED: _l("More was redacted than needed"),
    LogReason.CHECK_REDACTION: _l("To check a redaction"),
    LogReason.DECIDE_APPEAL: _l("To decide an appeal"),
    LogReason.LEGAL_REQUEST: _l("A court or a law asks for it"),
    LogReason.WITHIN_RULES: _l("The comment is within the rules"),
    LogReason.SEEN_TO: _l("Already seen to, for instance by redacting"),
}

FLAGS: dict[Flag, LazyString] = {
    Flag.REPORTED: _l("Reported by readers"),
    Flag.CONTESTED: _l("Contested: sent in somebody’s name"),
    Flag.APPEALED: _l("Appealed"),
    Flag.HONEYPOT: _l("A trap for programs was filled in"),
    Flag.TOO_FAST: _l("Sent faster than people type"),
    Flag.NO_PROOF_OF_WORK: _l("Sent without proof of work"),
    Flag.MISTAKEN: _l("Entered wrongly, says the place that entered it"),
}

PERSONAL_DATA = personal_data.KINDS

WRITTEN_IN: dict[WrittenIn, LazyString] = {
    WrittenIn.ENGLISH: _l("English"),
    WrittenIn.SPANISH: _l("Spanish"),
    WrittenIn.OTHER: _l("Another language"),
    WrittenIn.UNMEASURED: _l("Not measured yet"),
}

HINTS: dict[Hint, LazyString] = {
    Hint.REPEATED: _l("The same text was sent more than once"),
    Hint.LATE: _l("Arrived after the deadline"),
    Hint.IMPORTED: _l("Brought in from another system"),
}
