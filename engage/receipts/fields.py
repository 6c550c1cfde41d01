"""Which fields of a comment its leaf is made of, as text. A field that was not given is empty.

Name and organisation are among them, because they are shown with the comment and so must not be changed; the
digests hide them as well as all else. Files are told by their digests, clauses by their keys with what is
wanted of each. How a comment came (its channel) is not a field: staff may have to correct it, and it is
nothing that its author said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from engage.comments.attached import attachment_digests
from engage.comments.models import Comment, Disposition

KIND: Final = "comment"

_FIELDS: Final[Mapping[str, Callable[[Comment], str]]] = {
    "attachments": lambda comment: " ".join(attachment_digests(comment)),
    "body": lambda comment: comment.body,
    "clauses": lambda comment: " ".join(
        sorted(f"{one.clause}={one.stance or ''}" for one in comment.clauses)
    ),
    "district": lambda comment: comment.district.code if comment.district else "",
    "kind": lambda _comment: KIND,
    "name": lambda comment: comment.name or "",
    "on_time": lambda comment: "yes" if comment.on_time else "no",
    "organisation": lambda comment: comment.organisation or "",
    "period": lambda comment: comment.period.slug,
    "position": lambda comment: comment.position or "",
    "received_on": lambda comment: comment.received_on.isoformat(),
    "tracking_number": lambda comment: comment.tracking_number,
}

GONE_WHEN_WITHDRAWN: Final = frozenset({"attachments", "body", "clauses", "district", "name", "organisation"})
"""What a withdrawal takes out of the comment: of these the log holds a digest and the site no value."""


def fields_of(comment: Comment) -> dict[str, str]:
    """All fields of a comment as they are now, by name: of its period, district, files and clauses too."""
    return {name: value(comment) for name, value in _FIELDS.items()}


def known_fields(comment: Comment) -> dict[str, str]:
    """The fields that the site still knows: after a withdrawal not all of them."""
    fields = fields_of(comment)
    if comment.disposition is not Disposition.WITHDRAWN:
        return fields
    return {name: value for name, value in fields.items() if name not in GONE_WHEN_WITHDRAWN}
