"""Open another system's file of comments and read it a record at a time.

    for item in open_source(Path("export.csv")):
        if isinstance(item, RowProblem): ...

Readers are pure: files in, dataclasses out. They know neither Flask nor the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final, TextIO

from engage.exchange.encoding import TextFile, open_text
from engage.exchange.formats import consul, csv, decidim, polis, regulations_gov_csv
from engage.exchange.formats.regulations_gov_json import NAME, open_answers
from engage.exchange.records import MAX_ID, BadFile, RowProblem, Source, SourceComment
from engage.exchange.seen import SeenIds, seen_ids
from engage.exchange.tables import Record, Table, TableFormat, listed, open_table
from engage.exchange.values import BadRecord

__all__ = ["FORMATS", "BadFile", "RowProblem", "Source", "SourceComment", "open_source"]

TABLE_FORMATS: Final = (regulations_gov_csv.FORMAT, decidim.FORMAT, consul.FORMAT, polis.FORMAT)
FORMATS: Final = ("regulations-gov-csv", "regulations-gov-json", "decidim", "consul", "polis", "csv")


def open_source(path: Path, *, format: str = "auto", columns: Mapping[str, str] | None = None) -> Source:  # noqa: A002
    """Open a file of comments. Raises BadFile for one that cannot be read as a whole.

    ``format`` is one of FORMATS, or "auto" to tell it from the file. ``columns`` maps columns of a file to
    the fields of ``formats.csv.FIELDS`` and is for "csv" only.
    """
    if format not in ("auto", *FORMATS):
        raise BadFile(path, f"there is no format “{format}”; it may be auto or {', '.join(FORMATS)}.")
    if columns and format not in ("auto", "csv"):
        raise BadFile(path, f"columns are mapped in the format csv only, not in {format}.")
    file = open_text(path)
    if format == NAME or (format == "auto" and not columns and file.looks_like_json):
        return FileSource(file, NAME, open_answers(file).records, regulations_gov_csv.read, "Document ID")
    table = open_table(file)
    table_format = csv.table_format(table, columns) if columns else _table_format(table, format)
    return FileSource(file, table_format.name, table.records, table_format.read, table_format.id_column)


def _table_format(table: Table, name: str) -> TableFormat:
    """The format asked for, if the file has its columns; or the one that the file's columns tell."""
    if name == "csv":
        return csv.table_format(table, None)
    has = set(table.header)
    if name == "auto":
        known = (kind for kind in TABLE_FORMATS if any(has >= marks for marks in kind.marks))
        chosen = next(known, None)
        if chosen is None:
            return csv.table_format(table, None)
    else:
        chosen = next(kind for kind in TABLE_FORMATS if kind.name == name)
    _require_columns(table, chosen)
    return chosen


def _require_columns(table: Table, chosen: TableFormat) -> None:
    """Raise BadFile unless all columns are there that the format cannot lack, each of them once."""
    missing = min((needs - set(table.header) for needs in chosen.needs), key=len)
    if missing:
        raise BadFile(
            table.file.path,
            f"for the format {chosen.name} the file lacks {listed(tuple(sorted(missing)))}. "
            f"It has: {listed(table.header)}.",
        )
    needed = {column for needs in chosen.needs for column in needs}
    repeated = sorted(column for column in needed if table.header.count(column) > 1)
    if repeated:
        raise BadFile(
            table.file.path, f"there are {table.header.count(repeated[0])} columns “{repeated[0]}”."
        )


class FileSource:
    """A file of comments: where its records come from, and how one is read."""

    def __init__(
        self,
        file: TextFile,
        format: str,  # noqa: A002
        records: Callable[[TextIO], Iterator[Record | RowProblem]],
        read: Callable[[Record], SourceComment | None],
        id_column: str,
    ) -> None:
        self.format = format
        self.encoding = file.encoding
        self.size = file.size
        self.skipped = 0
        self._file = file
        self._records = records
        self._read = read
        self._id_column = id_column
        self._text: TextIO | None = None

    @property
    def bytes_read(self) -> int:
        """How far the latest iteration has come."""
        if self._text is None:
            return 0
        return self.size if self._text.closed else self._text.buffer.tell()

    def __iter__(self) -> Iterator[SourceComment | RowProblem]:
        """Read the file from its beginning. Raises BadFile where the rest of it cannot be trusted."""
        self.skipped = 0
        try:
            with self._file.open() as self._text, seen_ids() as seen:
                for record in self._records(self._text):
                    item = record if isinstance(record, RowProblem) else self._comment(record, seen)
                    if item is None:
                        self.skipped += 1
                    else:
                        yield item
        except (OSError, UnicodeDecodeError, sqlite3.Error) as error:
            raise BadFile(
                self._file.path, f"the file or its disk failed while it was read ({error})."
            ) from error

    def _comment(self, record: Record, seen: SeenIds) -> SourceComment | RowProblem | None:
        try:
            comment = self._read(record)
        except BadRecord as error:
            return RowProblem(record.row, _shown_id(record[self._id_column]), str(error))
        return None if comment is None else unique(comment, seen)


def _shown_id(value: str) -> str | None:
    """An id that may itself be what is wrong, fit to be shown."""
    return value.strip()[:MAX_ID].encode(errors="replace").decode() or None


def unique(comment: SourceComment, seen: SeenIds) -> SourceComment | RowProblem:
    """The comment, if its id is new in this file.

    A comment without an id is named by its text and how often that has come, so that a file with rows added
    or moved still names the same comments alike.
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
