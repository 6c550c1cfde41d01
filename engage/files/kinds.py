"""Which files are taken, how large they may be, and why one is not taken."""

from __future__ import annotations

from enum import StrEnum

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes of one file, as it is sent and as it is kept."""

LARGEST_TEXT = 1024 * 1024
"""Bytes of a file of plain text."""

MOST_PIXELS = 50_000_000
"""Of one picture; the cameras of telephones make 12 to 50 million."""

LONGEST_EDGE = 4096
"""Pixels. Larger pictures are kept smaller: every word of a photographed page can still be read."""

MOST_PAGES = 300
"""Of one PDF."""


class FileKind(StrEnum):
    """What is taken. The values stand in the database."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"
    TEXT = "text"

    @property
    def media_type(self) -> str:
        """What a browser is told."""
        return _MEDIA_TYPES[self]

    @property
    def extension(self) -> str:
        """The end of the file's name, with its dot."""
        return _EXTENSIONS[self]

    @property
    def is_picture(self) -> bool:
        """Whether it shows something that a blind reader needs told in words."""
        return self in (FileKind.JPEG, FileKind.PNG)


_MEDIA_TYPES = {
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
    FileKind.PDF: "application/pdf",
    FileKind.TEXT: "text/plain; charset=utf-8",
}
_EXTENSIONS = {FileKind.JPEG: ".jpg", FileKind.PNG: ".png", FileKind.PDF: ".pdf", FileKind.TEXT: ".txt"}


class Refusal(StrEnum):
    """Why a file is not taken; for each there is a sentence that says what to do."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    WRONG_KIND = "wrong_kind"
    OFFICE = "office"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    HIDDEN_LAYERS = "hidden_layers"
    DAMAGED = "damaged"
    TOO_HEAVY = "too_heavy"
    BUSY = "busy"


_FIRST_CODE = 64


def exit_code(refusal: Refusal) -> int:
    """What the cleaner ends with where it refuses a file."""
    return _FIRST_CODE + list(Refusal).index(refusal)


class CannotClean(Exception):
    """The cleaner will not make this file anew; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


_OFFICE = (".doc", ".docx", ".odt", ".rtf", ".pages", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp")
_TEXT_NAMES = (".txt", ".text")


def kind_of(name: str, content: bytes) -> FileKind:
    """What a file is by its first bytes, whatever it is called. Raises CannotClean for what is not taken.

    Only a text is known by its name, because any bytes may be one: so a page or a drawing of the web (HTML,
    SVG) is none.
    """
    if not content:
        raise CannotClean(Refusal.EMPTY)
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    ending = name.lower().rstrip(". ")
    if ending.endswith(_OFFICE):
        raise CannotClean(Refusal.OFFICE)
    if ending.endswith(_TEXT_NAMES):
        return FileKind.TEXT
    raise CannotClean(Refusal.WRONG_KIND)


_SIGNATURES = {
    b"\xff\xd8\xff": FileKind.JPEG,
    b"\x89PNG\r\n\x1a\n": FileKind.PNG,
    b"%PDF-": FileKind.PDF,
}
