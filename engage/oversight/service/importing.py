"""Entries from a table that another system has made, read line by line before anything is changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.oversight import queries
from engage.oversight.models import Indicator
from engage.oversight.service.entry import BadEntry, EntryDraft, Unchanged, checked_values
from engage.oversight.stretches import Stretch
from engage.oversight.told import TOTAL
from engage.oversight.values import BadValue, Value, value_of
from engage.web.forms import clean_text

LARGEST_FILE = 300_000
"""In bytes."""

MOST_LINES = 2_000
MOST_MISTAKES = 50

NEEDED = ("indicator", "from", "to", "category", "value")
COLUMNS = (*NEEDED, "note_en", "note_es", "base")

_LONGEST_NOTE = 2_000


class BadLine(ValueError):
    """What is wrong in a file: the row (the first is 1) and the column where it is."""

    def __init__(self, row: int, column: str, message: str) -> None:
        super().__init__(message)
        self.row, self.column, self.message = row, column, message


@dataclass(frozen=True, slots=True)
class ImportedEntry:
    """One stretch of one indicator as a file has it. ``row`` is the first of its lines.

    ``versions``: how many are published already. ``is_known``: the last of them says just this.
    """

    indicator: Indicator
    stretch: Stretch
    draft: EntryDraft
    values: Mapping[str, Value]
    row: int
    versions: int
    is_known: bool

    @property
    def is_correction(self) -> bool:
        """Whether residents have read other figures of this stretch."""
        return self.versions > 0


@dataclass(slots=True)
class _Group:
    indicator: Indicator
    stretch: Stretch
    row: int
    values: dict[str, Value]
    note: Localised = Localised()  # noqa: RUF009 - frozen
    base: int | None = None


def read_entries(
    session: Session, docket: Docket, text: str, now: datetime
) -> tuple[list[ImportedEntry], list[BadLine]]:
    """The entries that a CSV text holds, and what is wrong with it. Nothing is changed.

    A line of a category that is empty is the total. Where a total is larger than its categories, the rest
    counts as being in none of them.
    """
    mistakes: list[BadLine] = []
    indicators = {row.slug: row for row in queries.indicators(session, docket)}
    groups: dict[tuple[int, Stretch], _Group] = {}
    try:
        for row, line in _lines(text):
            try:
                _take(row, line, indicators, groups)
            except BadLine as mistake:
                mistakes.append(mistake)
                if len(mistakes) >= MOST_MISTAKES:
                    break
    except BadLine as mistake:
        return [], [mistake]
    entries = []
    for group in groups.values():
        try:
            entries.append(_entry(session, group, now))
        except BadLine as mistake:
            mistakes.append(mistake)
    return entries, sorted(mistakes, key=lambda mistake: mistake.row)[:MOST_MISTAKES]


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines as mappings with their number. Raises BadLine where the file as a whole cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(head)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if reader.line_num > MOST_LINES:
                    raise BadLine(
                        reader.line_num, "", _("A file may have at most %(most)s lines.", most=MOST_LINES)
                    )
                yield reader.line_num, _mapped(head, cells, reader.line_num)
    except csv.Error as error:
        raise BadLine(reader.line_num, "", _("This line is no CSV: %(why)s", why=str(error))) from None


def _check_head(head: Sequence[str]) -> None:
    for name in NEEDED:
        if name not in head:
            raise BadLine(1, name, _("This column is missing."))
    for name in head:
        if name not in COLUMNS or head.count(name) > 1:
            raise BadLine(1, name[:40], _("This column is not known, or it is there twice."))


def _mapped(head: Sequence[str], cells: Sequence[str], row: int) -> dict[str, str]:
    if len(cells) > len(head):
        raise BadLine(row, "", _("This line has more cells than the first."))
    filled = [*cells, *[""] * (len(head) - len(cells))]
    return {name: clean_text(cell) or "" for name, cell in zip(head, filled, strict=True)}


def _take(
    row: int,
    line: Mapping[str, str],
    indicators: Mapping[str, Indicator],
    groups: dict[tuple[int, Stretch], _Group],
) -> None:
    indicator = indicators.get(line["indicator"])
    if indicator is None:
        raise BadLine(row, "indicator", _("The docket has no indicator with this address."))
    stretch = Stretch(_day(row, "from", line), _day(row, "to", line))
    group = groups.setdefault((indicator.id, stretch), _Group(indicator, stretch, row, {}))
    category = line["category"]
    if category != TOTAL and category not in {known.key for known in indicator.categories}:
        raise BadLine(row, "category", _("The indicator has no such category."))
    if category in group.values:
        raise BadLine(row, "category", _("This stretch has a line for it already."))
    try:
        value = value_of(line["value"], indicator.unit) if line["value"] else None
    except BadValue as error:
        raise BadLine(row, "value", str(error)) from None
    group.values[category] = value
    _take_once(row, line, group)


def _take_once(row: int, line: Mapping[str, str], group: _Group) -> None:
    """The note and the base, which are those of the whole stretch whichever of its lines has them."""
    note = Localised(line.get("note_en", ""), line.get("note_es", ""))
    if max(len(note.en), len(note.es)) > _LONGEST_NOTE:
        raise BadLine(row, "note_en", _("Write at most 2,000 characters."))
    if note and group.note and note != group.note:
        raise BadLine(row, "note_en", _("Another line of this stretch has another note."))
    base = _base(row, line)
    if base and group.base and base != group.base:
        raise BadLine(row, "base", _("Another line of this stretch has another number here."))
    group.note, group.base = note or group.note, base or group.base


def _day(row: int, column: str, line: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(line[column])
    except ValueError:
        raise BadLine(row, column, _("Write a day as 2026-01-31.")) from None


def _base(row: int, line: Mapping[str, str]) -> int | None:
    typed = line.get("base", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9):
        raise BadLine(row, "base", _("Write a whole number."))
    return int(typed)


def _entry(session: Session, group: _Group, now: datetime) -> ImportedEntry:
    parts = {key: value for key, value in group.values.items() if key != TOTAL}
    draft = EntryDraft(group.values.get(TOTAL), parts, group.note, has_rest=True, base=group.base)
    known = queries.versions(session, group.indicator, group.stretch)
    is_known = False
    try:
        values, _note = checked_values(session, group.indicator, group.stretch, draft, now)
    except Unchanged:
        is_known, values = True, dict(known[-1].values) if known else {}
    except BadEntry as error:
        raise BadLine(group.row, _column(error.category), str(error)) from None
    return ImportedEntry(group.indicator, group.stretch, draft, values, group.row, len(known), is_known)


def mark_of(entries: Iterable[ImportedEntry]) -> str:
    """What stands for what these entries would publish and correct: SHA-256."""
    content = [
        [entry.indicator.id, entry.stretch.first_on.isoformat(), entry.versions, entry.is_known]
        for entry in entries
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _column(category: str | None) -> str:
    if category is None:
        return "from"
    return {"base": "base", "note": "note_en"}.get(category, "value")
