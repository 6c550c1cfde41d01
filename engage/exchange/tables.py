"""Delimited files, a record at a time, in bounded memory whatever is in them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final, TextIO

from engage.exchange.encoding import TextFile
from engage.exchange.records import BadFile, RowProblem, SourceComment

MAX_RECORD: Final = 2_000_000
"""The longest record, in characters; a longer one means that a quotation mark was never closed."""

MAX_COLUMNS: Final = 2_000

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_RECORDS: Final = 20


@dataclass(frozen=True, slots=True)
class Record:
    """One record by column name; ``row`` 1 is the first after the header. Of namesakes the first counts."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell as the file has it; an empty string where there is no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A kind of delimited file. ``marks`` are sets of columns that only it has together; it cannot lack
    ``needs``.

    Of both, one set is enough. ``read`` gives None for a record that is no comment, and raises BadRecord for
    one that cannot be used.
    """

    name: str
    marks: tuple[frozenset[str], ...]
    needs: tuple[frozenset[str], ...]
    id_column: str
    read: Callable[[Record], SourceComment | None]


@dataclass(frozen=True, slots=True)
class Table:
    """A delimited file whose first record names its columns."""

    file: TextFile
    delimiter: str
    header: tuple[str, ...]

    def records(self, text: TextIO) -> Iterator[Record | RowProblem]:
        """Every record of an open file but empty lines.

        A record with another number of cells than the header is a RowProblem. Raises BadFile for quotes that
        do not close, after which nobody can tell where a record ends.
        """
        first_of_name = {name: index for index, name in reversed(list(enumerate(self.header)))}
        for row, cells in self.rows(text):
            if isinstance(cells, RowProblem):
                yield cells
            else:
                yield Record(row, {name: cells[index] for name, index in first_of_name.items()})

    def rows(self, text: TextIO) -> Iterator[tuple[int, list[str] | RowProblem]]:
        """As ``records``, with the number of each and its cells in the order of the columns."""
        rows = _rows(self.file, self.delimiter, text)
        next(rows)
        for row, cells in enumerate(rows, start=1):
            if len(cells) == len(self.header):
                yield row, cells
            else:
                message = f"The row has {len(cells)} cells, but the header has {len(self.header)}."
                yield row, RowProblem(row, None, message)


def open_table(file: TextFile) -> Table:
    """Find the delimiter and the header. Raises BadFile for a file that has no record after its header."""
    candidates = [_sample(file, delimiter) for delimiter in _DELIMITERS]
    best = max(candidates, key=lambda sample: sample.score)
    if best.header is None:
        raise best.problem or BadFile(file.path, "the file is empty.")
    if len(best.header) > MAX_COLUMNS:
        raise BadFile(
            file.path, f"the header has {len(best.header):,} columns; the limit is {MAX_COLUMNS:,}."
        )
    if not best.has_records and best.problem is None:
        raise BadFile(file.path, "the file has a header, but no comments.")
    return Table(file, best.delimiter, tuple(name.strip() for name in best.header))


@dataclass(frozen=True, slots=True)
class _Sample:
    """What the first records look like with one delimiter: the more are as wide as the header, the better."""

    delimiter: str
    header: list[str] | None
    has_records: bool
    score: tuple[float, int]
    problem: BadFile | None


def _sample(file: TextFile, delimiter: str) -> _Sample:
    rows: list[list[str]] = []
    problem: BadFile | None = None
    try:
        with file.open() as text:
            rows.extend(islice(_rows(file, delimiter, text), _SAMPLE_RECORDS + 1))
    except BadFile as error:
        problem = error
    if not rows:
        return _Sample(delimiter, None, False, (-1.0, 0), problem)
    header, *others = rows
    alike = sum(len(cells) == len(header) for cells in others) / len(others) if others else 1.0
    return _Sample(delimiter, header, bool(others), (alike if len(header) > 1 else 0.0, len(header)), problem)


def _rows(file: TextFile, delimiter: str, text: TextIO) -> Iterator[list[str]]:
    """The header and the records as csv splits them, without empty lines."""
    # csv's own limit belongs to the whole process and is lower than a long comment; the one of _Lines counts.
    csv.field_size_limit(MAX_RECORD)
    lines = _Lines(text, file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(file.path, f"line {lines.number}: {_explained(error)}", row=lines.record) from error
        lines.end_record(counts=bool(cells))
        if cells:
            yield cells


def listed(header: tuple[str, ...]) -> str:
    """The columns of a file, for an error message of bearable length."""
    names = [" ".join(name.split())[:60] or "(no name)" for name in header]
    return ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")


def _explained(error: csv.Error) -> str:
    """What csv says, in the words of somebody with a spreadsheet."""
    if "unexpected end of data" in str(error):
        return "a quotation mark that opens a cell is never closed."
    return f"the quotation marks of a cell do not match ({error})."


class _Lines:
    """The lines of a file, for csv; refuses a record that grows beyond measure before csv has to keep it."""

    def __init__(self, text: TextIO, file: TextFile) -> None:
        self.number = 0
        self.record = 0
        self._text = text
        self._file = file
        self._left = MAX_RECORD

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._left -= len(line)
        if self._left < 0:
            raise BadFile(
                self._file.path,
                f"line {self.number}: the record is longer than {MAX_RECORD:,} characters; "
                "perhaps a quotation mark is not closed.",
                row=self.record,
            )
        return line

    def end_record(self, *, counts: bool) -> None:
        """Begin a new measure. ``record`` is 0 in the header and then the number of the record being read."""
        self.record += counts
        self._left = MAX_RECORD
