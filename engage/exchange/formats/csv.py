"""Any delimited file whose columns have known names, English or Spanish, or are named by whoever imports it.

Columns that hold e-mail or street addresses, telephone or fax numbers or network addresses are never read. A
column of people's names is read only if somebody asks for it: a sheet of letters was not written to be
published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from engage.exchange.records import BadFile, SourceComment
from engage.exchange.tables import Record, Table, TableFormat, listed
from engage.exchange.values import (
    BadRecord,
    comment_text,
    day,
    disposition,
    fold,
    identifier,
    language,
    organisation,
    person,
    position,
    short,
    undo_formula_guard,
    web_addresses,
)

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        "text", "comment", "comments", "comment text", "comment body", "your comment", "body", "message",
        "feedback", "statement", "response", "texto", "comentario", "comentarios", "su comentario", "mensaje",
        "opinion",
        "observaciones", "respuesta",
    ),
    "id": (
        "id", "doc id", "document id", "comment id", "response id", "respondent id", "respondentid",
        "source id", "tracking number", "identificador", "folio",
    ),
    "source": ("source", "fuente", "origen"),
    "title": ("title", "subject", "titulo", "asunto"),
    "language": ("language", "lang", "locale", "idioma", "lengua"),
    "position": ("position", "postura", "posicion"),
    "name": (),
    "organisation": ("organisation", "organization", "organization name", "organizacion", "entidad"),
    "place": ("place", "city", "county", "district", "lugar", "ciudad", "condado", "municipio", "distrito"),
    "received_on": (
        "received on", "received date", "date received", "received", "date", "created at", "timestamp",
    ),
    "received_on_day_first": ("recibido", "fecha de recepcion", "fecha", "marca temporal"),
    "posted_on": ("posted on", "posted date", "published on"),
    "posted_on_day_first": ("publicado", "fecha de publicacion"),
    "disposition": ("disposition", "disposicion"),
    "reason": (),
    "attachments": ("attachments", "attachment files", "adjuntos", "archivos adjuntos"),
}  # fmt: skip
"""What a column may hold, and the headers that say so by themselves, folded: no accents, capitals,
punctuation.

``source`` names the collection that a row comes from: ids need only be unique within it. Dates with slashes
are month first, except in columns with a Spanish header or a field that ends in ``_day_first``.
"""

IGNORE: Final = "ignore"
"""The field of a column that is to be left out although its header is known."""

_PRIVATE = re.compile(
    r"\b(?:e ?mails?|correos?|phones?|telephone|tel|telefonos?|cell|cellphone|celular|movil|mobile|fax|"
    r"address(?:es|\d)?|direccion|direcciones|domicilio|street|calle|ip|zip|postal|postcode)\b"
)
_LONGEST_PRIVATE_HEADER: Final = 4


def table_format(table: Table, columns: Mapping[str, str] | None) -> TableFormat:
    """The reader of this very file. ``columns`` maps its columns to FIELDS and goes before their names."""
    where = _chosen(table, columns or {})
    for field, column in _recognised(table, where):
        where.setdefault(field, column)
    if not where.get("text"):
        raise BadFile(
            table.file.path,
            "no column is known to hold the text of the comments; name it with --map COLUMN=text. "
            f"The file has: {listed(table.header)}.",
        )
    return TableFormat(
        name="csv",
        marks=(),
        needs=(),
        id_column=where.get("id", ""),
        read=lambda record: _read(record, where),
    )


def _chosen(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """Where each field is, as asked for. An ignored column stands under its own name after a space."""
    where: dict[str, str] = {}
    for column, field in columns.items():
        problem = _mapping_problem(table, column, field)
        if problem is None and field in where:
            problem = f"both “{where[field]}” and “{column}” are mapped to {field}."
        if problem:
            raise BadFile(table.file.path, problem)
        where[f" {column}" if field == IGNORE else field] = column
    return where


def _mapping_problem(table: Table, column: str, field: str) -> str | None:
    if column not in table.header:
        return f"there is no column “{column}”. The file has: {listed(table.header)}."
    if table.header.count(column) > 1:
        return (
            f"there are {table.header.count(column)} columns called “{column}”; rename the one that is meant."
        )
    if field != IGNORE and field not in FIELDS:
        return f"“{field}” is no field; a column may be mapped to {', '.join(FIELDS)} or {IGNORE}."
    if field != IGNORE and _is_private(column, field):
        return f"the column “{column}” looks like addresses or numbers of persons, which are never imported."
    return None


def _is_private(column: str, field: str) -> bool:
    """A question of many words that mentions a telephone may still be answered by a text."""
    folded = fold(column)
    is_long = field == "text" and len(folded.split()) > _LONGEST_PRIVATE_HEADER
    return bool(_PRIVATE.search(folded)) and not is_long


def _recognised(table: Table, chosen: Mapping[str, str]) -> list[tuple[str, str]]:
    """Fields by the known names of columns that nobody mapped; two columns for the text are one too many."""
    taken = set(chosen.values())
    by_name = {name: field for field, names in FIELDS.items() for name in names}
    found = [
        (by_name[fold(column)], column)
        for column in table.header
        if column not in taken and fold(column) in by_name
    ]
    texts = [column for field, column in found if field == "text"]
    if len(texts) > 1 and "text" not in chosen:
        raise BadFile(
            table.file.path,
            f"the text may be in {listed(tuple(texts))}; say which with --map COLUMN=text.",
        )
    return found


def _read(record: Record, where: Mapping[str, str]) -> SourceComment | None:
    def cell(field: str) -> str:
        return undo_formula_guard(record[where[field]]) if field in where else ""

    if not any(record.cells.values()):
        return None
    text = comment_text(cell("text"))
    fate = disposition(cell("disposition"))
    if not text and fate == "posted":
        raise BadRecord("The row has no text.")
    return SourceComment(
        row=record.row,
        source_id=_id(cell("source"), cell("id")) if "id" in where else "",
        text=text,
        title=short(cell("title"), "title"),
        language=language(cell("language")),
        position=position(cell("position")),
        name=person(cell("name")),
        organisation=organisation(cell("organisation")),
        place=short(cell("place"), "place"),
        received_on=day(cell("received_on"), "date")
        or day(cell("received_on_day_first"), "date", day_first=True),
        posted_on=day(cell("posted_on"), "date") or day(cell("posted_on_day_first"), "date", day_first=True),
        disposition=fate,
        reason=short(cell("reason"), "reason"),
        attachments=web_addresses(cell("attachments")),
    )


def _id(source: str, own: str) -> str:
    own = identifier(own)
    return identifier(f"{source.strip()}/{own}") if source.strip() else own
