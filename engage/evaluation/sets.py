"""The labelled sets of a folder, told by their file names: ``KIND_LANG_NAME*.csv`` or ``KIND*.csv``."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engage.errors import EngageError


class BadSet(EngageError):
    """A labelled set that is not there or cannot be read; the message is one line."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The rows of one file; ``language`` is None where each row names its own.

    ``is_seen`` says that it is a development half (``…_dev.csv``), which this version was made or tuned with:
    of new texts it is no proof.
    """

    name: str
    language: str | None
    rows: list[dict[str, str]]
    is_seen: bool = False

    @property
    def label(self) -> str:
        """The name as figures show it."""
        return seen(self.name) if self.is_seen else self.name


def seen(name: str) -> str:
    """What a figure's set is called whose texts were at hand while the analysis was made."""
    return f"{name} (seen)"


def find_sets(folder: Path, kind: str, columns: tuple[str, ...]) -> list[LabelledSet]:
    """The sets of a kind (such as "sent") in a folder, by name. Raises BadSet for one without the columns."""
    return [_read(path, kind, columns) for path in sorted(folder.glob(f"{kind}*.csv"))]


def require_some(folder: Path, kinds: tuple[str, ...]) -> None:
    """Raise BadSet unless the folder is there and has a set of some kind."""
    if not folder.is_dir():
        raise BadSet(f"{folder}: there is no such folder.")
    if not any(next(folder.glob(f"{kind}*.csv"), None) for kind in kinds):
        patterns = ", ".join(f"{kind}*.csv" for kind in kinds)
        raise BadSet(f"{folder}: there is no labelled set in it ({patterns}).")


def texts_of(folder: Path) -> dict[str, list[str]]:
    """The texts of each CSV in a folder of corpora, by file name. Raises BadSet where there are none."""
    found = {
        path.stem: [row["text"] for row in _rows(path, ("text",))] for path in sorted(folder.glob("*.csv"))
    }
    if not found:
        raise BadSet(f"{folder}: there is no CSV file in it.")
    return found


def _read(path: Path, kind: str, columns: tuple[str, ...]) -> LabelledSet:
    parts = path.stem.removeprefix(kind).strip("_").removesuffix("_dev").split("_")
    language = parts[0] if len(parts) > 1 and len(parts[0]) == 2 else None
    name = "_".join(parts[1:] if language else parts) or kind
    rows = list(_rows(path, columns))
    if not rows:
        raise BadSet(f"{path.name}: there are no rows in it.")
    return LabelledSet(name, language, rows, is_seen=path.stem.endswith("_dev"))


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise BadSet(f"{path.name}: there is no column “{missing[0]}”.")
            yield from reader
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSet(f"{path.name}: cannot be read ({error}).") from error
