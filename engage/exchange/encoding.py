"""Which characters a file's bytes mean, found by trying; files that are no text tell it by their start."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engage.exchange.records import BadFile

_CHUNK = 1 << 20

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_NOT_TEXT = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"SQLite format 3", "a SQLite database"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file whose every byte is known to be text in ``encoding``; ``size`` is in bytes.

    ``first_odd_line`` is the first line that is not UTF-8, of a file that is Windows-1252.
    """

    path: Path
    encoding: str
    size: int
    first_odd_line: int | None = None

    def open(self) -> TextIO:
        """The text, with line ends as they are; ``buffer.tell()`` says how many bytes of it were read."""
        return self.path.open(encoding=self.encoding, newline="")

    @property
    def looks_like_json(self) -> bool:
        """Whether the first character that is no space opens an object or a list."""
        with self.open() as text:
            return text.read(4096).lstrip().startswith(("{", "["))


def open_text(path: Path) -> TextFile:
    """Look at the whole file, a megabyte at a time. Raises BadFile for what is missing, empty or no text.

    A file without a byte-order mark is UTF-8 if its first character beyond ASCII is, else Windows-1252.
    """
    try:
        if not path.is_file():
            raise BadFile(path, "there is no such file." if not path.exists() else "this is not a file.")
        with path.open("rb") as file:
            start = file.read(4096)
        _refuse_binary(path, start)
        return _text_file(path, start)
    except OSError as error:
        raise BadFile(path, f"the file cannot be read ({error.strerror}).") from error


def _refuse_binary(path: Path, start: bytes) -> None:
    if not start.strip():
        raise BadFile(path, "the file is empty.")
    for magic, kind in _NOT_TEXT:
        if start.startswith(magic):
            raise BadFile(path, f"this is {kind}, not a text file; export the comments as CSV or JSON.")
    if _marked(start) is None and start.count(0) * 10 > len(start):
        raise BadFile(path, "this is not a text file, or UTF-16 without a byte-order mark; save it as UTF-8.")


def _marked(start: bytes) -> str | None:
    return next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), None)


def _text_file(path: Path, start: bytes) -> TextFile:
    marked = _marked(start)
    encoding = marked or "utf-8"
    size = path.stat().st_size
    broken = _first_error(path, encoding)
    if broken is None:
        return TextFile(path, encoding, size)
    if marked or broken.other_text_before:
        raise BadFile(path, f"line {broken.line} is not valid {encoding.upper()}; save the file again.")
    unknown = _first_error(path, "cp1252")
    if unknown is not None:
        raise BadFile(path, f"line {unknown.line} is neither UTF-8 nor Windows-1252; save it as UTF-8.")
    return TextFile(path, "cp1252", size, broken.line)


@dataclass(frozen=True, slots=True)
class _Broken:
    """Where decoding failed, and whether characters beyond ASCII had been read well before."""

    line: int
    other_text_before: bool


def _first_error(path: Path, encoding: str) -> _Broken | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    other_text = False
    for chunk in _chunks(path):
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # The decoder joins the end of the chunk before to this one, so the error's own bytes are counted.
            good = bytes(error.object[: error.start])
            return _Broken(lines + good.count(b"\n"), other_text or not good.isascii())
        lines += text.count("\n")
        other_text = other_text or not text.isascii()
    return None


def _chunks(path: Path) -> Iterator[bytes]:
    """The file in pieces, and an empty one at the end."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
    yield b""
