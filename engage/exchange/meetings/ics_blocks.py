"""An iCalendar file cut into its entries and time zones, none of which is understood yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, TextIO

from engage.exchange.encoding import TextFile
from engage.exchange.meetings.records import MOST_MEETINGS
from engage.exchange.records import BadFile

MAX_ENTRY: Final = 200_000
"""The longest entry, in characters."""

_LONGEST_LINE: Final = 200_000
_MOST_ZONES: Final = 200
_NAMED: Final = re.compile(r"([A-Za-z0-9-]+)[;:]")
CONFERENCES: Final = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_READ: Final = frozenset(
    {
        *("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "STATUS", "CLASS", "URL", "ATTACH"),
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
        *CONFERENCES,
    }
)
"""The properties of an entry that are read; all others, such as those that name persons, are not kept."""


@dataclass(slots=True)
class Block:
    """The lines of one component, without those of components inside it; ``row`` is the line of its BEGIN."""

    row: int
    name: str
    lines: list[str] = field(default_factory=list)
    length: int = 0
    is_whole: bool = False
    keeps: bool = True

    def add(self, line: str) -> None:
        """Keep a line, unless it is of a property that nobody reads here."""
        self.length += len(line)
        named = _NAMED.match(line)
        if named and not line[:1].isspace():
            self.keeps = self.name != "VEVENT" or named[1].upper() in _READ
        if self.length > MAX_ENTRY:
            self.lines.clear()
        elif not self.keeps:
            return
        elif named or line[:1] in (" ", "\t") or not self.lines:
            self.lines.append(line)
        else:
            # A line break that was not escaped: what follows belongs to the line before.
            self.lines[-1] += f"\\n{line}"

    @property
    def text(self) -> str:
        body = "\r\n".join(self.lines)
        return f"BEGIN:{self.name}\r\n{body}\r\nEND:{self.name}\r\n"


@dataclass(slots=True)
class CutFile:
    """The entries and time zones of a file, unread, and which of them the next line belongs to.

    ``depth`` counts the components inside it that are open, such as alarms.
    """

    entries: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    zone_name: str | None = None
    open: Block | None = None
    depth: int = 0

    def take(self, line: str, row: int) -> None:
        """Put a line where it belongs. An entry inside an entry: the END of the first is missing."""
        word, _, name = line.upper().strip().partition(":")
        if word == "BEGIN" and name in ("VEVENT", "VTIMEZONE"):
            self.open, self.depth = Block(row, name), 0
            (self.entries if name == "VEVENT" else self.zones).append(self.open)
        elif self.open is None:
            if word == "X-WR-TIMEZONE" and self.zone_name is None:
                self.zone_name = line.partition(":")[2].strip()
        elif word == "END" and (self.depth == 0 or name == self.open.name):
            self.open.is_whole, self.open = True, None
        else:
            self.depth += {"BEGIN": 1, "END": -1}.get(word, 0)
            if self.open.name == "VTIMEZONE" or (self.depth == 0 and word != "END"):
                self.open.add(line)


def cut(file: TextFile, text: TextIO) -> CutFile:
    """The file's entries and time zones, unread."""
    found = CutFile()
    has_begun = False
    row = 0
    while line := text.readline(_LONGEST_LINE):
        row += 1
        line = line.strip("\r\n\ufeff")
        if not has_begun and line.strip():
            has_begun = line.strip().upper() == "BEGIN:VCALENDAR"
            if not has_begun:
                break
        found.take(line, row)
        if len(found.entries) > MOST_MEETINGS or len(found.zones) > _MOST_ZONES:
            raise BadFile(file.path, f"the calendar has more than {MOST_MEETINGS:,} entries.", row=row)
    if not has_begun:
        raise BadFile(file.path, "this is not a calendar: it does not begin with BEGIN:VCALENDAR.")
    return found


def value_of(block: Block, name: str) -> str:
    for line in block.lines:
        if line.upper().startswith((f"{name}:", f"{name};")):
            return line.partition(":")[2].strip()
    return ""
