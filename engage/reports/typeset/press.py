"""The program that sets one report: a template and data come in, a PDF goes out; it knows no site.

It is run as a file by itself, so that nothing of the site is loaded, with as much time and memory as one
report may take. The template and the data come from memory, the data are texts that are never read as Typst's
code, and the only folder that could be read, also for packages, is an empty one. Fonts are those inside of
Typst, and those of the folder that the order names.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime

import pikepdf
import typst

CPU_SECONDS = 60
MOST_MEMORY = 2 << 30
"""Addresses, not pages: the program itself takes 0.9 GB of them, mostly untouched."""


def main() -> None:
    """Read ``{"template", "data", "made_at"}`` and write the PDF. Ends with 1 where it cannot be set.

    ``fonts``, where it is given, lists folders with more than Typst's own.
    """
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
                font_paths=typst.Fonts(include_system_fonts=False, font_paths=order.get("fonts", [])),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(order["data"])},
                pdf_standards=["ua-1"],
                timestamp=datetime.fromisoformat(order["made_at"]),
                format="pdf",
            )
        except typst.TypstError as error:
            sys.stderr.write(f"{error}\n")
            sys.exit(1)
    sys.stdout.buffer.write(with_row_headings(made))


def with_row_headings(made: bytes) -> bytes:
    """The PDF with the first cell of each row of a table as the heading of that row.

    Typst marks the headings of columns; those of rows it knows only as an experiment (``pdf.header-cell``)
    that its Python package cannot switch on. A cell names its headings by their ids, as Typst has it for
    those of columns.
    """
    with pikepdf.open(io.BytesIO(made)) as book:
        tree = book.Root.StructTreeRoot
        if "/IDTree" not in tree:
            return made
        ids = pikepdf.NameTree(tree.IDTree)
        for number, (first, others) in enumerate(_rows(book)):
            name = f"row-{number:06}"
            first.S, first.ID = pikepdf.Name.TH, pikepdf.String(name)
            _of_table(first).Scope = pikepdf.Name.Row
            ids[name] = first
            for cell in others:
                _of_table(cell).Headers.append(pikepdf.String(name))
        answer = io.BytesIO()
        book.save(answer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return answer.getvalue()


def _rows(book: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Object, list[pikepdf.Object]]]:
    """The first cell of each row below the headings of a table, and the others of that row."""
    bodies = (
        each for each in book.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TBody"
    )
    for body in list(bodies):
        for row in body.K:
            first, *others = row.K
            yield first, others


def _of_table(cell: pikepdf.Object) -> pikepdf.Object:
    """What a cell says of its place in the table, in its attributes."""
    return next(each for each in cell.A if each.O == "/Table")


if __name__ == "__main__":
    main()
