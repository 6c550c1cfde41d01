"""Conditions line by line, as staff put them together: a question, how its answer compares, and values.

What is more complex, from an import, is not taken apart here: it is edited as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as pgettext

from engage.errors import EngageError
from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Operator
from engage.survey.definition import Choice, Kind, Question
from engage.survey.fitting import NUMBER

MOST_LINES = 5


class BadLine(EngageError):
    """A line that says nothing; ``problem`` says what is wrong."""

    def __init__(self, problem: LazyString) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Lines:
    """Comparisons, of which all or any have to hold."""

    lines: tuple[Comparison, ...] = ()
    is_any: bool = False

    @property
    def condition(self) -> Condition | None:
        """The lines as one condition."""
        if len(self.lines) < 2:
            return self.lines[0] if self.lines else None
        return AnyOf(self.lines) if self.is_any else AllOf(self.lines)


def lines_of(condition: Condition | None) -> Lines | None:
    """The lines of a condition; None where it is more than at most five comparisons, joined alike."""
    match condition:
        case None:
            return Lines()
        case Comparison():
            return Lines((condition,))
        case AllOf(operands) | AnyOf(operands) if len(operands) <= MOST_LINES:
            lines = tuple(one for one in operands if isinstance(one, Comparison))
            if len(lines) == len(operands):
                return Lines(lines, isinstance(condition, AnyOf))
    return None


@dataclass(frozen=True, slots=True)
class Target:
    """What a line can ask for: a question, or one row of a matrix."""

    question: Question
    row: Choice | None = None

    @property
    def key(self) -> str:
        """How it is called in a field: ``trust``, ``rating.patrol``."""
        return f"{self.question.name}.{self.row.value}" if self.row else self.question.name

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The values to choose from; none where the value is typed."""
        return self.question.options if self.question.is_counted else ()


def targets(questions: Sequence[Question]) -> list[Target]:
    """Everything that a line can ask for in these questions."""
    found = []
    for question in questions:
        if question.kind is Kind.MATRIX:
            found += [Target(question, row) for row in question.rows]
        elif question.kind is not Kind.NOTE:
            found.append(Target(question))
    return found


_IS = {Operator.EQUAL: _l("is"), Operator.NOT_EQUAL: _l("is not")}
_ONE_OF = {Operator.ANY_OF: _l("is one of")}
_MORE = {
    Operator.GREATER: _l("is more than"),
    Operator.AT_LEAST: _l("is at least"),
    Operator.LESS: _l("is less than"),
    Operator.AT_MOST: _l("is at most"),
}
_LATER = {
    Operator.GREATER: _l("is later than"),
    Operator.AT_LEAST: _l("is this day or later"),
    Operator.LESS: _l("is earlier than"),
    Operator.AT_MOST: _l("is this day or earlier"),
}
_HAS = {
    Operator.CONTAINS: pgettext("condition", "contains"),
    Operator.NOT_CONTAINS: pgettext("condition", "does not contain"),
    Operator.ANY_OF: pgettext("condition", "contains one of"),
    Operator.ALL_OF: pgettext("condition", "contains all of"),
}
_ANSWERED = {
    Operator.NOT_EMPTY: pgettext("condition", "is answered"),
    Operator.EMPTY: pgettext("condition", "is not answered"),
}
_OPERATORS: dict[Kind, dict[Operator, LazyString]] = {
    Kind.SHORT_TEXT: _ANSWERED | _IS,
    Kind.LONG_TEXT: _ANSWERED,
    Kind.NUMBER: _IS | _MORE | _ANSWERED,
    Kind.DATE: _IS | _LATER | _ANSWERED,
    Kind.SINGLE: _IS | _ONE_OF | _ANSWERED,
    Kind.MULTIPLE: _HAS | _ANSWERED,
    Kind.SCALE: _IS | _ONE_OF | _MORE | _ANSWERED,
    Kind.MATRIX: _IS | _ONE_OF | _ANSWERED,
    Kind.RANKING: _ANSWERED,
}
_OF_SEVERAL = frozenset({Operator.ANY_OF, Operator.ALL_OF})


def operators(question: Question) -> dict[Operator, LazyString]:
    """How the answer to a question can be compared, in words that stand between question and value."""
    return _OPERATORS[question.kind]


def line(target: Target, operator: str, values: Sequence[str]) -> Comparison:
    """One line as it was chosen. Raises BadLine."""
    if operator not in {known.value for known in operators(target.question)}:
        raise BadLine(_l("Choose how the answer is compared."))
    chosen, row = Operator(operator), target.row.value if target.row else None
    if chosen in _ANSWERED:
        return Comparison(target.question.name, chosen, None, row)
    read = tuple(_read(target, value) for value in values if value)
    if not read:
        raise BadLine(_l("Choose or write what it is compared with."))
    if chosen in _OF_SEVERAL:
        return Comparison(target.question.name, chosen, tuple(read), row)
    if len(read) > 1:
        raise BadLine(_l("Choose one value here, or compare with “one of”."))
    return Comparison(target.question.name, chosen, read[0], row)


def _read(target: Target, value: str) -> str | float:
    question = target.question
    if target.offered and value not in {choice.value for choice in target.offered}:
        raise BadLine(_l("Choose one of the values that the question offers."))
    if question.kind in (Kind.NUMBER, Kind.SCALE):
        if not NUMBER.fullmatch(value):
            raise BadLine(_l("Write a number in digits, such as 12 or 2.5."))
        return float(value)
    if question.kind is Kind.DATE and not _is_day(value):
        raise BadLine(_l("Write the date as year, month, day, such as 2026-11-26."))
    return value[:500]


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
