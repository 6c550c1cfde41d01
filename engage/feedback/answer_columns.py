"""The columns of a file of answers, and the dictionary that says what stands in each.

A question keeps its columns whatever later versions ask: a column is named by the question's key, which tells
apart questions of one name whose kind or choices changed (see ``engage.survey.across``). Nothing shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engage.db.types import Localised
from engage.feedback.models import FeedbackForm
from engage.survey.across import Asked, Withheld, across
from engage.survey.definition import NONE, REFUSED, Kind

_FEW = "Empty where fewer than ten rows have this value, or where it would tell of these."

ABOUT_COLUMNS: dict[str, str] = {
    "_id": "A number of chance for this row of this file; it is another one in every file.",
    "_version": "The version of the form that was answered.",
    "_language": f"The language of the form. {_FEW}",
    "_channel": f"How the answer came: web, paper, import. {_FEW}",
    "_day": (
        "The day of the answer, or a later one where fewer than ten came on that day; empty where an import "
        "did not tell or brought fewer than ten. No time is kept."
    ),
    "_doubtful": (
        f"1: came without the check that a browser with JavaScript does, or very fast; else 0. {_FEW}"
    ),
}
"""The columns before those of questions, whose names never begin like these."""

DICTIONARY_COLUMNS = (
    "column", "in_file", "question", "versions", "number", "kind", "value",
    "wording_en", "wording_es", "label_en", "label_es", "note",
)  # fmt: skip

_WITHHELD = {
    Withheld.CONFIDENTIAL: "Left out: confidential. Its answers are counted and never shown one by one.",
    Withheld.DEMOGRAPHIC: "Left out: about the person. Its answers are counted and never shown one by one.",
    Withheld.ASKED_BY_CONFIDENTIAL: (
        "Left out: it is asked only after certain answers to a confidential question, so that having "
        "answered it would tell what was answered there."
    ),
}


_NO_PLACE = {NONE, REFUSED}


class Part(StrEnum):
    """What of an answer stands in a column."""

    VALUE = "value"
    CHOSEN = "chosen"
    ROW = "row"
    PLACE = "place"
    TEXT = "text"
    STATE = "state"


_NOTES = {
    Part.VALUE: "",
    Part.CHOSEN: "1: chosen, 0: not chosen.",
    Part.ROW: "The column that was chosen in this row.",
    Part.PLACE: "Its place, 1 is first.",
    Part.TEXT: "In the person's own words. Hidden ones are replaced by [hidden: reason].",
    Part.STATE: "Whether the text may be read by the public: shown, waiting (not read yet) or hidden.",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``value`` is the choice, row or thing ranked; ``source`` the name of a kept text."""

    name: str
    asked: Asked
    part: Part
    value: str = ""
    source: str = ""


def asked_in(form: FeedbackForm) -> tuple[Asked, ...]:
    """The questions of all versions of a form, once each."""
    return across({version.number: version.asked for version in form.versions})


def columns(asked: tuple[Asked, ...]) -> list[Column]:
    """The columns of the questions that may stand in rows, in the order of the questions."""
    return [column for one in asked if one.withheld is None for column in _of(one)]


def _of(asked: Asked) -> Iterator[Column]:
    question = asked.question
    if question.is_text:
        yield from _texts(asked.key, asked, question.name)
        return
    if question.kind is Kind.MULTIPLE:
        yield from _each(asked, Part.CHOSEN, (choice.value for choice in question.options))
    elif question.kind is Kind.RANKING:
        yield from _each(
            asked, Part.PLACE, (choice.value for choice in question.options if choice.value not in _NO_PLACE)
        )
    elif question.kind is Kind.MATRIX:
        yield from _each(asked, Part.ROW, (row.value for row in question.rows))
    else:
        yield Column(asked.key, asked, Part.VALUE)
    if question.other:
        yield from _texts(f"{asked.key}-Comment", asked, question.comment_name)


def _each(asked: Asked, part: Part, values: Iterator[str]) -> Iterator[Column]:
    for value in values:
        yield Column(f"{asked.key}/{value}", asked, part, value)


def _texts(name: str, asked: Asked, source: str) -> Iterator[Column]:
    yield Column(name, asked, Part.TEXT, source=source)
    yield Column(f"{name}:state", asked, Part.STATE, source=source)


def dictionary(form: FeedbackForm, asked: tuple[Asked, ...]) -> Iterator[dict[str, str]]:
    """What stands in each column, what each value means, and what was left out and why."""
    numbers = {version.number: version.asked.numbers() for version in form.versions}
    for name, note in ABOUT_COLUMNS.items():
        yield {"column": name, "in_file": "yes", "note": note}
    for one in asked:
        head = _head(one, numbers)
        if one.withheld is not None:
            yield head | {"column": one.key, "in_file": "no", "note": _WITHHELD[one.withheld]}
            continue
        for column in _of(one):
            yield from _lines(column, head)


def _head(one: Asked, numbers: Mapping[int, Mapping[str, int]]) -> dict[str, str]:
    question = one.question
    return {
        "question": one.key,
        "versions": " ".join(str(version) for version in one.versions),
        "number": str(numbers[max(one.versions)].get(question.name, "")),
        "kind": question.kind.value,
        "wording_en": question.title.en,
        "wording_es": question.title.es,
    }


def _lines(column: Column, head: dict[str, str]) -> Iterator[dict[str, str]]:
    """A column, and below it the values that can stand in it."""
    question = column.asked.question
    named = (*question.options, *question.rows) if column.part is not Part.ROW else question.rows
    labels = {choice.value: choice.text for choice in named}
    label = labels.get(column.value, Localised())
    yield head | {
        "column": column.name,
        "in_file": "yes",
        "value": column.value,
        "label_en": label.en,
        "label_es": label.es,
        "note": _NOTES[column.part],
    }
    if column.part in (Part.VALUE, Part.ROW):
        for choice in question.options:
            yield head | {
                "column": column.name,
                "in_file": "yes",
                "value": choice.value,
                "label_en": choice.text.en,
                "label_es": choice.text.es,
                "note": "A value of this column.",
            }
