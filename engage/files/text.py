"""A file of plain text: its characters and nothing else."""

from __future__ import annotations

import re

from engage.files.kinds import LARGEST_TEXT, CannotClean, Refusal

_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What some program might run although it is served as a text: a page, a drawing, a script.
_MARKUP = re.compile(r"\s*(?:<[!?a-z]|#!)", re.IGNORECASE)


def clean_text_file(content: bytes) -> bytes:
    """UTF-8 with one kind of line end. Raises CannotClean for what is no text."""
    if len(content) > LARGEST_TEXT:
        raise CannotClean(Refusal.TOO_LARGE)
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or _MARKUP.match(text):
        raise CannotClean(Refusal.WRONG_KIND)
    text = _UNWANTED.sub("", text).strip()
    if not text:
        raise CannotClean(Refusal.EMPTY)
    return f"{text}\n".encode()


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What old Windows programs write.
        return content.decode("cp1252")
