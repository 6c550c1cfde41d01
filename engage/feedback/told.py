"""Results in words and lengths: what the pages for the public and for the staff have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.comments import words as comment_words
from engage.db.types import Localised
from engage.feedback import words
from engage.feedback.lines import Line, Stack, count_text, described, number_text, share_of, share_text
from engage.feedback.models import FormVersion
from engage.feedback.reading import Read
from engage.feedback.results import Cell, Count, Crosstab, QuestionResult
from engage.feedback.told_versions import VersionTold, told_versions
from engage.survey.definition import Choice, Kind, Question
from engage.survey.suppression import K
from engage.web.locale import day, localised

_SHORT = 60
_MOST_PARTS = 6
"""So many parts of one bar can be told apart without colour."""


@dataclass(frozen=True, slots=True)
class CrossTable:
    """The answers to one question by those to another, as a table and its bars take it.

    ``columns`` are the values of the other question with how many gave each; each row's cells stand in
    their order, with the share of their column.
    """

    anchor: str
    question: QuestionTold
    by: QuestionTold
    columns: tuple[Line, ...]
    rows: tuple[tuple[str, tuple[Line, ...], Count], ...]
    total: Count
    adds_up: bool

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
    def has_chart(self) -> bool:
        """Whether its groups are few enough to be told apart in a picture."""
        told = any(cell.share is not None for _label, cells, _total in self.rows for cell in cells)
        return told and 2 <= len(self.columns) <= _MOST_PARTS


class QuestionTold:
    """The answers to one question in the reader's language."""

    def __init__(self, result: QuestionResult, versions: Sequence[FormVersion], docket: Any = None) -> None:
        self.result = result
        self._docket = docket
        newest = next((one for one in versions if one.number == max(result.versions, default=0)), None)
        asked = newest.asked if newest is not None else None
        found = asked.question(result.name) if asked is not None else None
        self.question = found or Question(name=result.name, kind=Kind(result.kind))
        self.number = asked.numbers().get(result.name) if asked is not None else None
        self.is_current = newest is not None and newest is versions[-1]
        self.labels = {choice.value: choice.text for choice in self.question.options}
        self.row_labels = {row.value: row.text for row in self._named_rows}

    @property
    def _named_rows(self) -> tuple[Choice, ...]:
        return self.question.choices if self.question.kind is Kind.RANKING else self.question.rows

    @property
    def anchor(self) -> str:
        """The id of its place on a page."""
        return f"q-{self.result.key.replace('@', '-v')}"

    @property
    def title(self) -> Localised:
        """Its wording; its name where the form does not have it any more."""
        return self.question.title or Localised(self.result.name, self.result.name)

    @property
    def short_title(self) -> str:
        """Its number and the beginning of its wording, for a list to choose from."""
        text = localised(self.title)
        short = text if len(text) <= _SHORT else f"{text[: _SHORT - 1].rstrip()}…"
        return f"{self.number}. {short}" if self.number else short

    @property
    def described_rows(self) -> str:
        """All rows for people who do not see their bars."""
        return " – ".join(f"{stack.label}: {described(stack.parts)}" for stack in self.stacks)

    @property
    def kind(self) -> Kind:
        """What sort of answer it took."""
        return self.question.kind

    @property
    def kind_word(self) -> str:
        """That in words."""
        return str(words.KINDS[self.kind])

    @property
    def versions(self) -> str:
        """The versions that ask it this way, in words."""
        numbers = ", ".join(str(number) for number in self.result.versions)
        return ngettext(
            "version %(numbers)s", "versions %(numbers)s", len(self.result.versions), numbers=numbers
        )

    @property
    def answered(self) -> str:
        """How many answered, of how many who were asked."""
        answered, asked = self.result.answered, self.result.asked
        if answered is None and asked is None:
            return str(_("Fewer than %(limit)s people were asked this, or it is withheld.", limit=K))
        return str(
            _(
                "Answered: %(answered)s, of %(asked)s who were asked this.",
                answered=count_text(answered),
                asked=count_text(asked),
            )
        )

    @cached_property
    def lines(self) -> list[Line]:
        """What was chosen, or in which month or range an answer fell."""
        return [self._line(cell) for cell in self.result.cells]

    @property
    def tells_any(self) -> bool:
        """Whether anything of what was chosen is told."""
        return any(not line.is_hidden for line in self.lines)

    @property
    def is_stacked(self) -> bool:
        """Whether its answers are parts of one bar: steps in order, few enough to be told apart."""
        if self.kind is Kind.MATRIX:
            return len(self.question.choices) <= _MOST_PARTS
        return self.kind is Kind.SCALE and len(self.lines) <= _MOST_PARTS

    @cached_property
    def stacks(self) -> list[Stack]:
        """The rows of a matrix, or a scale as the only one."""
        if self.kind is Kind.SCALE:
            figures = self.result.figures
            mean = figures.mean if figures is not None else None
            return [Stack(localised(self.title), self.result.answered, tuple(self.lines), mean)]
        return [
            Stack(
                localised(self.row_labels.get(row.value)) or row.value,
                row.answered,
                tuple(self._line(cell) for cell in row.cells),
                row.mean,
            )
            for row in self.result.rows
        ]

    @cached_property
    def firsts(self) -> list[Line]:
        """What was ranked: how many put each thing first."""
        found = []
        for row in self.result.rows:
            first = next((cell for cell in row.cells if cell.value == "1"), Cell("1", None))
            name = localised(self.row_labels.get(row.value)) or row.value
            found.append(Line(row.value, name, first.count, first.share, first.low, first.high))
        return found

    @property
    def by_mean(self) -> list[Stack]:
        """Things ranked with their mean places, the best first; what is not told last."""
        stacks = self.stacks
        return sorted(stacks, key=lambda one: (one.mean is None, one.mean or 0.0))

    @property
    def figures(self) -> str:
        """Mean and median in words; nothing where they are not told."""
        figures = self.result.figures
        if figures is None or (figures.mean is None and figures.median is None):
            return ""
        median = figures.median
        said = self.label(median) if isinstance(median, str) else number_text(median)
        if figures.mean is None:
            return str(_("Half of the answers are %(median)s or less.", median=said))
        return str(_("Mean %(mean)s, median %(median)s.", mean=number_text(figures.mean), median=said))

    def label(self, value: str) -> str:
        """What an answer is called: a choice's text, a month, a range of numbers."""
        if value in self.labels:
            return self._step(value) or localised(self.labels[value])
        if self.kind is Kind.DATE:
            return _month_or_day(value)
        return value.replace("..", "–")

    def _step(self, value: str) -> str:
        """The ends of a scale with their words."""
        if self.kind is not Kind.SCALE:
            return ""
        steps = self.question.steps
        ends = {str(steps[0]): self.question.low_text, str(steps[-1]): self.question.high_text}
        said = localised(ends.get(value))
        return f"{value} ({said})" if said else value

    @property
    def languages(self) -> list[Line]:
        """The languages that texts were written in."""
        return self._of_texts("languages", lambda key: comment_words.language_name(key))

    @property
    def tones(self) -> list[Line]:
        """The tones that the analysis measured in texts."""
        return self._of_texts("tones", lambda key: comment_words.TONES.get(key, key))

    @property
    def concerns(self) -> list[Line]:
        """The concerns that the analysis detected in texts."""
        return self._of_texts("concerns", lambda key: comment_words.concern_name(key, self._docket))

    def _of_texts(self, kind: str, name: Any) -> list[Line]:
        texts = self.result.texts
        cells: tuple[Cell, ...] = getattr(texts, kind) if texts is not None else ()
        return [
            Line(cell.value, str(name(cell.value)), cell.count, cell.share, cell.low, cell.high)
            for cell in cells
        ]

    def _line(self, cell: Cell) -> Line:
        return Line(cell.value, self.label(cell.value), cell.count, cell.share, cell.low, cell.high)


