"""Write a small file and read it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engage.exchange.sources import RowProblem, Source, SourceComment, open_source


@dataclass(frozen=True)
class Reading:
    """What a file gave."""

    source: Source
    comments: list[SourceComment]
    problems: list[RowProblem]

    @property
    def texts(self) -> list[str]:
        """The texts of the comments."""
        return [comment.text for comment in self.comments]

    @property
    def messages(self) -> list[str]:
        """The problems, one line each."""
        return [f"{problem.row} {problem.source_id}: {problem.message}" for problem in self.problems]


def read(
    where: Path,
    content: str | bytes,
    *,
    format: str = "auto",  # noqa: A002
    columns: Mapping[str, str] | None = None,
    name: str = "export.csv",
) -> Reading:
    """Put ``content`` into a file below ``where`` and read all of it."""
    path = where / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, format=format, columns=columns)


def read_file(
    path: Path,
    *,
    format: str = "auto",  # noqa: A002
    columns: Mapping[str, str] | None = None,
) -> Reading:
    """Read all of a file."""
    source = open_source(path, format=format, columns=columns)
    items = list(source)
    return Reading(
        source,
        [item for item in items if isinstance(item, SourceComment)],
        [item for item in items if isinstance(item, RowProblem)],
    )


def table(*rows: tuple[str, ...], delimiter: str = ",") -> str:
    """A delimited text with every cell in quotation marks."""
    return "".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows
    )
