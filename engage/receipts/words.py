"""What the closed lists of this room are called on a page, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engage.receipts.models import LeafDisposition

DISPOSITIONS: dict[LeafDisposition, LazyString] = {
    LeafDisposition.WAITING: _l("Waiting for a moderator"),
    LeafDisposition.PUBLISHED: _l("Posted"),
    LeafDisposition.REDACTED: _l("Posted with something blacked out"),
    LeafDisposition.WITHHELD: _l("Not posted, for another published reason"),
    LeafDisposition.DUPLICATE: _l("Not posted: the same submission twice"),
    LeafDisposition.SPAM: _l("Not posted: advertising or spam"),
    LeafDisposition.WITHDRAWN: _l("Withdrawn by its author or source"),
    LeafDisposition.ERASED: _l("Erased when its time of keeping ended"),
}
