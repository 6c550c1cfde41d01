"""Files that residents send, made anew from what they show: bytes in, clean bytes out.

Nothing here knows Flask, the database or the clock. ``clean`` starts a process of its own for each file,
which may use so much time and memory and no more, has no secrets in its environment and writes nowhere but to
its answer; ``cleaner`` is what runs in there.
"""

from engage.files.clean import CleanFile, Refused, clean
from engage.files.kinds import (
    LARGEST_FILE,
    MOST_PAGES,
    MOST_PIXELS,
    FileKind,
    Refusal,
)

__all__ = [
    "LARGEST_FILE",
    "MOST_PAGES",
    "MOST_PIXELS",
    "CleanFile",
    "FileKind",
    "Refusal",
    "Refused",
    "clean",
]
