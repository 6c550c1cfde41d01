"""A report's document as the template takes it: texts that can be printed, tables that a page can bear.

What is left out for length is said, and stands in the workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.comments import words
from engage.comments.models import Position
from engage.comments.words import in_language
from engage.reports.document.blocks import (
    Block,
    Fact,
    Facts,
    Link,
    Points,
    Quote,
    Row,
    Section,
    Table,
    Text,
)
from engage.reports.typeset import weeks
from engage.reports.typeset.extracts import Extract, by_sides, extract, is_of_lists
from engage.web.numbers import count_said, decimal_said

MOST_ROWS = 60
MOST_COLUMNS = 7
MOST_LINES = 5_000
"""All tables together: some 150 pages. A report with more tells the rest in the workbook."""

MOST_BARS = {"bars": 30, "sides": 12, "time": 100}
"""As many as one picture bears, by its kind; more are in the table only."""

_SIDES = (Position.SUPPORT, Position.OPPOSE)
_FEW_ROWS = 6
_SECTION = 2
_NOT_TOLD = "–"

Cell = dict[str, Any]


@dataclass(slots=True)
class Layout:
    """Lays out one report. ``said`` makes a text printable; ``lines`` are those that are still free;
    ``more`` is where all of a section stands, by its id; ``listed`` are the titles that the contents have.
    """

    said: Callable[[str], str]
    lines: int = MOST_LINES
    more: Mapping[str, str] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)

    def section(self, section: Section, level: int = _SECTION) -> dict[str, Any]:
        """A section with its blocks, and those within it one level below. The title is the first level."""
        quotes = [block for block in section.blocks if isinstance(block, Quote)]
        blocks = [laid for block in section.blocks for laid in self._block(block)]
        if quotes:
            blocks.append(self._quotes(quotes))
        if any(map(is_of_lists, section.sections)):
            blocks.append({"kind": "text", "text": self._rule_of_print(section), "note": False})
        return self._head(section, level) | {
            "blocks": blocks,
            "sections": [
                self._of_concern(inner, level + 1) if is_of_lists(inner) else self.section(inner, level + 1)
                for inner in sorted(section.sections, key=self._place)
            ],
        }

    def _head(self, section: Section, level: int) -> dict[str, Any]:
        """A section's title and place. The contents name a concern once: where most of it is told."""
        title = self.said(section.title)
        is_listed = level == _SECTION or title not in self.listed
        self.listed.add(title)
        return {"id": section.id, "title": title, "level": level, "is_listed": is_listed}

    def _place(self, section: Section) -> int:
        """What is said of the concerns stands in the order of ``more``, everything else in its own."""
        return list(self.more).index(section.id) if section.id in self.more else len(self.more)

    def _rule_of_print(self, section: Section) -> str:
        """What of the lists of a section is printed, and how much is not."""
        lists = [extract(each) for inner in section.sections for each in inner.sections]
        left_out = sum(each.left_out for each in lists)
        rule = _(
            "Printed here is, of each list, the first sentence of each side and the first of those who took "
            "neither, in the order that holds for all; the number in brackets leads to the whole comment."
        )
        rest = ngettext(
            "%(count)s more sentence stands on the page of its concern, on the web.",
            "%(count)s more sentences stand on the pages of the concerns, on the web.",
            left_out,
            count=count_said(left_out),
        )
        return f"{rule} {rest}" if left_out else rule

    def _of_concern(self, section: Section, level: int) -> dict[str, Any]:
        """What is said of one concern as a table: a row a list, a column a side."""
        lists = [extract(inner) for inner in section.sections]
        left_out = sum(each.left_out for each in lists)
        rest = ngettext(
            "%(count)s more sentence on the page of this concern",
            "%(count)s more sentences on the page of this concern",
            left_out,
            count=count_said(left_out),
        )
        laid = {
            "kind": "voices",
            "heads": [_("What it is"), *(str(words.POSITIONS[side]) for side in _SIDES)],
            "rows": [self._list(each) for each in lists],
            "more": rest if left_out else "",
            "href": self.more.get(section.id),
            "note": self._gone(sum(each.gone for each in lists)),
        }
        return self._head(section, level) | {"blocks": [laid], "sections": []}

    def _list(self, told: Extract) -> dict[str, Any]:
        sides = [told.support, told.oppose] if told.has_sides else []
        return {
            "title": self.said(told.title),
            "sides": [self._quote(quote) if quote else None for quote in sides],
            "below": [self._quote(quote) for quote in told.below],
            "none": _("No sentence of theirs is in this list."),
        }

    def _quotes(self, quotes: Sequence[Quote]) -> dict[str, Any]:
        rows = [[self._quote(quote) if quote else None for quote in row] for row in by_sides(quotes)]
        return {"kind": "quotes", "rows": rows}

    def _gone(self, count: int) -> str:
        if not count:
            return ""
        told = ngettext(
            "%(num)d of them cannot be read any more: its comment was withdrawn, is not posted any more, "
            "or has other words.",
            "%(num)d of them cannot be read any more: their comments were withdrawn, are not posted any "
            "more, or have other words.",
            count,
        )
        return str(told)

    def _block(self, block: Block) -> list[dict[str, Any]]:
        match block:
            case Table():
                return self._table(block)
            case Facts():
                return [{"kind": "facts", "items": [self.fact(fact) for fact in block.items]}]
            case Points():
                items = [self.said(item) for item in block.items]
                return [
                    {"kind": "points", "title": self.said(block.title), "items": items, "box": block.is_box}
                ]
            case Quote():
                return []  # All of a section stand together: see _quotes.
            case Link():
                return [{"kind": "link", "text": self.said(block.text), "href": block.href}]
            case Text():
                return [{"kind": "text", "text": self.said(block.text), "note": block.is_note}]

    def fact(self, fact: Fact) -> dict[str, Any]:
        """One fact."""
        return {
            "label": self.said(fact.label),
            "value": self.said(fact.value),
            "note": self.said(fact.note),
            "href": fact.href,
        }

    def _quote(self, quote: Quote) -> dict[str, Any]:
        gone = _("This comment cannot be read any more.")
        words = self.said(quote.text) if quote.text is not None else gone
        before, after = "… " if quote.begins_later else "", " …" if quote.ends_sooner else ""
        return {
            "position": self.said(quote.position_label),
            "text": f"{before}{words}{after}",
            "language": quote.language or "",
            "mark": in_language(quote.language or ""),
            "is_gone": quote.text is None,
            "href": quote.href,
            "number": quote.tracking_number,
        }

    def _table(self, table: Table) -> list[dict[str, Any]]:
        if not table.rows:
            return []
        drawn = self._chart(table)
        if weeks.is_long(table):
            table = weeks.summed(table)
        lines, empty = self._lines(table)
        shown = min(len(lines), MOST_ROWS, max(self.lines, 0))
        self.lines -= shown
        note = [self.said(table.note)] if table.note else []
        if empty:
            note.append(_("Rows without any are left out here: %(count)s.", count=count_said(empty)))
        if shown < len(lines):
            left = _(
                "%(count)s more rows are in the spreadsheet of this report.",
                count=count_said(len(lines) - shown),
            )
            note.append(left)
        if not shown:
            return [{"kind": "text", "text": f"{self.said(table.title)}: {note[-1]}", "note": True}]
        heads = [self.said(column.label) for column in table.columns]
        pieces = [
            self._piece(table, heads, lines[:shown], start) for start in range(0, len(heads), MOST_COLUMNS)
        ]
        pieces[0]["chart"] = drawn
        pieces[-1]["note"] = " ".join(note)
        return pieces

    def _piece(
        self, table: Table, heads: Sequence[str], lines: Sequence[list[Cell]], start: int
    ) -> dict[str, Any]:
        """A table, or those of its columns that fit beside each other."""
        stop = start + MOST_COLUMNS
        title = self.said(table.title)
        if len(heads) > MOST_COLUMNS:
            title = f"{title}: {heads[start]} – {heads[min(stop, len(heads)) - 1]}"
        return {
            "kind": "table",
            "title": title,
            "heads": [self.said(table.heading), *heads[start:stop]],
            "rows": [[line[0], *line[1 + start : 1 + stop]] for line in lines],
            "chart": None,
            "note": "",
        }

    def _lines(self, table: Table) -> tuple[list[list[Cell]], int]:
        """The lines to print, and how many of a long table were left out because all they say is none."""
        if not table.is_crossed:
            return self._plain(table), 0
        counts: dict[str, int | None] = {}
        for row in table.rows:
            before = counts.get(row.key, 0)
            counts[row.key] = None if before is None or row.count is None else before + row.count
        empty = {key for key, count in counts.items() if count == 0}
        if len(counts) <= _FEW_ROWS or len(empty) == len(counts):
            empty = set()
        return self._crossed(table, empty), len(empty)

    def _plain(self, table: Table) -> list[list[Cell]]:
        return [
            [{"text": self._label(row)}, *(self._cell(row, column.name) for column in table.columns)]
            for row in table.rows
        ]

    def _crossed(self, table: Table, empty: Collection[str]) -> list[list[Cell]]:
        """One line a key, with its cells under their columns."""
        labels: dict[str, str] = {}
        cells: dict[tuple[str, str], Cell] = {}
        for row in table.rows:
            labels.setdefault(row.key, self._label(row))
            cells[row.key, row.by] = self._cell(row, "count")
        none = {"text": count_said(0)}
        return [
            [{"text": label}, *(cells.get((key, column.name), none) for column in table.columns)]
            for key, label in labels.items()
            if key not in empty
        ]

    def _label(self, row: Row) -> str:
        return self.said(row.label) or _("No comment with this text is posted any more.")

    def _cell(self, row: Row, name: str) -> Cell:
        if name == "count":
            return {"text": told(row), "href": row.href}
        value = getattr(row, name)
        if isinstance(value, int | float):
            return {"text": decimal_said(value)}
        return {"text": self.said(value or ("" if row.count is not None else _NOT_TOLD))}

    def _chart(self, table: Table) -> dict[str, Any] | None:
        """Bars with their numbers, and the same in words for who does not see them."""
        if not table.chart or len(table.rows) > MOST_BARS[table.chart]:
            return None
        rows = table.rows
        most = max((row.count or 0 for row in rows), default=0) or 1
        words = ", ".join(f"{self.said(row.label)}: {told(row)}" for row in rows)
        return {
            "alt": f"{self.said(table.title)}. {words}.",
            "kind": table.chart,
            "bars": [
                {"label": self.said(row.label), "value": told(row), "part": (row.count or 0) / most}
                for row in rows
            ],
        }


def told(row: Row) -> str:
    """A count as it is said, or that it is not told."""
    if row.count is None:
        return str(_("not told")) if row.hidden else _NOT_TOLD
    return count_said(row.count)
