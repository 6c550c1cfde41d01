"""Answers of the Regulations.gov API v4, as files: a comment's detail, a list, a JSON array of either, or
JSON lines.

The fields are those of the bulk CSV under other names, so they are renamed and read alike. A list answer
carries no texts: its comments are reported one by one, because their details have to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TextIO

from engage.exchange.encoding import TextFile
from engage.exchange.formats.regulations_gov_csv import COMMENT_TYPE
from engage.exchange.json_stream import Malformed, Scanner, Unreadable, is_lines, lines
from engage.exchange.records import BadFile, RowProblem
from engage.exchange.tables import Record

NAME: Final = "regulations-gov-json"

_COLUMNS: Final[Mapping[str, str]] = {
    "comment": "Comment",
    "title": "Title",
    "firstName": "First Name",
    "lastName": "Last Name",
    "organization": "Organization Name",
    "city": "City",
    "stateProvinceRegion": "State/Province",
    "country": "Country",
    "receiveDate": "Received Date",
    "postedDate": "Posted Date",
    "withdrawn": "Is Withdrawn?",
    "reasonWithdrawn": "Reason Withdrawn",
    "restrictReasonType": "Restrict Reason Type",
    "restrictReason": "Restrict Reason",
    "duplicateComments": "Duplicate Comments",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """A file of answers; ``has_lines`` tells JSON lines from one JSON text."""

    file: TextFile
    has_lines: bool

    def records(self, text: TextIO) -> Iterator[Record | RowProblem]:
        """Every comment of an open file. Raises BadFile where the file stops being JSON."""
        values = lines(text) if self.has_lines else _document(Scanner(text))
        row = 0
        try:
            for value in values:
                for item in _unfolded(value):
                    row += 1
                    yield _record(row, item)
        except Malformed as error:
            raise BadFile(self.file.path, f"this is not valid JSON: {error}.", row=row + 1) from error


def open_answers(file: TextFile) -> Answers:
    """Look how the file is laid out. Raises BadFile for one without comments or in an old encoding."""
    if file.encoding == "cp1252":
        raise BadFile(file.path, f"line {file.first_odd_line} is not valid UTF-8, which JSON has to be.")
    with file.open() as text:
        answers = Answers(file, is_lines(text))
    with file.open() as text:
        if next(answers.records(text), None) is None:
            raise BadFile(file.path, "the file has no comments.")
    return answers


def _document(scanner: Scanner) -> Iterator[Any]:
    """The comments of one JSON text: a list, a list answer, or one comment."""
    if scanner.peek() == "[":
        yield from scanner.items()
    else:
        yield from _object(scanner)
    if scanner.peek():
        raise Malformed("there is something after the end")


def _object(scanner: Scanner) -> Iterator[Any]:
    whole: dict[str, Any] = {}
    for key in scanner.each_key():
        if key == "data" and scanner.peek() == "[":
            yield from scanner.items()
        else:
            whole[key] = scanner.value()
    if "data" in whole or "attributes" in whole:
        yield whole


def _unfolded(value: Any) -> list[Any]:
    """The comments of a list answer that is itself an item of a file; else the value alone."""
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return list(value["data"])
    return [value]


def _record(row: int, value: Any) -> Record | RowProblem:
    if isinstance(value, Unreadable):
        return RowProblem(row, None, value.why)
    data = value.get("data", value) if isinstance(value, dict) else None
    if isinstance(data, Unreadable):
        return RowProblem(row, None, data.why)
    attributes = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(attributes, dict):
        return RowProblem(row, None, "This is no answer of the API: there is no object with “attributes”.")
    source_id = _cell(data.get("id"))
    cells = {column: _cell(attributes.get(name)) for name, column in _COLUMNS.items()}
    odd = [name for name, column in _COLUMNS.items() if cells[column] is None]
    if odd or source_id is None:
        return RowProblem(
            row, source_id, f"“{(odd or ['id'])[0]}” is a list or an object, where a text is expected."
        )
    return Record(
        row,
        {
            **{column: cell or "" for column, cell in cells.items()},
            "Document ID": source_id,
            "Document Type": _document_type(data, attributes),
            "Attachment Files": ",".join(_attachments(value.get("included"))),
        },
    )


def _cell(value: Any) -> str | None:
    """A value as the bulk CSV would write it; None for what has no place in a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else str(value)
    return None


def _document_type(data: Mapping[str, Any], attributes: Mapping[str, Any]) -> str:
    if "type" in data:
        return COMMENT_TYPE if data["type"] == "comments" else f"{data['type']}"
    return _cell(attributes.get("documentType")) or ""


def _attachments(included: Any) -> Iterator[str]:
    """The addresses of a comment's attachments, which stand beside its detail."""
    for resource in included if isinstance(included, list) else []:
        attributes = resource.get("attributes") if isinstance(resource, dict) else None
        formats = attributes.get("fileFormats") if isinstance(attributes, dict) else None
        for item in formats if isinstance(formats, list) else []:
            if isinstance(item, dict) and isinstance(item.get("fileUrl"), str):
                yield item["fileUrl"]
