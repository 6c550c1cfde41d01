"""A definition's conditions as JSON for static/js/conditions.js, which works them out as ``holds`` does."""

from __future__ import annotations

from typing import Any, assert_never

from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not
from engage.survey.definition import Definition, Kind, Page, Question, Section


def tree(definition: Definition) -> list[dict[str, Any]]:
    """The pages with their sections and questions: names, kinds, and when each is asked."""
    return [
        _with_when(page.visible_if, {"parts": [_part(element) for element in page.elements]})
        for page in definition.pages
    ]


def has_conditions(page: Page) -> bool:
    """Whether anything on this page is asked of some only."""
    return any(element.visible_if is not None for element in page.elements) or any(
        question.visible_if is not None for question in page.questions()
    )


def condition_json(condition: Condition) -> dict[str, Any]:
    """One condition as JSON."""
    match condition:
        case Comparison(question, operator, value, row):
            spelled = str(value).lower() if isinstance(value, bool) else value
            listed = list(spelled) if isinstance(spelled, tuple) else spelled
            return {"question": question, "row": row, "is": operator.value, "value": listed}
        case Not(operand):
            return {"not": condition_json(operand)}
        case AllOf(operands):
            return {"all": [condition_json(operand) for operand in operands]}
        case AnyOf(operands):
            return {"any": [condition_json(operand) for operand in operands]}
    assert_never(condition)


def _part(element: Question | Section) -> dict[str, Any]:
    if isinstance(element, Section):
        questions = [_question(question) for question in element.questions]
        return _with_when(element.visible_if, {"section": element.name, "questions": questions})
    return {"questions": [_question(element)]}


def _question(question: Question) -> dict[str, Any]:
    described: dict[str, Any] = {"name": question.name, "kind": question.kind.value}
    if question.kind is Kind.MATRIX:
        described["rows"] = [row.value for row in question.rows]
    if question.kind is Kind.RANKING:
        described["choices"] = [choice.value for choice in question.choices]
    return _with_when(question.visible_if, described)


def _with_when(condition: Condition | None, described: dict[str, Any]) -> dict[str, Any]:
    return described if condition is None else {**described, "when": condition_json(condition)}
