"""What runs in a process of its own: a workbook from standard input, its rows as JSON to standard output.

    python -I -m engage.survey.workbook_child .xlsx < in > out

It bounds itself before it reads a byte: a workbook may be made to harm whoever opens it.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

CPU_SECONDS = 5
MEMORY = 1024 * 1024 * 1024
_LARGEST_ANSWER = 16 * 1024 * 1024
_MOST_ROWS = 2_000
_SHEETS = ("survey", "choices", "settings")


def main() -> int:
    """Read what comes in; 1 where it takes too much."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, _LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))
    try:
        said = read(sys.argv[1], sys.stdin.buffer.read())
        sys.stdout.write(json.dumps(said))
        sys.stdout.flush()
    except MemoryError:
        return 1
    return 0


def read(kind: str, content: bytes) -> dict[str, Any]:
    """The sheets and what pyxform has against them, or why they cannot be read."""
    from pyxform.xls2json_backends import get_xlsform

    given: Any = content.decode("utf-8", "replace") if kind == ".md" else content
    try:
        book = get_xlsform(given, file_type=kind)
    except MemoryError:
        raise
    except Exception as error:  # Whatever a library says of a file that it cannot read.
        return {"unreadable": _line(error)}
    sheets = {name: list(getattr(book, name) or ()) for name in _SHEETS}
    for name, rows in sheets.items():
        if len(rows) > _MOST_ROWS:
            return {"unreadable": f"the sheet “{name}” has more than {_MOST_ROWS:,} rows."}
    return {"sheets": sheets, "refusal": _refusal(given, kind)}


def _refusal(given: Any, kind: str) -> str:
    """What pyxform has against it; JavaRosa is not asked, which would need Java."""
    from pyxform.xls2xform import convert

    try:
        convert(given, validate=False, file_type=kind, form_name="form")
    except MemoryError:
        raise
    except Exception as error:  # Most are PyXFormErrors; a bad sheet brings others too.
        return _line(error)
    return ""


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:500] or type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
