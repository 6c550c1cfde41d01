"""The program that sets one report: a template and data come in, a PDF goes out; it knows no site.

It is run as a file by itself, so that nothing of the site is loaded, with as much time and memory as one
report may take. The template and the data come from memory, the data are texts that are never read as Typst's
code, and the only folder that could be read, also for packages, is an empty one.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
from datetime import datetime

import typst

CPU_SECONDS = 60
MOST_MEMORY = 2 << 30
"""Addresses, not pages: the program itself takes 0.9 GB of them, mostly untouched."""


def main() -> None:
    """Read ``{"template", "data", "made_at"}`` and write the PDF. Ends with 1 where it cannot be set."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    order = json.load(sys.stdin.buffer)
    with tempfile.TemporaryDirectory() as empty:
        try:
            made = typst.compile(
                order["template"].encode(),
                root=empty,
                package_path=empty,
                package_cache_path=empty,
                font_paths=typst.Fonts(include_system_fonts=False),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(order["data"])},
                pdf_standards=["ua-1"],
                timestamp=datetime.fromisoformat(order["made_at"]),
                format="pdf",
            )
        except typst.TypstError as error:
            sys.stderr.write(f"{error}\n")
            sys.exit(1)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
