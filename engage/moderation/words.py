"""What this room's closed lists are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.moderation.filters import Hint, WrittenIn
from engage.moderation.models import ModerationAction
from engage.web import personal_data

ACTIONS: dict[ModerationAction, LazyString] = {
    ModerationAction.POST: _l("Posted"),
    ModerationAction.RESTRICT: _l("Not posted"),
    ModerationAction.REOPEN: _l("Opened again"),
    ModerationAction.IMPORT: _l("Brought in"),
    ModerationAction.UPDATE: _l("Updated from its source"),
    ModerationAction.WITHDRAW: _l("Withdrawn"),
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
