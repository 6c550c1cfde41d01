"""One question told by another, in words and lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from engage.db.types import Localised
from engage.feedback.lines import Line, count_text, described, language_name, share_of
from engage.feedback.results import Count, Crosstab
from engage.feedback.told_question import MOST_PARTS, QuestionTold
from engage.web.locale import language, localised

LANGUAGE = "@language"
"""What the counting calls the breakdown by language."""


@dataclass(frozen=True, slots=True)
class CrossTable:
    """The answers to one question by those to another, as a table and its bars take it.

    ``columns`` are the values of the other question with how many gave each; each row's cells stand in
    their order, with the share of their column. ``row`` is the row of a matrix that
    it is of.
    """

    anchor: str
    question: QuestionTold
    by: QuestionTold | LanguageTold
    columns: tuple[Line, ...]
    rows: tuple[tuple[str, tuple[Line, ...], Count], ...]
    total: Count
    adds_up: bool
    row: str = ""

    @property
    def number(self) -> str:
        """Of how many people it tells."""
        return count_text(self.total)

    @property
    def bars(self) -> list[tuple[str, tuple[Line, ...]]]:
        """The rows without their totals."""
        return [(label, cells) for label, cells, _total in self.rows]

    @property
    def description(self) -> str:
        """The picture in words."""
        return " – ".join(f"{label}: {described(cells)}" for label, cells in self.bars)

    @property
    def hides_any(self) -> bool:
        """Whether something is not told, so that it has to be said why."""
        counts = [cell.count for _label, cells, _total in self.rows for cell in cells]
        return None in counts

    @property
    def has_chart(self) -> bool:
        """Whether its groups are few enough to be told apart in a picture."""
        told = any(cell.share is not None for _label, cells, _total in self.rows for cell in cells)
        return told and 2 <= len(self.columns) <= MOST_PARTS


class LanguageTold:
    """The language in which people answered, by which questions are told as by another question."""

    key = LANGUAGE
    anchor = "q-language"

    @property
    def title(self) -> Localised:
        """What it is called, in the reader's language only."""
        return Localised(**{language(): str(_("Language of the form they used"))})

    @property
    def short_title(self) -> str:
        """The same, for a list to choose from."""
        return localised(self.title)

    def label(self, value: str) -> str:
        """What a language is called."""
        return language_name(value)


def made_tables(questions: Sequence[QuestionTold]) -> list[CrossTable]:
    """All tables of one question by another, in the order of the questions."""
    by_key: dict[str, QuestionTold | LanguageTold] = {one.key: one for one in questions}
    by_key[LANGUAGE] = LanguageTold()
    return [
        _cross(question, table, by_key[table.by])
        for question in questions
        for table in question.result.crosstabs
        if table.by in by_key
    ]


def _cross(question: QuestionTold, table: Crosstab, by: QuestionTold | LanguageTold) -> CrossTable:
    columns = tuple(
        Line(value, by.label(value), count)
        for value, count in zip(table.columns, table.column_totals, strict=True)
    )
    rows = tuple(
        (
            question.label(value),
            tuple(
                Line(column.key, column.label, count, share_of(count, column.count))
                for column, count in zip(columns, cells, strict=True)
            ),
            total,
        )
        for value, cells, total in zip(table.rows, table.cells, table.row_totals, strict=True)
    )
    anchor = "-".join(["t", question.anchor[2:], *filter(None, [table.row]), by.anchor[2:]])
    row = localised(question.row_labels.get(table.row)) or table.row
    return CrossTable(anchor, question, by, columns, rows, table.total, table.adds_up, row)
