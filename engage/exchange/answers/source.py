"""A file of answers: its columns told apart, and its rows, read anew for each pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from engage.exchange.answers.columns import Layout, System, has_second_header, layout, system_of
from engage.exchange.encoding import open_text
from engage.exchange.records import MAX_ID, BadFile, RowProblem
from engage.exchange.seen import seen_ids
from engage.exchange.tables import Table, open_table
from engage.exchange.values import BadRecord, day, language, undo_formula_guard, usable

FORMATS: Final = tuple(system.value for system in System)

_NO_DAY: Final = date(1980, 1, 1)
"""What LimeSurvey writes as the day of an answer that was sent where days are not kept."""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """One row: its cells by the index of the column. ``row`` 1 is the first after the header.

    ``identity`` is unique within the file: the system's own id, or what the row says and how often it has
    been said before.
    """

    row: int
    identity: str
    cells: Sequence[str]
    answered_on: date | None
    language: str | None


class Why(StrEnum):
    """Why a row that can be read is no answer."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not taken, though nothing is wrong with it."""

    answer: SourceAnswer
    why: Why


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """An open file of answers.

    ``takes_unfinished``: also rows of people who did not come to the end. ``is_answered`` tells of a row's
    cells whether they answer anything.
    """

    table: Table
    system: System
    layout: Layout
    has_second_header: bool
    takes_unfinished: bool = False
    is_answered: Callable[[Sequence[str]], bool] = any

    def answering(self, is_answered: Callable[[Sequence[str]], bool]) -> AnswerSource:
        """The same file, whose rows are asked by this whether they answer anything."""
        return replace(self, is_answered=is_answered)

    @property
    def encoding(self) -> str:
        """How its characters are written."""
        return self.table.file.encoding

    def __iter__(self) -> Iterator[SourceAnswer | LeftOut | RowProblem]:
        """The rows in the order of the file. Raises BadFile where the rest cannot be trusted."""
        with self.table.file.open() as text, seen_ids() as seen:
            for row, cells in self.table.rows(text):
                if self.has_second_header and row == 1:
                    continue
                number = row - self.has_second_header
                if isinstance(cells, RowProblem):
                    yield RowProblem(number, None, cells.message)
                    continue
                try:
                    answer = self._answer(number, cells)
                except BadRecord as bad:
                    yield RowProblem(number, None, str(bad))
                    continue
                first, times = seen.add(answer.identity, number)
                if self.layout.identity is None:
                    yield self._sorted(_named(answer, f"{answer.identity} {times}"))
                elif times == 1:
                    yield self._sorted(answer)
                else:
                    yield RowProblem(number, None, f"The id is that of row {first} again.")

    def _sorted(self, answer: SourceAnswer) -> SourceAnswer | LeftOut:
        finished = self.layout.finished
        if finished is not None and not self.takes_unfinished and not answer.cells[finished]:
            return LeftOut(answer, Why.UNFINISHED)
        return answer if self.is_answered(answer.cells) else LeftOut(answer, Why.EMPTY)

    def _answer(self, number: int, cells: Sequence[str]) -> SourceAnswer:
        known = self.layout
        clean = [usable(undo_formula_guard(cell.strip()), "row") for cell in cells]
        own = clean[known.identity][:MAX_ID] if known.identity is not None else ""
        said = sha256("\x1f".join(clean).encode()).hexdigest()
        return SourceAnswer(
            row=number,
            identity=own or said,
            cells=clean,
            answered_on=self._day(clean),
            language=language(clean[known.language]) if known.language is not None else None,
        )

    def _day(self, cells: Sequence[str]) -> date | None:
        found = day(cells[self.layout.day], "day") if self.layout.day is not None else None
        return None if self.system is System.LIMESURVEY and found == _NO_DAY else found


def _named(answer: SourceAnswer, identity: str) -> SourceAnswer:
    return SourceAnswer(answer.row, identity, answer.cells, answer.answered_on, answer.language)


def open_answers(path: Path, *, kind: str = "auto", takes_unfinished: bool = False) -> AnswerSource:
    """Open a file and tell its columns apart. Raises BadFile."""
    table = open_table(open_text(path))
    with table.file.open() as text:
        first = next((cells for _row, cells in table.rows(text) if not isinstance(cells, RowProblem)), None)
    if first is None:
        raise BadFile(path, "no row is as wide as the header.")
    system = system_of(table.header, first) if kind == "auto" else System(kind)
    second = (
        first
        if system in (System.SURVEYMONKEY, System.CSV) and has_second_header(table.header, first)
        else None
    )
    found = layout(table.header, second, system)
    if not found.items:
        raise BadFile(path, "no column holds answers to a question.")
    return AnswerSource(table, system, found, second is not None, takes_unfinished)
