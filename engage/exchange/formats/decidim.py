"""The comments export of Decidim: nested keys joined by "/", and a formula guard that is undone once.

Decidim posts a comment at once, so ``created_at`` is when it was received. Columns as in CommentSerializer of
https://github.com/decidim/decidim (decidim-comments).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engage.exchange.records import PositionName, SourceComment
from engage.exchange.tables import Record, TableFormat
from engage.exchange.values import (
    BadRecord,
    comment_text,
    day,
    identifier,
    language,
    organisation,
    person,
    undo_formula_guard,
)

_ALIGNMENTS: Final[Mapping[str, PositionName | None]] = {
    "1": "support",
    "0": "neutral",
    "-1": "oppose",
    "": None,
}


def read(record: Record) -> SourceComment | None:
    """One row."""
    text = comment_text(undo_formula_guard(record["body"]))
    if not text:
        raise BadRecord("The comment has no text.")
    return SourceComment(
        row=record.row,
        source_id=identifier(record["id"]),
        text=text,
        language=language(record["locale"]),
        position=_position(record["alignment"]),
        name=person(undo_formula_guard(record["author/name"])),
        organisation=organisation(undo_formula_guard(_group(record))),
        received_on=day(record["created_at"], "date"),
    )


def _position(alignment: str) -> PositionName | None:
    alignment = undo_formula_guard(alignment.strip())
    if alignment not in _ALIGNMENTS:
        raise BadRecord(f"The alignment is “{alignment[:40]}”, not 1, 0 or -1.")
    return _ALIGNMENTS[alignment]


def _group(record: Record) -> str:
    """The group's name, which some versions write once and others once a locale."""
    names = (cell for column, cell in record.cells.items() if column.startswith("user_group/name") and cell)
    return next(names, "")


FORMAT = TableFormat(
    name="decidim",
    marks=(frozenset({"id", "body", "alignment"}), frozenset({"id", "body", "author/id"})),
    needs=(frozenset({"id", "body"}),),
    id_column="id",
    read=read,
)
