"""Open another system's file of meetings and read it, an entry at a time.

for item in open_meetings(Path("calendar.ics"), zone=ZoneInfo("America/Denver"), now=utcnow()):
    if isinstance(item, RowProblem): ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from engage.exchange.encoding import TextFile, open_text
from engage.exchange.json_stream import Unreadable
from engage.exchange.meetings import ics, objects, table
from engage.exchange.meetings.records import MOST_MEETINGS, SourceMeeting
from engage.exchange.records import BadFile, RowProblem
from engage.exchange.tables import open_table

ICS: Final = "ics"
CSV: Final = "csv"
JSON_FORMATS: Final = (objects.LEGISTAR, objects.CITY_SCRAPERS, objects.OPEN_CIVIC_DATA)
FORMATS: Final = (ICS, *JSON_FORMATS, CSV)

MAX_FILE: Final = 50_000_000
"""The longest file, in bytes. A calendar has to be held as a whole: what belongs together may stand apart."""

Reader = Callable[[TextIO], Iterator[SourceMeeting | RowProblem | None]]


class MeetingSource:
    """An open file of meetings; ``skipped`` follows the latest iteration."""

    def __init__(self, file: TextFile, format: str, read: Reader) -> None:  # noqa: A002
        self.format = format
        self.encoding = file.encoding
        self.skipped = 0
        self._file = file
        self._read = read

    def __iter__(self) -> Iterator[SourceMeeting | RowProblem]:
        """Read the file from its beginning. Raises BadFile where the rest of it cannot be trusted."""
        self.skipped = 0
        seen: dict[str, int] = {}
        try:
            with self._file.open() as text:
                for item in self._read(text):
                    if item is None:
                        self.skipped += 1
                    else:
                        yield self._unique(item, seen)
        except (OSError, UnicodeDecodeError) as error:
            raise BadFile(
                self._file.path, f"the file or its disk failed while it was read ({error})."
            ) from error

    def _unique(self, item: SourceMeeting | RowProblem, seen: dict[str, int]) -> SourceMeeting | RowProblem:
        if isinstance(item, RowProblem):
            return item
        if len(seen) >= MOST_MEETINGS:
            raise BadFile(self._file.path, f"the file has more than {MOST_MEETINGS:,} meetings.")
        first = seen.setdefault(item.source_id, item.row)
        if first == item.row or item.uid is not None:
            return item
        return RowProblem(item.row, item.source_id, f"The id was already used in row {first}.")


def open_meetings(
    path: Path,
    *,
    zone: ZoneInfo,
    now: datetime,
    format: str = "auto",  # noqa: A002
    columns: Mapping[str, str] | None = None,
) -> MeetingSource:
    """Open a file of meetings. Raises BadFile for one that cannot be read as a whole.

    ``zone`` is that of times without any. ``format`` is one of FORMATS, or "auto" to tell it from the file.
    ``columns`` maps columns to the fields of ``table.FIELDS`` and is for "csv" only.
    """
    if columns and format not in ("auto", CSV):
        raise BadFile(path, f"columns are mapped in the format csv only, not in {format}.")
    file = open_text(path)
    if file.size > MAX_FILE:
        raise BadFile(path, f"the file is longer than {MAX_FILE:,} bytes.")
    chosen = _told_by(file) if format == "auto" and not columns else format
    if chosen == ICS:
        return MeetingSource(file, ICS, lambda text: ics.read(file, text, zone, now))
    if chosen in JSON_FORMATS:
        return MeetingSource(file, chosen, lambda text: _objects(file, text, zone, chosen))
    opened = open_table(file)
    where = table.columns_of(opened, columns or {})
    return MeetingSource(file, CSV, lambda text: table.read(opened, text, where, zone))


def _objects(
    file: TextFile,
    text: TextIO,
    zone: ZoneInfo,
    format: str,  # noqa: A002
) -> Iterator[SourceMeeting | RowProblem]:
    for row, value in enumerate(objects.values(file, text), start=1):
        yield objects.read(value, row, zone, format)


def _told_by(file: TextFile) -> str:
    """The format that the beginning of a file tells."""
    if file.looks_like_json:
        return _of_objects(file)
    with file.open() as text:
        start = text.read(4096).lstrip("\ufeff \r\n\t").upper()
    return ICS if start.startswith("BEGIN:VCALENDAR") else CSV


def _of_objects(file: TextFile) -> str:
    """The format of the first object that is of any."""
    with file.open() as text:
        for value in objects.values(file, text):
            found = None if isinstance(value, Unreadable) else objects.format_of(value)
            if found:
                return found
    names = ", ".join(JSON_FORMATS)
    raise BadFile(file.path, f"no object of this file is a meeting; JSON may be {names}.")
