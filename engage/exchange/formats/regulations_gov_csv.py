"""The bulk download of Regulations.gov: 60 columns, one row a comment, and one for the document commented on.

A row whose Document Type is not "Public Submission" is no comment and is passed over. Names of columns: see
the header of any bulk file; https://open.gsa.gov/api/regulationsgov/ explains the fields.
"""

from __future__ import annotations

from engage.exchange.records import Disposition, SourceComment
from engage.exchange.tables import Record, TableFormat
from engage.exchange.values import (
    BadRecord,
    comment_text,
    day,
    identifier,
    organisation,
    person,
    short,
    web_addresses,
)

COMMENT_TYPE = "Public Submission"


def read(record: Record) -> SourceComment | None:
    """One row. A withdrawn or restricted comment may have lost its text; any other may not."""
    if record["Document Type"] not in ("", COMMENT_TYPE):
        return None
    fate, reason = _fate(record)
    text = comment_text(record["Comment"])
    if not text and fate == "posted":
        raise BadRecord("The comment has no text.")
    return SourceComment(
        row=record.row,
        source_id=identifier(record["Document ID"]),
        text=text,
        title=short(record["Title"], "title"),
        name=person(f"{record['First Name']} {record['Last Name']}"),
        organisation=organisation(record["Organization Name"]),
        place=_place(record),
        received_on=day(record["Received Date"], "received date"),
        posted_on=day(record["Posted Date"], "posted date"),
        disposition=fate,
        reason=reason,
        attachments=web_addresses(record["Attachment Files"]),
        duplicates=_duplicates(record["Duplicate Comments"]),
    )


def _fate(record: Record) -> tuple[Disposition, str | None]:
    withdrawn = record["Is Withdrawn?"].strip().lower()
    if withdrawn not in ("", "true", "false"):
        raise BadRecord(f"“Is Withdrawn?” is “{withdrawn[:40]}”, not true or false.")
    if withdrawn == "true":
        return "withdrawn", short(record["Reason Withdrawn"], "reason")
    kind, why = record["Restrict Reason Type"].strip(), record["Restrict Reason"].strip()
    if kind or why:
        return "restricted", short(": ".join(part for part in (kind, why) if part), "reason")
    return "posted", None


def _place(record: Record) -> str | None:
    parts = (record[column].strip() for column in ("City", "State/Province", "Country"))
    return short(", ".join(part for part in parts if part), "place")


def _duplicates(value: str) -> int:
    """How many identical submissions this one stands for. The API writes 1 for itself, or 0, or nothing."""
    value = value.strip() or "1"
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise BadRecord(f"The number of duplicates is “{value[:40]}”, which is no number.")
    return max(1, int(value))


FORMAT = TableFormat(
    name="regulations-gov-csv",
    marks=(frozenset({"Document ID", "Document Type", "Comment"}),),
    needs=(frozenset({"Document ID", "Comment"}),),
    id_column="Document ID",
    read=read,
)
