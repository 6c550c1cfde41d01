"""``comments.csv`` of a Pol.is export. Agreeing and disagreeing are other people's votes, so no position is
declared.

``moderated`` is 1 (accepted), 0 (not looked at, and shown) or -1 (rejected, so restricted here).
Participants' numbers are not read. The export is described at https://compdemocracy.org/export.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from engage.exchange.records import SourceComment
from engage.exchange.tables import Record, TableFormat
from engage.exchange.values import BadRecord, comment_text, day, identifier

_MILLISECONDS = 1000


def read(record: Record) -> SourceComment | None:
    """One row."""
    text = comment_text(record["comment-body"])
    if not text:
        raise BadRecord("The comment has no text.")
    moderated = record["moderated"].strip() or "0"
    if moderated not in ("1", "0", "-1"):
        raise BadRecord(f"“moderated” is “{moderated[:40]}”, not 1, 0 or -1.")
    return SourceComment(
        row=record.row,
        source_id=identifier(record["comment-id"]),
        text=text,
        received_on=_received_on(record),
        disposition="restricted" if moderated == "-1" else "posted",
    )


def _received_on(record: Record) -> date | None:
    """The day in UTC of a timestamp in milliseconds; ``datetime`` is the same in the exporter's time zone."""
    stamp = record["timestamp"].strip()
    if not stamp:
        return day(record["datetime"], "date")
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > len("4102444799999"):
        raise BadRecord(f"The timestamp “{stamp[:40]}” is no time in milliseconds since 1970.")
    return datetime.fromtimestamp(int(stamp) / _MILLISECONDS, tz=UTC).date()


FORMAT = TableFormat(
    name="polis",
    marks=(frozenset({"comment-id", "comment-body"}),),
    needs=(frozenset({"comment-id", "comment-body"}),),
    id_column="comment-id",
    read=read,
)
