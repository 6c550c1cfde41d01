"""What the kinds of bursts are called, and what each may mean."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.campaigns.models import BurstKind

KINDS: dict[BurstKind, LazyString] = {
    BurstKind.BUSY_DAY: _l("Unusually many comments in a day"),
    BurstKind.LETTER_IN_A_DAY: _l("Unusually many versions of one letter in a day"),
    BurstKind.UNNAMED_COPIES: _l("Many copies of one text without a name in a day"),
    BurstKind.FLAGGED_DAY: _l("Many comments with a mark of the spam protection in a day"),
}
