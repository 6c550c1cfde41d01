"""The answers to one question, in words and lengths."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.db.types import Localised
from engage.feedback import words
from engage.feedback.lines import (
    Line,
    Stack,
    count_text,
    described,
    months_text,
    number_text,
    range_text,
)
from engage.feedback.models import FormVersion
from engage.feedback.results import Cell, QuestionResult
from engage.survey.definition import Choice, Kind, Question
from engage.survey.suppression import K
from engage.web.locale import localised

_SHORT = 60
MOST_PARTS = 6
"""So many parts of one bar can be told apart without colour."""


class QuestionTold:
    """The answers to one question in the reader's language."""

    def __init__(self, result: QuestionResult, versions: Sequence[FormVersion]) -> None:
        self.result = result
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
    def key(self) -> str:
        """What tells it apart."""
        return self.result.key

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
        count = len(self.result.versions)
        return str(ngettext("version %(numbers)s", "versions %(numbers)s", count, numbers=numbers))

    @property
    def answered(self) -> str:
        """How many answered, of how many who were asked."""
        answered, asked = self.result.answered, self.result.asked
        if answered is None and asked is None:
            return str(_("Fewer than %(limit)s people were asked this, or it is withheld.", limit=K))
        if asked is None:
            return str(
                _(
                    "Answered: %(answered)s. How many were asked this is withheld: "
                    "it would give away others.",
                    answered=count_text(answered),
                )
            )
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
    def hides_any(self) -> bool:
        """Whether something is not told, so that it has to be said why."""
        parts = [part for stack in self.stacks for part in stack.parts]
        counts = [line.count for line in (*self.lines, *parts)]
        return None in counts or any(stack.answered is None for stack in self.stacks)

    @property
    def is_stacked(self) -> bool:
        """Whether its answers are parts of one bar: steps in order, few enough to be told apart."""
        if self.kind is Kind.MATRIX:
            return len(self.question.choices) <= MOST_PARTS
        return self.kind is Kind.SCALE and len(self.lines) <= MOST_PARTS

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
            return str(_("The answer in the middle of all: %(median)s.", median=said))
        return str(_("Mean %(mean)s, median %(median)s.", mean=number_text(figures.mean), median=said))

    def label(self, value: str) -> str:
        """What an answer is called: a choice's text, a month, a range of numbers."""
        if value in self.labels:
            return self._step(value) or localised(self.labels[value])
        if self.kind is Kind.DATE:
            return months_text(value)
        return range_text(value)

    def _step(self, value: str) -> str:
        """The ends of a scale with their words."""
        if self.kind is not Kind.SCALE:
            return ""
        steps = self.question.steps
        ends = {str(steps[0]): self.question.low_text, str(steps[-1]): self.question.high_text}
        said = localised(ends.get(value))
        return f"{value} ({said})" if said else value

    def _line(self, cell: Cell) -> Line:
        return Line(cell.value, self.label(cell.value), cell.count, cell.share, cell.low, cell.high)
