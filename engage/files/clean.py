"""Clean one file in a process of its own, bounded in time, memory and output."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass

from engage.files.kinds import LARGEST_FILE, CannotClean, FileKind, Refusal, exit_code, kind_of

LONGEST_SECONDS = 60.0
"""Of the wall's clock for one file, for a machine that is busy; the cleaner itself stops after
``cleaner.CPU_SECONDS`` of work."""

_LONGEST_WAIT = 30.0
# Two at a time in one process of the server: cleaning is the dearest thing that a stranger can ask for.
_places = threading.BoundedSemaphore(2)

Refused = CannotClean


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file made anew: nothing but what it shows is in it."""

    kind: FileKind
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def clean(name: str, content: bytes, *, seconds: float = LONGEST_SECONDS) -> CleanFile:
    """Make a file anew. ``name`` only helps to tell what it is. Raises Refused.

    The same file gives the same bytes, so that a form that is sent twice holds the same files.
    """
    if len(content) > LARGEST_FILE:
        raise Refused(Refusal.TOO_LARGE)
    kind = kind_of(name, content)
    if not _places.acquire(timeout=_LONGEST_WAIT):
        raise Refused(Refusal.BUSY)
    try:
        return CleanFile(kind, _made_anew(kind, content, seconds))
    finally:
        _places.release()


def _made_anew(kind: FileKind, content: bytes, seconds: float) -> bytes:
    # A file without a name takes the answer: the cleaner may write so much into it and no more.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(  # noqa: S603 - our own program and a word of a closed list
                # Isolated: nothing of the environment or the current folder is read.
                [sys.executable, "-I", "-m", "engage.files.cleaner", kind.value],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refused(Refusal.TOO_HEAVY) from None
        if done.returncode != 0:
            raise Refused(_why(done.returncode))
        answer.seek(0)
        return answer.read()


def _why(code: int) -> Refusal:
    # Below zero: a signal has ended it, and the limits send signals.
    if code < 0:
        return Refusal.TOO_HEAVY
    known = {exit_code(refusal): refusal for refusal in Refusal}
    return known.get(code, Refusal.DAMAGED)
