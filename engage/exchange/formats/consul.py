"""Open data of CONSUL Democracy: proposals, debates and comments, with HTML in their texts.

The text is a comment's body, or a proposal's summary and description, or its title where that is all there
is; votes are no positions. A proposal that its author has retired is withdrawn. Dates are day first where
they have slashes: CONSUL's exports come from Spain. Columns as in ``public_columns_for_api`` of
https://github.com/consuldemocracy/consuldemocracy.
"""

from __future__ import annotations

from engage.exchange.records import SourceComment
from engage.exchange.tables import Record, TableFormat
from engage.exchange.values import BadRecord, comment_text, day, identifier, short

_TEXTS = ("body", "summary", "description")


def read(record: Record) -> SourceComment | None:
    """One row."""
    is_retired = day(record["retired_at"], "date of retirement", day_first=True) is not None
    title = short(record["title"], "title")
    text = comment_text("<p>".join(record[column] for column in _TEXTS)) or title or ""
    if not text and not is_retired:
        raise BadRecord("The row has no text.")
    reason = ": ".join(
        part for part in (record["retired_reason"].strip(), record["retired_explanation"].strip()) if part
    )
    return SourceComment(
        row=record.row,
        source_id=identifier(record["id"]),
        text=text,
        title=title,
        received_on=day(record["created_at"], "date", day_first=True),
        disposition="withdrawn" if is_retired else "posted",
        reason=short(reason, "reason") if is_retired else None,
    )


FORMAT = TableFormat(
    name="consul",
    marks=(
        frozenset({"id", "title", "description", "cached_votes_up"}),
        frozenset({"id", "body", "commentable_type", "cached_votes_up"}),
    ),
    needs=(frozenset({"id", "description"}), frozenset({"id", "summary"}), frozenset({"id", "body"})),
    id_column="id",
    read=read,
)
