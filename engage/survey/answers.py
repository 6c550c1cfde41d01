"""What somebody answered: which questions they are asked, and whether each answer fits its question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from engage.survey.definition import (
    LONGEST_ANSWER,
    NONE,
    OTHER,
    REFUSED,
    Definition,
    Kind,
    Page,
    Question,
    Section,
)
from engage.survey.truth import holds

Answer = str | int | float | list[str] | dict[str, str]
"""A text or date (YYYY-MM-DD), a number, the values chosen or ranked, or the column chosen in each row."""

Answers = dict[str, Answer]


class Problem(StrEnum):
    """Why an answer does not fit."""

    MISSING = "missing"
    ROWS_MISSING = "rows_missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_ALONE = "not_alone"
    NOT_OFFERED = "not_offered"
    NOT_RANKED = "not_ranked"
    OTHER_UNSAID = "other_unsaid"


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers as they are to be kept, and what is wrong with the others, by the question's name."""

    answers: Answers
    problems: dict[str, Problem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question that somebody is asked, with where it stands."""

    question: Question
    page: Page
    section: Section | None


def asked(definition: Definition, answers: Mapping[str, Any]) -> Iterator[Asked]:
    """The questions that somebody with these answers is asked, in order.

    A question counts as answered only where it is asked itself: what was answered before its condition
    ceased to hold is nothing to later conditions.
    """
    known: dict[str, Any] = {}
    for page in definition.pages:
        if not holds(page.visible_if, known):
            continue
        for element in page.elements:
            section = element if isinstance(element, Section) else None
            if section is not None and not holds(section.visible_if, known):
                continue
            for question in section.questions if section is not None else (element,):
                if not isinstance(question, Question) or not holds(question.visible_if, known):
                    continue
                if question.name in answers:
                    known[question.name] = answers[question.name]
                yield Asked(question, page, section)


def check(definition: Definition, answers: Mapping[str, Any], *, page: str | None = None) -> Checked:
    """Check the answers of those questions that are asked, of one page or of all; others are left out."""
    kept: Answers = {}
    problems: dict[str, Problem] = {}
    for one in asked(definition, answers):
        if page is not None and one.page.name != page:
            continue
        question = one.question
        answer, problem = _checked(question, answers.get(question.name))
        said = str(answers.get(question.comment_name) or "").strip()
        if problem is None and _is_other(answer):
            problem = _check_other(said)
            kept[question.comment_name] = said
        if answer is not None:
            kept[question.name] = answer
        if problem is not None:
            problems[question.name] = problem
    return Checked(kept, problems)


def _is_other(answer: Answer | None) -> bool:
    return answer == OTHER or (isinstance(answer, list) and OTHER in answer)


def _check_other(said: str) -> Problem | None:
    if len(said) > LONGEST_ANSWER:
        return Problem.TOO_LONG
    return None if said else Problem.OTHER_UNSAID


def _checked(question: Question, given: Any) -> tuple[Answer | None, Problem | None]:
    """The answer as kept (None: nothing was said), and what is wrong with it."""
    if given is None or given in ("", [], {}):
        return None, Problem.MISSING if question.is_required else None
    return _CHECKS[question.kind](question, given)


def _nothing(_question: Question, _given: Any) -> tuple[Answer | None, Problem | None]:
    return None, None


def _text(question: Question, given: Any) -> tuple[Answer | None, Problem | None]:
    said = str(given).strip()
    if not said:
        return None, Problem.MISSING if question.is_required else None
    longest = min(question.longest or LONGEST_ANSWER, LONGEST_ANSWER)
    return said, Problem.TOO_LONG if len(said) > longest else None


def _number(question: Question, given: Any) -> tuple[Answer, Problem | None]:
    try:
        number = float(str(given).strip().replace(",", ""))
        whole = int(number)
    except (ValueError, OverflowError):
        return str(given), Problem.NOT_A_NUMBER
    if abs(number) > 1e15:
        return str(given), Problem.NOT_A_NUMBER
    kept = whole if number == whole else number
    if question.minimum is not None and number < float(question.minimum):
        return kept, Problem.TOO_SMALL
    if question.maximum is not None and number > float(question.maximum):
        return kept, Problem.TOO_LARGE
    return kept, None


def _date(question: Question, given: Any) -> tuple[Answer, Problem | None]:
    try:
        day = date.fromisoformat(str(given).strip()).isoformat()
    except ValueError:
        return str(given), Problem.NOT_A_DATE
    if question.minimum and day < question.minimum:
        return day, Problem.TOO_SMALL
    if question.maximum and day > question.maximum:
        return day, Problem.TOO_LARGE
    return day, None


def _single(question: Question, given: Any) -> tuple[Answer, Problem | None]:
    """A scale's answer is a number."""
    chosen = str(given)
    if chosen not in {choice.value for choice in question.options}:
        return chosen, Problem.NOT_OFFERED
    return int(chosen) if question.kind is Kind.SCALE else chosen, None


def _several(question: Question, given: Any) -> tuple[Answer, Problem | None]:
    chosen = list(dict.fromkeys(str(value) for value in (given if isinstance(given, list) else [given])))
    offered = {choice.value for choice in question.options}
    if not set(chosen) <= offered:
        return [value for value in chosen if value in offered], Problem.NOT_OFFERED
    if len(chosen) > 1 and {NONE, REFUSED} & set(chosen):
        return chosen, Problem.NOT_ALONE
    if question.kind is Kind.MULTIPLE:
        return chosen, Problem.TOO_MANY if len(chosen) > (question.most_choices or len(chosen)) else None
    if question.is_required and len(chosen) < len(question.choices) and REFUSED not in chosen:
        return chosen, Problem.NOT_RANKED
    return chosen, None


def _matrix(question: Question, given: Any) -> tuple[Answer | None, Problem | None]:
    rows = {row.value for row in question.rows}
    columns = {choice.value for choice in question.choices}
    chosen = {str(row): str(column) for row, column in _rows(given) if column not in (None, "")}
    if not chosen:
        return None, Problem.MISSING if question.is_required else None
    if not set(chosen) <= rows or not set(chosen.values()) <= columns:
        return chosen, Problem.NOT_OFFERED
    if question.is_required and len(chosen) < len(rows):
        return chosen, Problem.ROWS_MISSING
    return chosen, None


def _rows(given: Any) -> Iterable[tuple[Any, Any]]:
    return given.items() if isinstance(given, dict) else ()


_CHECKS: dict[Kind, Callable[[Question, Any], tuple[Answer | None, Problem | None]]] = {
    Kind.SHORT_TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.SINGLE: _single,
    Kind.SCALE: _single,
    Kind.MULTIPLE: _several,
    Kind.RANKING: _several,
    Kind.MATRIX: _matrix,
    Kind.NOTE: _nothing,
}
