"""Analyse a file of comments without a site: read, measure, count, and write three files or none.

``comments.csv`` has one row for each row of the input, in its order; ``report.json`` the counts;
``report.html`` the same for reading, with the comments behind each number.
"""

from __future__ import annotations

import csv
import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self, TextIO

from engage.analysis import Analyser, Analysis, CampaignGroup, CampaignIndex, fingerprint
from engage.analysis.bulk import analyse_many
from engage.exchange.records import RowProblem, Source, SourceComment

COLUMNS = (
    "id",
    "language",
    "tone",
    "tone_score",
    "concerns",
    "position_declared",
    "position_suggested",
    "campaign",
    "campaign_size",
    "personal_data",
)
# A spreadsheet takes a cell that begins like this for a formula; an apostrophe makes it text.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class Measures(NamedTuple):
    """What a row keeps of an analysis besides the score; rows with the same share one."""

    language: str
    tone: str
    tone_reason: str | None
    concerns: tuple[str, ...]
    denied: tuple[str, ...]
    position_suggested: str
    personal_data: tuple[str, ...]


def measures(analysis: Analysis) -> tuple[Measures, float | None]:
    """What a row keeps of an analysis, and the score of the tone."""
    found = Measures(
        language=analysis.language.code,
        tone=analysis.tone.label.value,
        tone_reason=analysis.tone.reason.value if analysis.tone.reason else None,
        concerns=tuple(concern.code for concern in analysis.concerns),
        denied=tuple(concern.code for concern in analysis.concerns if concern.denied),
        position_suggested=analysis.position.position.value,
        personal_data=tuple(sorted({found.kind.value for found in analysis.personal_data})),
    )
    return found, analysis.tone.score


@dataclass(slots=True)
class Row:
    """What is known about one row of the input; ``problem`` says why a row could not be analysed.

    ``row`` counts from 1. ``campaign`` and ``campaign_size`` are filled in when all rows are read.
    ``text_key`` is the same for texts that read the same, empty where there is no text.
    """

    row: int
    id: str
    measures: Measures
    tone_score: float | None
    position_declared: str
    text_key: bytes
    campaign: str = ""
    campaign_size: int = 1
    problem: str | None = None


class TextSpool:
    """The texts of all rows in a temporary file, by the row's number: memory is eight bytes a text."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        self._ends = array("Q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def append(self, text: str) -> None:
        """Keep the text of the next row."""
        self._file.write(text.encode("utf-8", "surrogatepass"))
        self._ends.append(self._file.tell())

    def __getitem__(self, row: int) -> str:
        """The text of a row, counted from 1."""
        start = self._ends[row - 1]
        self._file.seek(start)
        return self._file.read(self._ends[row] - start).decode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Analysed:
    """Every row of a source in its order, the campaigns (members are places of rows), and the texts."""

    rows: list[Row]
    campaigns: tuple[CampaignGroup[int], ...]
    texts: TextSpool


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of the input before analysis: its number, its id, and the comment or the problem in it."""

    row: int
    id: str
    comment: SourceComment | None
    problem: str | None


def analyse_rows(
    source: Source,
    analyser: Analyser,
    texts: TextSpool,
    *,
    executor: Executor | None = None,
    workers: int = 1,
    on_progress: Callable[[int], None] | None = None,
) -> Analysed:
    """Every row of a source, analysed; the texts are kept in ``texts``. Raises BadFile as the source does."""
    campaigns: CampaignIndex[int] = CampaignIndex()
    rows: list[Row] = []
    analysed = analyse_many(
        _entries(source),
        _text_of,
        analyser=analyser,
        take=measures,
        executor=executor,
        workers=workers,
        on_progress=on_progress,
    )
    shared: dict[Measures, Measures] = {}
    for entry, (found, score) in analysed:
        text = entry.comment.text if entry.comment else ""
        texts.append(text)
        if text:
            campaigns.add(len(rows), text)
        rows.append(_row(entry, shared.setdefault(found, found), score, text))
    groups = campaigns.groups()
    for group in groups:
        for place in group.members:
            rows[place].campaign = group.id
            rows[place].campaign_size = len(group.members)
    return Analysed(rows, groups, texts)


def _entries(source: Source) -> Iterator[_Entry]:
    """One entry for each record of the file: readers leave out those that hold no comment."""
    expected, left_out = 1, 0
    for item in source:
        for missing in range(expected, item.row):
            left_out += 1
            yield _Entry(missing, "", None, None)
        if isinstance(item, RowProblem):
            yield _Entry(item.row, item.source_id or "", None, item.message)
        else:
            yield _Entry(item.row, item.source_id, item, None)
        expected = item.row + 1
    for missing in range(expected, expected + source.skipped - left_out):
        yield _Entry(missing, "", None, None)


def _text_of(entry: _Entry) -> tuple[str, str | None]:
    return (entry.comment.text, entry.comment.language) if entry.comment else ("", None)


def _row(entry: _Entry, found: Measures, score: float | None, text: str) -> Row:
    return Row(
        row=entry.row,
        id=entry.id,
        measures=found,
        tone_score=score,
        position_declared=(entry.comment.position or "") if entry.comment else "",
        text_key=bytes.fromhex(fingerprint(text)[:32]) if text.strip() else b"",
        problem=entry.problem,
    )


def write_comments(file: TextIO, rows: Iterable[Row]) -> None:
    """Write ``comments.csv``: the columns of `COLUMNS`, cells that no spreadsheet takes for a formula."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            (
                safe_cell(row.id),
                row.measures.language,
                row.measures.tone,
                "" if row.tone_score is None else f"{row.tone_score:.4f}",
                ";".join(row.measures.concerns),
                row.position_declared,
                row.measures.position_suggested,
                row.campaign,
                row.campaign_size,
                ";".join(row.measures.personal_data),
            )
        )


def safe_cell(text: str) -> str:
    """A text that a spreadsheet shows as it is: a formula sign is quoted, control characters go."""
    shown = "".join(character for character in text if character.isprintable())
    return f"'{shown}" if text.startswith(_FORMULA_STARTS) or shown.startswith(_FORMULA_STARTS) else shown


def write_all(folder: Path, files: dict[str, Callable[[TextIO], None]]) -> None:
    """Write several files into a folder, all of them or none: under other names first, moved at the end.

    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".engage-") as holding:
        for name, write in files.items():
            with (Path(holding) / name).open("w", encoding="utf-8", newline="", errors="replace") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
        for name in files:
            (Path(holding) / name).replace(folder / name)