class Told:
    """Everything that a page says of a form's results, for one reader."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.form = read.form
        self.results = read.results
        versions = read.form.versions
        self.questions = [QuestionTold(one, versions, read.form.docket) for one in read.results.questions]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that may be told."""
        return self.results.total is None

    @property
    def total(self) -> str:
        """How many answers are counted."""
        if self.results.total is None:
            return str(_("Fewer than %(limit)s answers are counted, so nothing is told of them.", limit=K))
        number = f"{self.results.total:,}"
        return ngettext(
            "%(n)s answer is counted.", "%(n)s answers are counted.", self.results.total, n=number
        )

    @property
    def waiting(self) -> str:
        """How many wait; nothing where none does."""
        if not self.read.waiting:
            return ""
        if self.read.has_few_waiting:
            return str(_("Fewer than %(limit)s more wait to be counted.", limit=K))
        return str(_("%(count)s more wait to be counted.", count=f"{self.read.waiting:,}"))

    @property
    def doubtful(self) -> str:
        """How many answers look as if a machine sent them, of all."""
        if self.results.doubtful is None or not self.results.total:
            return str(_("fewer than %(limit)s, or withheld", limit=K))
        share = share_text(self.results.doubtful / self.results.total)
        return str(
            _(
                "%(count)s of %(base)s (%(share)s)",
                count=f"{self.results.doubtful:,}",
                base=f"{self.results.total:,}",
                share=share,
            )
        )

    @property
    def channels(self) -> list[Line]:
        """The ways in which answers came."""
        return _lines(self.results.channels, {key: str(word) for key, word in words.CHANNELS.items()})

    @property
    def languages(self) -> list[Line]:
        """The languages in which people answered."""
        known = {cell.value: comment_words.language_name(cell.value) for cell in self.results.languages}
        return _lines(self.results.languages, known)

    @property
    def by_version(self) -> list[Line]:
        """How many answered each version."""
        known = {
            cell.value: str(_("Version %(number)s", number=cell.value)) for cell in self.results.versions
        }
        return _lines(self.results.versions, known)

    @property
    def versions(self) -> list[VersionTold]:
        """What each version changed, the newest first."""
        return told_versions(self.form.versions)

    def question(self, key: str) -> QuestionTold | None:
        """The question with this key."""
        return next((one for one in self.questions if one.result.key == key), None)

    @cached_property
    def cross_tables(self) -> list[CrossTable]:
        """All tables of one question by another, in the order of the questions."""
        return [
            self._cross(question, table)
            for question in self.questions
            for table in question.result.crosstabs
            if self.question(table.by) is not None
        ]

    @property
    def crossed(self) -> list[QuestionTold]:
        """The questions that are told by others."""
        return [question for question in self.questions if question.result.crosstabs]

    @property
    def breakdowns(self) -> list[QuestionTold]:
        """The questions by which others are told."""
        keys = {table.by.result.key for table in self.cross_tables}
        return [question for question in self.questions if question.result.key in keys]

    def cross_table(self, question: str, by: str) -> CrossTable | None:
        """The table of one question by another."""
        return next(
            (
                table
                for table in self.cross_tables
                if (table.question.result.key, table.by.result.key) == (question, by)
            ),
            None,
        )

    def _cross(self, question: QuestionTold, table: Crosstab) -> CrossTable:
        by = self.question(table.by)
        if by is None:
            raise LookupError(table.by)
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
        anchor = f"t-{question.anchor[2:]}-{by.anchor[2:]}"
        return CrossTable(anchor, question, by, columns, rows, table.total, table.adds_up)


def _lines(cells: Iterable[Cell], known: dict[str, str]) -> list[Line]:
    return [
        Line(cell.value, known.get(cell.value, cell.value), cell.count, cell.share, cell.low, cell.high)
        for cell in cells
    ]


def _month_or_day(value: str) -> str:
    try:
        return comment_words.month(value) if len(value) == len("2026-11") else day(date.fromisoformat(value))
    except ValueError:
        return value
