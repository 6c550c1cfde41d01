"""Put the columns of a file to the questions of a form, and its cells to their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engage.errors import RuleBroken
from engage.exchange.answers.columns import Item, Layout, is_other
from engage.exchange.answers.infer import TICKED, TICKS, split_joined
from engage.exchange.values import BadRecord, day, fold
from engage.survey.answers import Answers, Problem, check
from engage.survey.definition import Choice, Definition, Kind, Question


class UnknownQuestion(RuleBroken):
    """A column was put to a question that the form does not have."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One question of a form and the columns that hold its answers.

    ``options`` and ``rows`` are the values of its choices and rows by their words, folded.
    """

    question: Question
    item: Item
    options: Mapping[str, str]
    rows: Mapping[str, str]


@dataclass(slots=True)
class Left:
    """What could not be taken: columns without a question, and values that are no answer to theirs.

    ``too_long`` are the beginnings of texts that are longer than an answer may be.
    """

    columns: list[str] = field(default_factory=list)
    values: Counter[tuple[str, str]] = field(default_factory=Counter)
    too_long: Counter[tuple[str, str]] = field(default_factory=Counter)


class Fit:
    """A form and a file laid side by side. ``columns`` maps titles or codes of the file to question names."""

    def __init__(self, definition: Definition, layout: Layout, columns: Mapping[str, str]) -> None:
        self.definition = definition
        self.left = Left()
        self.fitted = list(self._fit(layout, columns))
        self._questions = {one.question.name: one.question for one in self.fitted}

    def _fit(self, layout: Layout, columns: Mapping[str, str]) -> Iterator[Fitted]:
        by_words = _by_words(self.definition)
        asked = {fold(column): name for column, name in columns.items()}
        for name in columns.values():
            if self.definition.question(name) is None:
                raise UnknownQuestion(f"The form has no question called “{name}”.")
        taken: set[str] = set()
        for item in _apart(layout.items, by_words, asked):
            question = _question_of(item, by_words, asked, self.definition)
            if question is None or question.name in taken:
                self.left.columns.append(_head(item))
            else:
                taken.add(question.name)
                yield Fitted(question, item, _choices(question.options), _choices(question.rows))

    def is_answered(self, cells: Sequence[str]) -> bool:
        """Whether a row answers any question of the form; ``left`` stays as it is."""
        return bool(self._answers(cells, Left()))

    def answers(self, cells: Sequence[str]) -> Answers:
        """The answers in a row, as they are to be kept; what does not fit is counted in ``left``."""
        return self._answers(cells, self.left)

    def _answers(self, cells: Sequence[str], left: Left) -> Answers:
        given: dict[str, Any] = {}
        for one in self.fitted:
            given.update(_read(one, cells, left))
        checked = check(self.definition, given)
        for name, problem in checked.problems.items():
            if problem in (Problem.MISSING, Problem.ROWS_MISSING, Problem.NOT_RANKED):
                continue  # What was not answered elsewhere cannot be asked again.
            if problem is Problem.OTHER_UNSAID:
                checked.answers.pop(f"{name}-Comment", None)
                continue
            if problem is Problem.TOO_LONG:
                text = name if self._questions[name].is_text else f"{name}-Comment"
                left.too_long[name, str(given.get(text))[:60]] += 1
                checked.answers.pop(text, None)
                continue
            left.values[name, str(given.get(name))[:60]] += 1
            checked.answers.pop(name, None)
        return checked.answers


def _by_words(definition: Definition) -> dict[str, Question]:
    found: dict[str, Question] = {}
    for question in definition.questions():
        if question.kind is not Kind.NOTE:
            for words in (question.name, question.title.en, question.title.es):
                found.setdefault(fold(words), question)
    found.pop("", None)
    return found


def _apart(
    items: Sequence[Item], by_words: Mapping[str, Question], asked: Mapping[str, str]
) -> Iterator[Item]:
    """A group whose columns are questions of their own comes apart into them."""
    for item in items:
        whole = {fold(item.title), fold(item.code or "")} & (by_words.keys() | asked.keys())
        if whole or len(item.columns) == 1:
            yield item
            continue
        for column in item.columns:
            yield Item(f"{column.title} - {column.part}", (column,), None, None)


def _question_of(
    item: Item, by_words: Mapping[str, Question], asked: Mapping[str, str], definition: Definition
) -> Question | None:
    for words in (fold(item.code or ""), fold(item.title)):
        if words and words in asked:
            return definition.question(asked[words])
    for words in (fold(item.code or ""), fold(item.title)):
        if words and words in by_words:
            return by_words[words]
    return None


def _head(item: Item) -> str:
    return item.title if len(item.title) <= 80 else f"{item.title[:79]}…"


def _read(one: Fitted, cells: Sequence[str], left: Left) -> dict[str, Any]:
    """The answer to one question, and what *other* is."""
    question, item = one.question, one.item
    said = _said(item, cells)
    match question.kind:
        case Kind.MULTIPLE:
            answer: Any = _several(one, cells, left)
        case Kind.RANKING:
            answer = _ranked(one, cells, left)
        case Kind.MATRIX:
            answer = _rows(one, cells, left)
        case Kind.SINGLE | Kind.SCALE:
            answer = _one(one, cells[item.columns[0].index], left)
        case Kind.DATE:
            answer = _day(cells[item.columns[0].index])
        case _:
            answer = cells[item.columns[0].index]
    found: dict[str, Any] = {question.name: answer} if answer not in ("", None, [], {}) else {}
    return found | _with_other(one, found.get(question.name), said, cells)


def _said(item: Item, cells: Sequence[str]) -> str:
    """What somebody wrote for *other*: in a column of its own, or where the tick for it would stand."""
    if item.other is not None:
        return cells[item.other.index]
    if len(item.columns) == 1:
        return ""
    found = (cells[column.index] for column in item.columns if is_other(column.part or ""))
    return next((cell for cell in found if cell and not is_other(cell) and fold(cell) not in TICKS), "")


def _with_other(one: Fitted, answer: Any, said: str, cells: Sequence[str]) -> dict[str, Any]:
    """What somebody wrote for *other* counts as choosing it; a value that is no choice is such a text."""
    question = one.question
    if not question.other:
        return {}
    loose = [] if said else _loose(one, cells)
    said = said or ", ".join(loose)
    if not said:
        return {}
    chosen = {question.comment_name: said}
    if question.kind is Kind.MULTIPLE:
        return {
            **chosen,
            question.name: [*(answer or []), *(() if "other" in (answer or []) else ("other",))],
        }
    return chosen if answer not in (None, "other") else {**chosen, question.name: "other"}


def _loose(one: Fitted, cells: Sequence[str]) -> list[str]:
    question = one.question
    if len(one.item.columns) > 1:
        return []
    cell = cells[one.item.columns[0].index]
    pieces = split_joined(cell, _texts(question)) if question.kind is Kind.MULTIPLE else [cell]
    return [piece for piece in pieces if piece and fold(piece) not in one.options and not is_other(piece)]


def _choices(options: Sequence[Choice]) -> dict[str, str]:
    """Values by themselves and by their words in both languages, folded."""
    found: dict[str, str] = {}
    for choice in options:
        for words in (choice.value, choice.text.en, choice.text.es):
            found.setdefault(fold(words), choice.value)
    found.pop("", None)
    return found


def _texts(question: Question) -> list[str]:
    return [text for choice in question.options for text in (choice.text.en, choice.text.es) if text]


def _value(question: Question, known: Mapping[str, str], cell: str, left: Left) -> str | None:
    if not cell:
        return None
    value = known.get(fold(cell)) or _tick_value(known, cell)
    if value is None and is_other(cell) and question.other:
        return "other"
    if value is None and not question.other:
        left.values[question.name, cell[:60]] += 1
    return value


def _tick_value(known: Mapping[str, str], cell: str) -> str | None:
    """LimeSurvey writes Y and N for yes and no."""
    if fold(cell) not in TICKS:
        return None
    words = ("yes", "si", "true", "y") if fold(cell) in TICKED else ("no", "false", "n")
    return next((known[word] for word in words if word in known), None)


def _one(one: Fitted, cell: str, left: Left) -> str | None:
    if one.question.kind is Kind.SCALE and cell[:1].isdigit():
        return cell.split()[0].rstrip(".-:")
    return _value(one.question, one.options, cell, left)


def _several(one: Fitted, cells: Sequence[str], left: Left) -> list[str]:
    question, item = one.question, one.item
    if len(item.columns) == 1 and item.columns[0].part is None:
        pieces = split_joined(cells[item.columns[0].index], _texts(question))
        return [value for piece in pieces if (value := _value(question, one.options, piece, left))]
    chosen = []
    for column in item.columns:
        cell = fold(cells[column.index])
        if cell and (cell in TICKED or cell not in TICKS):
            value = _value(question, one.options, column.part or "", left)
            chosen += [value] if value else []
    return chosen


def _ranked(one: Fitted, cells: Sequence[str], left: Left) -> list[str]:
    places = []
    for column in one.item.columns:
        cell = cells[column.index]
        value = _value(one.question, one.options, column.part or column.title, left) if cell else None
        if value is not None and cell.isdecimal():
            places.append((int(cell), value))
    return [value for _place, value in sorted(places, key=lambda one: one[0])]


def _rows(one: Fitted, cells: Sequence[str], left: Left) -> dict[str, str]:
    found = {}
    for column in one.item.columns:
        cell = cells[column.index]
        row = _value(one.question, one.rows, column.part or column.title, left) if cell else None
        value = _value(one.question, one.options, cell, left) if row else None
        if row and value:
            found[row] = value
    return found


def _day(cell: str) -> str:
    try:
        found = day(cell, "day")
    except BadRecord:
        return cell
    return found.isoformat() if found else ""
