"""Pictures inside a PDF keep their dots, byte by byte, and lose the notes that stand between.

JPEG: ITU-T T.81, Annex B. JPEG 2000: ISO/IEC 15444-1, Annexes A and I.
"""

from __future__ import annotations

import struct

from engage.files.kinds import CannotClean, Refusal

# JFIF says how the dots are shaped, Adobe's note how the colours are mixed: a picture needs both.
_JPEG_KEPT_NOTES = (0xE0, 0xEE)
_JPEG_BARE = (0x01, *range(0xD0, 0xD8))
_JPEG_COMMENT = 0xFE

_JP2_SIGNATURE = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_JP2_KEPT = (b"jP  ", b"ftyp", b"jp2h", b"jp2c")
_J2K_START, _J2K_TILE, _J2K_COMMENT = 0xFF4F, 0xFF90, 0xFF64


def strip_jpeg(content: bytes) -> bytes:
    """The same picture without application notes and comments, and without what stands behind its end.

    Raises CannotClean where the file is not built as the standard says.
    """
    if content[:2] != b"\xff\xd8":
        raise CannotClean(Refusal.DAMAGED)
    kept, at = [b"\xff\xd8"], 2
    while True:
        at, marker = _next_marker(content, at)
        if marker == 0xD9:
            return b"".join([*kept, b"\xff\xd9"])
        if marker in _JPEG_BARE:
            kept.append(bytes((0xFF, marker)))
            continue
        end = at + _length(content, at)
        if _is_kept(marker):
            kept.append(bytes((0xFF, marker)) + _without_thumbnail(marker, content[at:end]))
        at = end
        if marker == 0xDA:
            end = _end_of_scan(content, at)
            kept.append(content[at:end])
            at = end


def strip_jpeg2000(content: bytes) -> bytes:
    """The same picture with the boxes that show it and no others. Raises CannotClean."""
    if content[:2] == b"\xff\x4f":
        return _strip_codestream(content)
    if not content.startswith(_JP2_SIGNATURE):
        raise CannotClean(Refusal.DAMAGED)
    kept, at = [], 0
    while at < len(content):
        kind, start, end = _box(content, at)
        if kind == b"jp2c":
            inner = _strip_codestream(content[start:end])
            kept.append(struct.pack(">I4s", len(inner) + 8, kind) + inner)
        elif kind in _JP2_KEPT:
            kept.append(struct.pack(">I4s", end - start + 8, kind) + content[start:end])
        at = end
    return b"".join(kept)


def _next_marker(content: bytes, at: int) -> tuple[int, int]:
    """The place behind the next marker, and the marker. Fill bytes may stand before it, nothing else."""
    if at >= len(content) or content[at] != 0xFF:
        raise CannotClean(Refusal.DAMAGED)
    while at < len(content) and content[at] == 0xFF:
        at += 1
    if at >= len(content):
        raise CannotClean(Refusal.DAMAGED)
    return at + 1, content[at]


def _length(content: bytes, at: int) -> int:
    if at + 2 > len(content):
        raise CannotClean(Refusal.DAMAGED)
    length = int.from_bytes(content[at : at + 2], "big")
    if length < 2 or at + length > len(content):
        raise CannotClean(Refusal.DAMAGED)
    return length


def _is_kept(marker: int) -> bool:
    is_note = 0xE0 <= marker <= 0xEF
    return marker in _JPEG_KEPT_NOTES if is_note else marker != _JPEG_COMMENT


def _without_thumbnail(marker: int, segment: bytes) -> bytes:
    """JFIF's note may carry a small picture of what the large one showed before it was cut."""
    if marker == 0xE0:
        if segment[2:7] != b"JFIF\0" or len(segment) < 14:
            return b"\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        return b"\x00\x10" + segment[2:14] + b"\x00\x00"
    if marker == 0xEE:
        # Behind its twelve bytes nothing belongs to it.
        return b"\x00\x0e" + segment[2:14].ljust(12, b"\0") if segment[2:7] == b"Adobe" else b"\x00\x02"
    return segment


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the dots end: at the next marker that is none of those that stand among dots."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise CannotClean(Refusal.DAMAGED)
        if content[at + 1] != 0x00 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _box(content: bytes, at: int) -> tuple[bytes, int, int]:
    """Kind, begin and end of the content of a box."""
    if at + 8 > len(content):
        raise CannotClean(Refusal.DAMAGED)
    length, kind = struct.unpack(">I4s", content[at : at + 8])
    start = at + 8
    if length == 1:
        length = int.from_bytes(content[start : start + 8], "big")
        start += 8
    end = len(content) if length == 0 else at + length
    if not start <= end <= len(content):
        raise CannotClean(Refusal.DAMAGED)
    return kind, start, end


def _strip_codestream(content: bytes) -> bytes:
    """Take the comments out of the main header; behind it are the tiles."""
    kept, at = [content[:2]], 2
    while True:
        if at + 4 > len(content):
            raise CannotClean(Refusal.DAMAGED)
        marker = int.from_bytes(content[at : at + 2], "big")
        if marker == _J2K_TILE:
            # Behind the end of the dots belongs nothing.
            return b"".join([*kept, content[at : content.rindex(b"\xff\xd9") + 2]])
        end = at + 2 + _length(content, at + 2)
        if marker != _J2K_COMMENT:
            kept.append(content[at:end])
        at = end
