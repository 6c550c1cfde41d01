"""Definitions written as SurveyJS' JSON: survey-core 3 reads them without an error and means the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from engage.db.types import Localised
from engage.survey import expressions
from engage.survey.definition import Choice, Definition, Kind, Page, Question, Section

_TYPES: dict[Kind, str] = {
    Kind.SHORT_TEXT: "text",
    Kind.LONG_TEXT: "comment",
    Kind.NUMBER: "text",
    Kind.DATE: "text",
    Kind.SINGLE: "radiogroup",
    Kind.MULTIPLE: "checkbox",
    Kind.SCALE: "rating",
    Kind.MATRIX: "matrix",
    Kind.RANKING: "ranking",
    Kind.NOTE: "html",
}

REFUSE = "refuse"
"""The word for a ranking that may be left undone: SurveyJS has no such choice there."""


def write(definition: Definition) -> dict[str, Any]:
    """The definition as a SurveyJS object."""
    flags = [
        {
            "name": f"engage_{question.name}",
            "expression": "'{}'".format(" ".join(words)),
            "includeIntoResult": False,
        }
        for question in definition.questions()
        if (words := list(_words_of(question)))
    ]
    return _without_empty(
        {
            "title": _text(definition.title),
            "description": _text(definition.intro),
            "completedHtml": _text(definition.thanks, _escaped),
            "pages": [_page(page) for page in definition.pages],
            "calculatedValues": flags,
            # What was answered before its condition ceased to hold is nothing to later conditions.
            "clearInvisibleValues": "onHiddenContainer",
        }
    )


def _words_of(question: Question) -> Iterator[str]:
    yield from sorted(question.flags)
    if question.kind is Kind.RANKING and question.refuse:
        yield REFUSE


def _page(page: Page) -> dict[str, Any]:
    return _without_empty(
        {"name": page.name, **_head(page), "elements": [_element(element) for element in page.elements]}
    )


def _head(of: Page | Section | Question) -> dict[str, Any]:
    return {
        "title": _text(of.title),
        "description": _text(of.help),
        "visibleIf": expressions.write(of.visible_if) if of.visible_if is not None else None,
    }


def _element(element: Question | Section) -> dict[str, Any]:
    if isinstance(element, Section):
        questions = [_element(question) for question in element.questions]
        return _without_empty(
            {"type": "panel", "name": element.name, **_head(element), "elements": questions}
        )
    if element.kind is Kind.NOTE:
        html = {"html": _text(element.title, _escaped), "visibleIf": _head(element)["visibleIf"]}
        return _without_empty({"type": "html", "name": element.name, **html})
    common = {
        "type": _TYPES[element.kind],
        "name": element.name,
        **_head(element),
        "isRequired": element.is_required or None,
    }
    return _without_empty({**common, **_particulars(element)})


def _particulars(question: Question) -> dict[str, Any]:
    match question.kind:
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return {"maxLength": question.longest}
        case Kind.NUMBER | Kind.DATE:
            bounds = {"min": _bound(question, question.minimum), "max": _bound(question, question.maximum)}
            return {"inputType": question.kind.value, **bounds}
        case Kind.SCALE:
            return _scale(question)
        case Kind.MATRIX:
            return {"columns": _items(question.choices), "rows": _items(question.rows)}
        case _:
            limit = {"maxSelectedChoices": question.most_choices}
            return {"choices": _items(question.choices), **_specials(question), **limit}


def _bound(question: Question, value: str | None) -> str | float | None:
    if value is None or question.kind is Kind.DATE:
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number) or number != float(f"{number:.15g}"):
        return value
    return int(number) if number == int(number) and abs(number) < 1e15 else number


def _scale(question: Question) -> dict[str, Any]:
    return {
        "rateMin": _bound(question, question.minimum or "1"),
        "rateMax": _bound(question, question.maximum or "5"),
        "minRateDescription": _text(question.low_text),
        "maxRateDescription": _text(question.high_text),
        "rateType": "smileys" if question.is_smileys else None,
    }


def _specials(question: Question) -> dict[str, Any]:
    return {
        "showOtherItem": question.other or None,
        "otherText": _text(question.other_text),
        "showNoneItem": question.none or None,
        "noneText": _text(question.none_text),
        "showRefuseItem": question.refuse or None,
        "refuseText": _text(question.refuse_text),
    }


def _items(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    return [_without_empty({"value": choice.value, "text": _text(choice.text)}) for choice in choices]


def _text(text: Localised, change: Callable[[str], str] = str) -> dict[str, str] | None:
    """SurveyJS calls the survey's first language “default”; ours is English."""
    written = {"default": change(text.en), "es": change(text.es)}
    return {language: said for language, said in written.items() if said} or None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != []}
