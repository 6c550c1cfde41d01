"""Spreadsheets (XLSX) that are sent piece by piece while they are made, in constant memory.

The libraries for this keep a sheet in memory or on the disk until its last row; what people answered in
confidence shall lie on neither. A text stays a text here: no cell is ever a formula (ECMA-376, part 1,
18.3.1.4: the type ``inlineStr``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from engage.web.zipped import zipped

Cell = str | int | float | None
Sheet = tuple[str, Iterable[Sequence[Cell]]]

_LONGEST_CELL = 32_767
_ROWS_A_PIECE = 200
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_START = (
    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)


def workbook(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """A workbook of these sheets, whose first row is a heading that stays in sight."""
    names = [name for name, _rows in sheets]
    members: list[tuple[str, Iterable[str]]] = [
        ("[Content_Types].xml", [_content_types(len(sheets))]),
        ("_rels/.rels", [_relations([("officeDocument", "xl/workbook.xml")])]),
        ("xl/workbook.xml", [_contents(names)]),
        ("xl/_rels/workbook.xml.rels", [_relations([("worksheet", _part(n)) for n in range(len(names))])]),
    ]
    members += [(f"xl/{_part(number)}", _sheet(rows)) for number, (_name, rows) in enumerate(sheets)]
    return zipped(members)


def _part(number: int) -> str:
    return f"worksheets/sheet{number + 1}.xml"


def _content_types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", f"{_SHEET_TYPE}.sheet.main+xml")]
    parts += [(f"/xl/{_part(number)}", f"{_SHEET_TYPE}.worksheet+xml") for number in range(sheets)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts)
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _contents(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="r{number}"/>'
        for number, name in enumerate(names, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _sheet(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield _SHEET_START
    letters: list[str] = []
    piece: list[str] = []
    for number, row in enumerate(rows, 1):
        while len(letters) < len(row):
            letters.append(_letters(len(letters)))
        cells = "".join(map(_cell, letters, [number] * len(row), row))
        piece.append(f'<row r="{number}">{cells}</row>')
        if len(piece) == _ROWS_A_PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)
    yield "</sheetData></worksheet>"


def _letters(column: int) -> str:
    """A column's name, from 0 on: A to Z, AA and so on."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _cell(column: str, row: int, value: Cell) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        text = escape(_UNWRITABLE.sub("", value)[:_LONGEST_CELL], {"\r": "&#13;"})
        return f'<c r="{column}{row}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<c r="{column}{row}"><v>{value}</v></c>'
