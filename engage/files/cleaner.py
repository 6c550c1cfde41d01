"""What runs in a process of its own: a file from standard input, made anew, to standard output.

    python -I -m engage.files.cleaner jpeg < in > out

It bounds itself before it reads a byte: a file may be made to harm whoever opens it.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

from engage.files.kinds import LARGEST_FILE, CannotClean, FileKind, Refusal, exit_code

CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: a picture of the most pixels that are taken needs about half of it."""

_LARGEST_ANSWER = LARGEST_FILE + 2 * 1024 * 1024


def main() -> int:
    """Clean what comes in; the exit code says why it was refused."""
    _bound()
    kind = FileKind(sys.argv[1])
    try:
        cleaned = _cleaner_of(kind)(sys.stdin.buffer.read())
        if len(cleaned) > LARGEST_FILE:
            return exit_code(Refusal.TOO_LARGE)
        sys.stdout.buffer.write(cleaned)
        sys.stdout.buffer.flush()
    except CannotClean as error:
        return exit_code(error.refusal)
    except MemoryError:
        return exit_code(Refusal.TOO_HEAVY)
    except Exception:  # Whatever a library says of a file that it cannot read.
        return exit_code(Refusal.DAMAGED)
    return 0


def _bound() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, _LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def _cleaner_of(kind: FileKind) -> Callable[[bytes], bytes]:
    """Only the library that this file needs is loaded."""
    if kind is FileKind.PDF:
        from engage.files.pdf import clean_pdf

        return clean_pdf
    if kind is FileKind.TEXT:
        from engage.files.text import clean_text_file

        return clean_text_file
    from engage.files.pictures import clean_jpeg, clean_png

    return clean_jpeg if kind is FileKind.JPEG else clean_png


if __name__ == "__main__":
    sys.exit(main())
