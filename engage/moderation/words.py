"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.analysis import PersonalDataKind
from engage.comments.models import ModerationReason
from engage.moderation.filters import Hint, WrittenIn
from engage.moderation.models import ModerationAction

ACTIONS: dict[ModerationAction, LazyString] = {
    ModerationAction.POST: _l("Posted"),
    ModerationAction.RESTRICT: _l("Not posted"),
    ModerationAction.REOPEN: _l("Opened again"),
    ModerationAction.IMPORT: _l("Brought in"),
    ModerationAction.UPDATE: _l("Updated from its source"),
    ModerationAction.WITHDRAW: _l("Withdrawn"),
}

REASONS: dict[ModerationReason, LazyString] = {
    ModerationReason.SPAM: _l("Spam"),
    ModerationReason.TRUE_THREAT: _l("True threat"),
    ModerationReason.OBSCENITY_LEGAL: _l("Obscenity in the legal sense"),
    ModerationReason.DOXXING_PERSONAL_DATA: _l("Private facts about a person"),
    ModerationReason.MALWARE_OR_ILLEGAL: _l("Malware or illegal content"),
    ModerationReason.OFF_TOPIC: _l("Off topic"),
    ModerationReason.DUPLICATE_SUBMISSION: _l("Sent more than once"),
    ModerationReason.IMPERSONATION_CONTESTED: _l("Sent in another person’s name"),
}

# What each reason covers and what it does not, so that two moderators use it alike for every opinion.
RULES: dict[ModerationReason, LazyString] = {
    ModerationReason.SPAM: _l(
        "Advertising, or text made by a machine to fill the site. A form letter that a person chose to send "
        "is no spam."
    ),
    ModerationReason.TRUE_THREAT: _l(
        "A serious statement that the writer means to hurt a person or a group. Anger, harsh words and "
        "exaggeration are no threat."
    ),
    ModerationReason.OBSCENITY_LEGAL: _l(
        "Obscene in the meaning of the law. Swearing alone is not, nor is an insult to an official."
    ),
    ModerationReason.DOXXING_PERSONAL_DATA: _l(
        "Private facts about a person, such as a home address, a telephone number or an immigration status. "
        "What an official does in office is not private."
    ),
    ModerationReason.MALWARE_OR_ILLEGAL: _l(
        "Links to harmful software, or content that the law forbids to publish."
    ),
    ModerationReason.OFF_TOPIC: _l(
        "Has nothing to do with the matter of this comment period. A point that is only weak, or only partly "
        "about it, is on topic."
    ),
    ModerationReason.DUPLICATE_SUBMISSION: _l(
        "The same person sent the same comment again; the first one stays. The same text from different "
        "people is no duplicate."
    ),
    ModerationReason.IMPERSONATION_CONTESTED: _l(
        "The person whose name it carries says that they did not send it."
    ),
}

PERSONAL_DATA: dict[str, LazyString] = {
    PersonalDataKind.PHONE: _l("telephone number"),
    PersonalDataKind.EMAIL: _l("e-mail address"),
    PersonalDataKind.ADDRESS: _l("street address"),
    PersonalDataKind.SSN: _l("Social Security number"),
    PersonalDataKind.A_NUMBER: _l("alien registration number"),
    PersonalDataKind.DOB: _l("date of birth"),
    PersonalDataKind.CARD: _l("card number"),
    PersonalDataKind.PLATE: _l("license plate"),
    PersonalDataKind.STATUS_DISCLOSURE: _l("immigration status"),
    PersonalDataKind.PERSON_NAME: _l("name of a person"),
}

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
