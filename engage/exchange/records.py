"""What a reader of another system's file hands on, and nothing that could find a person.

There is no field for an e-mail address, a telephone or fax number, a street address, a postal code or a
network address: what is not read cannot leak.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from engage.errors import RuleBroken

Disposition = Literal["posted", "restricted", "withdrawn"]
PositionName = Literal["support", "oppose", "neutral", "mixed", "question_only"]

MAX_TEXT_BYTES = 200_000
"""The longest text of a comment, in bytes of UTF-8. A longer one is reported, never cut."""

MAX_SHORT = 1_000
"""The longest title, place or reason, in characters."""

MAX_NAME = 120
"""The longest name of a person, in characters."""

MAX_ORGANISATION = 160
"""The longest name of an organisation, in characters."""

MAX_ID = 200
"""The longest id, in characters."""


class BadFile(RuleBroken):
    """Nothing of this file can be trusted. The text is a line: the file, the row if any, and why."""

    def __init__(self, path: Path, what: str, *, row: int | None = None) -> None:
        where = f"{path.name}: " if row is None else f"{path.name}, row {row}: "
        super().__init__(printable(where + what))
        self.row = row


def printable(text: str) -> str:
    """The text for a terminal: what a file says may hold characters that steer it."""
    return "".join("?" if unicodedata.category(char).startswith("C") else char for char in text)


@dataclass(frozen=True, slots=True)
class SourceComment:
    """One comment as another system published it.

    ``row`` counts records, not lines: 1 is the first after the header (or the first object of a JSON file); a
    record whose text has line breaks is still one, and empty lines are none. ``source_id`` is unique within
    the file. ``text`` is plain text with "\\n" for line ends; it is empty only where ``disposition`` is not
    "posted". ``language`` is ISO 639-1, as declared by the source. ``position`` is what the commenter
    declared. ``received_on`` and ``posted_on`` are the days as the file writes them, in whatever time zone it
    keeps; of a system that posts at once, only ``received_on`` is known. ``reason`` says in the source's
    words why a comment is restricted or withdrawn. ``attachments`` are http(s) addresses, kept as text and
    never fetched. ``duplicates`` is how many identical submissions the source folded into this one, itself
    included.
    """

    row: int
    source_id: str
    text: str
    title: str | None = None
    language: str | None = None
    position: PositionName | None = None
    name: str | None = None
    organisation: str | None = None
    place: str | None = None
    received_on: date | None = None
    posted_on: date | None = None
    disposition: Disposition = "posted"
    reason: str | None = None
    attachments: tuple[str, ...] = ()
    duplicates: int = 1


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A record that cannot be used; ``message`` is a sentence that says why, for whoever has the file."""

    row: int
    source_id: str | None
    message: str


class Source(Protocol):
    """An open file of comments. Iterate it as often as needed: each time it is read anew, a record at a time.

    ``size`` is in bytes. ``skipped`` follows the latest iteration: how many records it has passed over
    because they are no comments, such as the document that was commented on, or rows with nothing in them.
    """

    format: str
    encoding: str
    size: int
    skipped: int

    @property
    def bytes_read(self) -> int:
        """How far the latest iteration has come."""
        ...

    def __iter__(self) -> Iterator[SourceComment | RowProblem]:
        """Records in the order of the file. Raises BadFile where the rest of the file cannot be trusted."""
        ...
