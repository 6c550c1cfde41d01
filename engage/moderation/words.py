"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.analysis import PersonalDataKind
from engage.moderation.filters import Hint, WrittenIn
from engage.moderation.models import ModerationAction

ACTIONS: dict[ModerationAction, LazyString] = {
    ModerationAction.POST: _l("Posted"),
    ModerationAction.RESTRICT: _l("Not posted"),
    ModerationAction.REOPEN: _l("Opened again"),
    ModerationAction.IMPORT: _l("Brought in"),
    ModerationAction.UPDATE: _l("Updated from its source"),
    ModerationAction.WITHDRAW: _l("Withdrawn"),
    ModerationAction.RESTRICT_ATTACHMENT: _l("Attachment not posted"),
    ModerationAction.POST_ATTACHMENT: _l("Attachment posted after all"),
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
