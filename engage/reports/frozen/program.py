"""Which program made a published report: its words and rules change, and what was published does not."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

_OF_THE_PROGRAM = ("*.py", "*.po", "*.toml")


@cache
def program_digest() -> str:
    """SHA-256 of all code, words and taxonomies of the running program, in the order of their names."""
    package = Path(str(files("engage")))
    found = hashlib.sha256()
    for path in sorted(path for pattern in _OF_THE_PROGRAM for path in package.rglob(pattern)):
        content = path.read_bytes()
        found.update(f"{path.relative_to(package).as_posix()} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()
