"""Files of single answers for analysts: tables, a workbook, an object. All are streams in constant memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engage.feedback.answer_columns import ABOUT_COLUMNS, DICTIONARY_COLUMNS, Column, columns, dictionary
from engage.feedback.answer_rows import Value, rows
from engage.feedback.models import FeedbackForm
from engage.survey.across import Asked
from engage.web.cells import safe_cell
from engage.web.workbook import workbook
from engage.web.zipped import zipped

_ROWS_A_PIECE = 200


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a file is made of, read before it is sent: its questions, its dictionary, and what to say of it.

    ``about`` are lines of a name and a text.
    """

    form_id: int
    questions: tuple[Asked, ...]
    dictionary: tuple[dict[str, str], ...]
    about: tuple[tuple[str, str], ...]
    reads_waiting: bool

    @property
    def columns(self) -> list[Column]:
        """The columns of questions."""
        return columns(self.questions)

    @property
    def names(self) -> list[str]:
        """All columns by name."""
        return [*ABOUT_COLUMNS, *(column.name for column in self.columns)]

    def rows(self, session: Session) -> Iterator[list[Value]]:
        """One row an answer."""
        return rows(session, self.form_id, self.columns, reads_waiting=self.reads_waiting)


def answer_file(
    form: FeedbackForm,
    questions: tuple[Asked, ...],
    about: Sequence[tuple[str, str]],
    *,
    reads_waiting: bool,
) -> AnswerFile:
    """Gather what a file is made of."""
    return AnswerFile(
        form.id, questions, tuple(dictionary(form, questions)), tuple(about), reads_waiting=reads_waiting
    )


def as_csv(session: Session, file: AnswerFile) -> Iterator[str]:
    """The answers. The mark at the beginning tells spreadsheets that this is UTF-8."""
    yield "\ufeff"
    yield from _csv(file.names, file.rows(session))


def dictionary_csv(file: AnswerFile) -> Iterator[str]:
    """What stands in each column; what to know of the file comes last."""
    yield "\ufeff"
    yield from _csv(DICTIONARY_COLUMNS, _dictionary_rows(file))


def as_zip(session: Session, file: AnswerFile) -> Iterator[bytes]:
    """The answers, their dictionary and what to know of them in one archive."""
    about = "".join(f"{name}: {text}\n\n" for name, text in file.about)
    return zipped(
        [
            ("about.txt", [about]),
            ("dictionary.csv", dictionary_csv(file)),
            ("answers.csv", as_csv(session, file)),
        ]
    )


def as_xlsx(session: Session, file: AnswerFile) -> Iterator[bytes]:
    """The same as a workbook of three sheets."""
    return workbook(
        [
            ("Answers", _with_heading(file.names, file.rows(session))),
            ("Dictionary", _with_heading(DICTIONARY_COLUMNS, _dictionary_rows(file))),
            ("About", _with_heading(("", ""), file.about)),
        ]
    )


def as_json(session: Session, file: AnswerFile) -> Iterator[str]:
    """The same as an object; each answer holds only the columns in which something stands."""
    head = {"about": dict(file.about), "dictionary": file.dictionary}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "answers": ['
    names = file.names
    for number, row in enumerate(file.rows(session)):
        told = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        yield (",\n" if number else "\n") + json.dumps(told, ensure_ascii=False)
    yield "\n]}\n"


def _dictionary_rows(file: AnswerFile) -> Iterator[list[Value]]:
    for line in file.dictionary:
        yield [line.get(column, "") for column in DICTIONARY_COLUMNS]
    blank = [""] * (len(DICTIONARY_COLUMNS) - 3)
    for name, text in file.about:
        yield ["", "about", name, *blank[1:], "", text]


def _with_heading(names: Sequence[str], lines: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    yield names
    yield from lines


def _csv(names: Sequence[str], lines: Iterable[Sequence[Value]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(names)
    for number, line in enumerate(lines, 1):
        writer.writerow([safe_cell(cell) for cell in line])
        if number % _ROWS_A_PIECE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
