"""A workbook that somebody sends, opened in a process of its own, bounded in time and memory.

pyxform reads its sheets and says whether it is an XLSForm; nothing of it is run, no link is followed.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any, NoReturn

from engage.marks import N_
from engage.survey.told import BadDefinition, Told

LARGEST_WORKBOOK = 2 * 1024 * 1024
"""Bytes as sent: a form of 200 questions takes about thirty thousand."""

_LARGEST_OPENED = 24 * 1024 * 1024
_MOST_PARTS = 300
# A form of 2,000 rows in 40 columns takes 80,000 cells and three seconds.
_MOST_ROWS = 10_000
_MOST_CELLS = 200_000
_LONGEST_SECONDS = 15.0
_LONGEST_WAIT = 30.0
# One at a time in one process of the server: opening is dear.
_place = threading.BoundedSemaphore(1)

_ROW_OR_CELL = re.compile(rb"<(?:[\w.-]{1,40}:)?(row|c)[\s/>]")
_LONGEST_TAG = 64
_PIECE = 256 * 1024
_DAMAGED = N_("The file is damaged: it is no workbook that can be opened.")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of an XLSForm, each a list of rows by column; the row at 0 is the sheet's row 2.

    ``refusal`` is what pyxform says against it in English, empty where it is one.
    """

    sheets: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    refusal: str = ""


def is_workbook(content: bytes) -> bool:
    """Whether these bytes begin as .xlsx or .xls do."""
    return content.startswith((_ZIP, _OLE))


def open_workbook(content: bytes) -> Workbook:
    """The sheets of .xlsx, .xls or of pyxform's Markdown. Raises BadDefinition."""
    if len(content) > LARGEST_WORKBOOK:
        _refuse(N_("The file is larger than %(most)s MB."), most=LARGEST_WORKBOOK // 1024 // 1024)
    if content.startswith(_ZIP):
        _look_into(content)
    kind = ".xlsx" if content.startswith(_ZIP) else ".xls" if content.startswith(_OLE) else ".md"
    if not _place.acquire(timeout=_LONGEST_WAIT):
        _refuse(N_("The site is busy with other files. Send the file again in a minute."))
    try:
        said = _opened(kind, content)
    finally:
        _place.release()
    if "unreadable" in said:
        _refuse(N_("The file cannot be read: %(reason)s"), reason=said["unreadable"])
    return Workbook(said["sheets"], said["refusal"])


def _look_into(content: bytes) -> None:
    """What the archive says of itself, before anything in it is opened."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        _refuse(_DAMAGED)
    names = [part.filename.lower() for part in parts]
    if any("vbaproject" in name for name in names):
        _refuse(N_("The workbook holds macros. Save it as .xlsx without them."))
    if any("externallink" in name for name in names):
        _refuse(N_("The workbook has links to other workbooks. Replace them by their values."))
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_OPENED:
        _refuse(N_("The workbook is too large for a form."))
    if not _has_few_cells(archive):
        _refuse(N_("The workbook is too large for a form."))


def _has_few_cells(archive: zipfile.ZipFile) -> bool:
    """Whether all parts together hold so few rows and cells that reading them takes no long time.

    Any part may be a sheet, whatever it is called. Unzipped and counted a piece at a time: the smallest row
    packs into less than a byte, so that neither the file's size nor the parts' tells.
    """
    rows = cells = 0
    try:
        for part in archive.infolist():
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                _refuse(_DAMAGED)
            with archive.open(part) as opened:
                rest = b""
                while piece := opened.read(_PIECE):
                    # Without the zeros UTF-16 reads like UTF-8.
                    piece = rest + piece.replace(b"\0", b"")
                    cut = piece.rfind(b"<", -_LONGEST_TAG)
                    piece, rest = (piece[:cut], piece[cut:]) if cut >= 0 else (piece, b"")
                    names = [found[1] for found in _ROW_OR_CELL.finditer(piece)]
                    rows += names.count(b"row")
                    cells += names.count(b"c")
                    if rows > _MOST_ROWS or cells > _MOST_CELLS:
                        return False
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        _refuse(_DAMAGED)
    return True


def _opened(kind: str, content: bytes) -> dict[str, Any]:
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own program and a word of a closed list
                # Isolated: nothing of the environment or the current folder is read.
                [sys.executable, "-I", "-m", "engage.survey.workbook_child", kind],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=_LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            done = None
        if done is None or done.returncode != 0:
            _refuse(N_("The workbook is too large for a form."))
        answer.seek(0)
        said: dict[str, Any] = json.loads(answer.read())
        return said


def _refuse(text: str, /, **values: object) -> NoReturn:
    raise BadDefinition([Told(text, values)])
