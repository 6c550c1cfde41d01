"""What a template needs to draw questions as controls, and what it says of an answer that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from engage.feedback import words
from engage.survey.across import withheld_questions
from engage.survey.answers import Problem
from engage.survey.definition import LONGEST_ANSWER, OTHER, Choice, Definition, Kind, Question
from engage.survey.posted import field_name, rank_name
from engage.web.locale import day, localised
from engage.web.numbers import count_said

MOST_RADIOS = 15
"""Where more can be chosen, one list that opens takes their place: a telephone's page stays short."""

_MOUTH = 5
"""How far the middle of a smiley's mouth goes up or down, of 32."""


@dataclass(frozen=True, slots=True)
class Mended:
    """One question to be mended before the form can go on: where its first control is, and what to do."""

    control: str
    question: Question
    words: str


def init_app(app: Flask) -> None:
    """Let every template draw questions: see templates/feedback/_question.html."""
    app.jinja_env.globals.update(
        field_name=field_name,
        rank_name=rank_name,
        mouth=mouth,
        withheld_questions=withheld_questions,
        count_said=count_said,
        problem_words=problem_words,
        MOST_RADIOS=MOST_RADIOS,
    )


def mouth(place: int, steps: int) -> float:
    """How far the mouth of a smiley bends: from sad at the first of ``steps`` to glad at the last."""
    return round(_MOUTH * (2 * place / (steps - 1) - 1), 1) if steps > 1 else 0.0


def problem_words(question: Question, problem: Problem) -> str:
    """What to do about an answer, with the question's own bounds in it."""
    match problem:
        case Problem.TOO_MANY:
            return str(_("Choose at most %(most)s.", most=question.most_choices))
        case Problem.TOO_LONG:
            most = min(question.longest or LONGEST_ANSWER, LONGEST_ANSWER)
            return str(_("Write at most %(most)s characters.", most=count_said(most)))
        case Problem.TOO_SMALL if question.kind is Kind.NUMBER:
            return str(_("Write %(least)s or more.", least=question.minimum))
        case Problem.TOO_LARGE if question.kind is Kind.NUMBER:
            return str(_("Write %(most)s or less.", most=question.maximum))
        case Problem.TOO_SMALL:
            return str(_("Write %(first)s or a later day.", first=question.minimum))
        case Problem.TOO_LARGE:
            return str(_("Write %(last)s or an earlier day.", last=question.maximum))
        case _:
            return str(words.PROBLEMS[problem])


def to_mend(definition: Definition, problems: Mapping[str, Problem]) -> list[Mended]:
    """What has to be mended, in the order of the questions."""
    return [
        Mended(first_control(one, problems[one.name]), one, problem_words(one, problems[one.name]))
        for one in definition.questions()
        if one.name in problems
    ]


def first_control(question: Question, problem: Problem | None = None) -> str:
    """The id of the control that a link to this question leads to."""
    name = field_name(question)
    if problem is Problem.OTHER_UNSAID or (problem is Problem.TOO_LONG and not question.is_text):
        return f"{name}-Comment"
    match question.kind:
        case Kind.SINGLE if len(question.options) > MOST_RADIOS:
            return name
        case Kind.SINGLE | Kind.MULTIPLE | Kind.SCALE:
            return f"{name}-0"
        case Kind.MATRIX:
            return f"{name}-{question.rows[0].value}-0" if question.rows else name
        case Kind.RANKING:
            return rank_name(question, question.choices[0].value) if question.choices else name
        case _:
            return name


def said(question: Question, answers: Mapping[str, Any]) -> Iterator[tuple[Choice | None, Choice | str]]:
    """What was answered, to be read again: (row of a matrix or None, the choice or the words typed)."""
    answer = answers.get(question.name)
    if answer is None:
        return
    options = {choice.value: choice for choice in question.options}
    if question.kind is Kind.MATRIX:
        for row in question.rows:
            if row.value in answer:
                yield row, options.get(answer[row.value], answer[row.value])
        return
    if in_words := _in_words(question, str(answer)):
        yield None, in_words
        return
    for value in answer if isinstance(answer, list) else [answer]:
        yield None, options.get(str(value), str(value))
        if value == OTHER and answers.get(question.comment_name):
            yield None, str(answers[question.comment_name])


def _in_words(question: Question, answer: str) -> str:
    """A day as it is written in the reader's language, a step with the ends of its scale; else nothing."""
    match question.kind:
        case Kind.DATE:
            try:
                return day(date.fromisoformat(answer))
            except ValueError:
                return ""
        case Kind.SCALE if answer.isdigit():
            return _step(question, answer)
    return ""


def _step(question: Question, answer: str) -> str:
    first, last = question.steps[0], question.steps[-1]
    said = str(_("%(step)s of %(last)s", step=answer, last=last))
    ends = ((first, localised(question.low_text)), (last, localised(question.high_text)))
    meant = ", ".join(f"{step} = {words}" for step, words in ends if words)
    return f"{said} ({meant})" if meant else said
