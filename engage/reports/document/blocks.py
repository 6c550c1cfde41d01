"""Of what a report's document is built: sections, and in them a few kinds of blocks that every form can show.

A part of the report says what it has to say in these; the PDF, the workbook, the CSV and the JSON then show
it without knowing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number. ``count`` is None where it is not told, and then ``why`` says why not.

    ``within`` and ``by`` place it: the table's own subject, and the column of a table with two dimensions.
    ``share`` is the share as it is said, ``percent`` as a number; ``low`` and ``high`` are in percent;
    ``checked`` is the share as people's labels mend it, of ``labels`` labels; ``said`` is it with its
    range, in words. ``href`` is where the comments
    are that it counts, ``how`` the filter that finds them.
    """

    key: str
    label: str
    count: int | None
    by: str = ""
    base: int | None = None
    percent: int | None = None
    share: str = ""
    checked: float | None = None
    low: float | None = None
    high: float | None = None
    labels: int | None = None
    said: str = ""
    hidden: bool = False
    why: str = ""
    href: str | None = None
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: of the rows' field ``name``, or (in a table with two dimensions) of those whose
    ``by`` is ``name``.
    """

    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers of one kind. Its rows are found by ``id``, ``within`` and ``key``, in this and every version.

    ``heading`` is what the rows are; ``is_crossed``: each row stands at a key and a column. ``chart`` is how
    it is drawn, if it is: "bars", "sides" with patterns that tell kinds apart without a colour, "time".
    ``is_repeated``: the same numbers stand in another table, so that a list of all leaves this one out.
    """

    kind: ClassVar[str] = "table"

    id: str
    title: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    within: str = ""
    is_crossed: bool = False
    is_repeated: bool = False
    chart: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``is_note`` where it only explains what stands above it."""

    kind: ClassVar[str] = "text"

    text: str
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list, with a title where it needs one; ``is_box`` where it is to stand out."""

    kind: ClassVar[str] = "points"

    items: tuple[str, ...]
    title: str = ""
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or a few words that stand for themselves."""

    label: str
    value: str
    note: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Some facts beside each other."""

    kind: ClassVar[str] = "facts"

    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage of a comment. ``text`` is None in what is kept, and where the comment cannot be read now."""

    kind: ClassVar[str] = "quote"

    tracking_number: str
    position: str
    position_label: str
    text: str | None
    language: str | None
    begins_later: bool
    ends_sooner: bool
    href: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where more is told."""

    kind: ClassVar[str] = "link"

    text: str
    href: str


Block = Table | Text | Points | Facts | Quote | Link


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is told below it, and the sections within it."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


def plain(value: Any) -> Any:
    """A section, block or row as JSON takes it; a block with its ``kind``."""
    if is_dataclass(value):
        kind = {"kind": value.kind} if hasattr(value, "kind") else {}
        return kind | {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


def tables(sections: Iterable[Section]) -> Iterable[tuple[Section, Table]]:
    """Every table, in the order in which they are told, with the section of the top that it is in."""
    for section in sections:
        for table in _tables_in(section):
            yield section, table


def _tables_in(section: Section) -> Iterable[Table]:
    yield from (block for block in section.blocks if isinstance(block, Table))
    for inner in section.sections:
        yield from _tables_in(inner)
