"""Open another system's file of comments and read it a record at a time.

    for item in open_source(Path("export.csv")):
        if isinstance(item, RowProblem): ...

Readers are pure: files in, dataclasses out. They know neither Flask nor the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from engage.exchange.encoding import open_text
from engage.exchange.formats import csv
from engage.exchange.records import BadFile, RowProblem, Source, SourceComment
from engage.exchange.seen import SeenIds, seen_ids
from engage.exchange.tables import Record, Table, TableFormat, open_table
from engage.exchange.values import BadRecord

__all__ = ["FORMATS", "BadFile", "RowProblem", "Source", "SourceComment", "open_source"]

FORMATS: Final = ("regulations-gov-csv", "regulations-gov-json", "decidim", "consul", "polis", "csv")


def open_source(path: Path, *, format: str = "auto", columns: Mapping[str, str] | None = None) -> Source:  # noqa: A002
    """Open a file of comments. Raises BadFile for one that cannot be read as a whole.

    ``format`` is one of FORMATS, or "auto" to tell it from the file. ``columns`` maps columns of a file to the fields
    of ``formats.csv.FIELDS`` and is for "csv" only.
    """
    if format not in ("auto", *FORMATS):
        raise BadFile(path, f"there is no format “{format}”; it may be auto or {', '.join(FORMATS)}.")
    if columns and format not in ("auto", "csv"):
        raise BadFile(path, f"columns are mapped in the format csv only, not in {format}.")
    table = open_table(open_text(path))
    return TableSource(table, csv.table_format(table, columns))


class TableSource:
    """A delimited file of comments."""

    def __init__(self, table: Table, table_format: TableFormat) -> None:
        self.format = table_format.name
        self.encoding = table.file.encoding
        self.size = table.file.size
        self.bytes_read = 0
        self.skipped = 0
        self._table = table
        self._format = table_format

    def __iter__(self) -> Iterator[SourceComment | RowProblem]:
        """Read the file from its beginning."""
        self.skipped = 0
        with seen_ids() as seen:
            for record in self._table.records(self._progress):
                item = record if isinstance(record, RowProblem) else self._read(record, seen)
                if item is None:
                    self.skipped += 1
                else:
                    yield item

    def _progress(self, bytes_read: int) -> None:
        self.bytes_read = bytes_read

    def _read(self, record: Record, seen: SeenIds) -> SourceComment | RowProblem | None:
        try:
            comment = self._format.read(record)
        except BadRecord as error:
            return RowProblem(record.row, record[self._format.id_column].strip()[:200] or None, str(error))
        return None if comment is None else unique(comment, seen)


def unique(comment: SourceComment, seen: SeenIds) -> SourceComment | RowProblem:
    """The comment, if its id is new in this file.

    A comment without an id is named by its text and how often that has come, so that a file with rows added or moved
    still names the same comments alike.
    """
    if not comment.source_id:
        name = "text-" + sha256(comment.text.encode()).hexdigest()[:16]
        return replace(comment, source_id=f"{name}-{seen.add(name, comment.row)[1]}")
    first_row, times = seen.add(comment.source_id, comment.row)
    if times == 1:
        return comment
    return RowProblem(
        comment.row,
        comment.source_id,
        f"The id “{comment.source_id}” was already used in row {first_row}.",
    )
