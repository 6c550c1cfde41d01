"""The answers that a sent HTML form holds. The names of its fields are made here, and only here.

``q-NAME`` is the answer, once or, for a multiple choice, several times; ``q-NAME-Comment`` what *other* is;
``q-NAME-ROW`` a row of a matrix; ``q-NAME-rank-VALUE`` the place of a choice in a ranking, from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from engage.survey.definition import REFUSED, Kind, Question


class Fields(Protocol):
    """A form that was sent, as Werkzeug's MultiDict holds it."""

    def get(self, key: str) -> str | None:
        """The first value of a field."""

    def getlist(self, key: str) -> list[str]:
        """All values of a field."""


def field_name(question: Question, part: str | None = None) -> str:
    """The name of a question's field; ``part`` is the row of a matrix."""
    return f"q-{question.name}" if part is None else f"q-{question.name}-{part}"


def rank_name(question: Question, value: str) -> str:
    """The name of the field that says which place a choice has in a ranking."""
    return f"q-{question.name}-rank-{value}"


def read_posted(questions: Iterable[Question], form: Fields) -> dict[str, Any]:
    """What was sent for these questions, unchecked; what was left empty is left out."""
    answers: dict[str, Any] = {}
    for question in questions:
        given = _given(question, form)
        if given not in (None, "", [], {}):
            answers[question.name] = given
        said = form.get(field_name(question, "Comment"))
        if question.other and said:
            answers[question.comment_name] = said
    return answers


def _given(question: Question, form: Fields) -> Any:
    match question.kind:
        case Kind.MULTIPLE:
            return form.getlist(field_name(question))
        case Kind.MATRIX:
            rows = {row.value: form.get(field_name(question, row.value)) for row in question.rows}
            return {row: column for row, column in rows.items() if column}
        case Kind.RANKING:
            return _ranked(question, form)
        case Kind.NOTE:
            return None
        case _:
            return form.get(field_name(question))


def _ranked(question: Question, form: Fields) -> list[str]:
    """The choices in the order of the places typed; the same place twice keeps the order of the choices."""
    if form.get(field_name(question)) == REFUSED:
        return [REFUSED]
    places = []
    for choice in question.choices:
        place = (form.get(rank_name(question, choice.value)) or "").strip()
        if place.isdecimal() and place.isascii() and len(place) < 5:
            places.append((int(place), choice.value))
    return [value for _place, value in sorted(places, key=lambda one: one[0])]


def written(question: Question, answer: Any) -> Iterator[tuple[str, str]]:
    """The fields and values that ``read_posted`` reads this answer from: for hidden fields."""
    match question.kind:
        case Kind.MULTIPLE:
            yield from ((field_name(question), str(value)) for value in answer)
        case Kind.MATRIX:
            yield from ((field_name(question, row), str(column)) for row, column in answer.items())
        case Kind.RANKING if answer == [REFUSED]:
            yield field_name(question), REFUSED
        case Kind.RANKING:
            for place, value in enumerate(answer, 1):
                yield rank_name(question, value), str(place)
        case _:
            yield field_name(question), str(answer)
