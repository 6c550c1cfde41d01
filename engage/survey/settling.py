"""A definition that others wrote, made to fit: names, values and special choices as this site keeps them.

Whatever is changed is told, and conditions follow it. What fits already stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engage.db.types import Localised
from engage.marks import N_
from engage.survey import validity
from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator, Value
from engage.survey.definition import (
    NAME,
    NONE,
    OTHER,
    REFUSED,
    VALUE,
    Choice,
    Definition,
    Kind,
    Page,
    Question,
    Section,
)
from engage.survey.told import BadDefinition, Told
from engage.survey.validity import Fault

_SPECIAL = {OTHER: "other", NONE: "none", REFUSED: "refuse"}
"""Values that mean something here, and the attributes of a question that offer them."""


@dataclass(slots=True)
class _Renamed:
    """What one question and its values are called now, by what they were called."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)


def fitted(definition: Definition, notes: list[Told]) -> Definition:
    """The same questionnaire with names and values that fit; what was changed is added to ``notes``."""
    return _Fitter(notes).definition(definition)


def settled(definition: Definition, notes: list[Told]) -> Definition:
    """What ``fitted`` makes. Raises BadDefinition where even so it cannot be asked."""
    made = fitted(definition, notes)
    found = validity.faults(made, is_public=True)
    bad = [
        Told(_HOPELESS[one.fault], {"name": one.where, "other": one.what})
        for one in found
        if one.fault in _HOPELESS
    ]
    if bad:
        raise BadDefinition(bad)
    if found:
        notes.append(Told(N_("To mend before the form is published: %(count)s."), {"count": len(found)}))
    return made


_HOPELESS = {
    Fault.NO_QUESTIONS: N_("The file asks nothing."),
    Fault.TOO_MANY_QUESTIONS: N_("The file asks more questions than one form can have."),
    Fault.TOO_MANY_CHOICES: N_("“%(name)s” has more choices than a question can have."),
    Fault.UNKNOWN_QUESTION: N_("“%(name)s” depends on “%(other)s”, which is no question of this file."),
    Fault.LATER_QUESTION: N_("“%(name)s” depends on “%(other)s”, which is not asked before it."),
}


class _Fitter:
    def __init__(self, notes: list[Told]) -> None:
        self._notes = notes
        self._used: set[str] = set()
        self._by_name: dict[str, _Renamed] = {}
        self._asks_other: dict[str, str] = {}

    def definition(self, definition: Definition) -> Definition:
        self._asks_other = _follow_ups(definition)
        # Questions keep their names before pages and sections do, of which nobody speaks.
        new = {id(question): self._question(question) for question in definition.questions()}
        pages = tuple(self._page(page, new) for page in definition.pages)
        return replace(definition, pages=tuple(page for page in pages if page.elements))

    def _page(self, page: Page, new: Mapping[int, Question | None]) -> Page:
        elements: list[Question | Section] = []
        for element in page.elements:
            if isinstance(element, Section):
                inner = [found for one in element.questions if (found := new[id(one)]) is not None]
                name = self._unique(_plain_name(element.name, "section"))
                elements.append(
                    replace(
                        element,
                        name=name,
                        visible_if=self._condition(element.visible_if),
                        questions=tuple(self._following(question) for question in inner),
                    )
                )
            elif (question := new[id(element)]) is not None:
                elements.append(self._following(question))
        name = self._unique(_plain_name(page.name, "page"))
        return replace(page, name=name, visible_if=self._condition(page.visible_if), elements=tuple(elements))

    def _following(self, question: Question) -> Question:
        return replace(question, visible_if=self._condition(question.visible_if))

    def _question(self, question: Question) -> Question | None:
        if question.name in self._asks_other.values():
            self._tell(N_("“%(old)s” is left out: the choice “other” asks for it."), question.name, "")
            return None
        name = self._unique(_plain_name(question.name, "question"))
        renamed = _Renamed(name)
        self._by_name.setdefault(question.name, renamed)
        if name != question.name:
            self._tell(N_("The question “%(old)s” is called “%(new)s” here."), question.name, name)
        made = self._with_values(self._with_specials(question, renamed), renamed)
        if not made.title and made.kind is not Kind.NOTE:  # As SurveyJS shows it.
            self._tell(N_("“%(old)s” has no title: its name stands for it."), question.name, "")
            made = replace(made, title=Localised(question.name or name))
        return replace(made, name=name)

    def _with_specials(self, question: Question, renamed: _Renamed) -> Question:
        """Choices called other, none and refused: special here where they mean it, else called otherwise."""
        if question.kind is Kind.MATRIX:
            return question
        for choice in question.choices:
            attribute = _SPECIAL.get(choice.value.lower())
            if attribute is None or not self._is_meant(question, attribute):
                continue
            rest = tuple(one for one in question.choices if one is not choice)
            text = getattr(question, f"{attribute}_text") or choice.text
            special: dict[str, Any] = {attribute: True, f"{attribute}_text": text}
            question = replace(question, choices=rest, **special)
            renamed.values[choice.value] = choice.value.lower()
            self._tell(N_("“%(old)s”: its choice “%(new)s” is the special one."), question.name, choice.value)
        return question

    def _is_meant(self, question: Question, attribute: str) -> bool:
        if question.kind is Kind.RANKING or getattr(question, attribute):
            return False
        return attribute != "other" or question.name in self._asks_other

    def _with_values(self, question: Question, renamed: _Renamed) -> Question:
        is_matrix = question.kind is Kind.MATRIX
        taken = set() if is_matrix else set(_SPECIAL)
        return replace(
            question,
            choices=self._list(question, question.choices, renamed.values, taken),
            rows=self._list(question, question.rows, renamed.rows, set()),
        )

    def _list(
        self, question: Question, choices: tuple[Choice, ...], renamed: dict[str, str], used: set[str]
    ) -> tuple[Choice, ...]:
        made = []
        for choice in choices:
            value = _unique(_plain_value(choice.value), used, 60)
            if value != choice.value:
                renamed.setdefault(choice.value, value)
                self._notes.append(
                    Told(
                        N_("“%(question)s”: the value “%(old)s” is called “%(new)s” here."),
                        {"question": question.name, "old": choice.value[:60], "new": value},
                    )
                )
            made.append(replace(choice, value=value))
        return tuple(made)

    def _condition(self, condition: Condition | None) -> Condition | None:
        match condition:
            case None:
                return None
            case Comparison():
                return self._comparison(condition)
            case Not(operand):
                return Not(self._needed(operand))
            case AllOf(operands):
                return AllOf(tuple(map(self._needed, operands)))
            case AnyOf(operands):
                return AnyOf(tuple(map(self._needed, operands)))

    def _needed(self, condition: Condition) -> Condition:
        made = self._condition(condition)
        assert made is not None  # noqa: S101 - for mypy: only None becomes None
        return made

    def _comparison(self, one: Comparison) -> Comparison:
        row = one.row
        renamed = self._found(f"{one.question}.{row}") if row is not None else None
        if renamed is not None:
            row = None  # A question whose own name has a dot in it.
        else:
            renamed = self._found(one.question)
        if renamed is None:
            return one
        row = renamed.rows.get(row, row) if row is not None else None
        return Comparison(renamed.name, one.operator, _called(one.value, renamed.values), row)

    def _found(self, name: str) -> _Renamed | None:
        """As SurveyJS finds a question: by its name, else whatever its capitals."""
        lower = name.lower()
        return self._by_name.get(name) or next(
            (renamed for known, renamed in self._by_name.items() if known.lower() == lower), None
        )

    def _unique(self, name: str) -> str:
        return _unique(name, self._used, 40)

    def _tell(self, text: str, old: str, new: str) -> None:
        self._notes.append(Told(text, {"old": old[:60], "new": new[:60]}))


def _called(value: Value, renamed: Mapping[str, str]) -> Value:
    if isinstance(value, tuple):
        return tuple(renamed.get(str(one), one) for one in value)
    return renamed.get(value, value) if isinstance(value, str) else value


def _follow_ups(definition: Definition) -> dict[str, str]:
    """Questions with a choice *other*, and the text right after them that asks only what it is."""
    found: dict[str, str] = {}
    before: Question | None = None
    for question in definition.questions():
        if before is not None and question.is_text and before.kind in (Kind.SINGLE, Kind.MULTIPLE):
            operator = Operator.EQUAL if before.kind is Kind.SINGLE else Operator.CONTAINS
            spelled = [choice.value for choice in before.choices if choice.value.lower() == OTHER]
            if spelled and question.visible_if == Comparison(before.name, operator, spelled[0]):
                found[before.name] = question.name
        before = question
    return found


def _plain_name(name: str, instead: str) -> str:
    if NAME.fullmatch(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9]+", "_", _ascii(name)).strip("_")[:40]
    if not plain:
        return f"{instead}1"
    return plain if plain[0].isalpha() else f"q_{plain}"[:40]


def _plain_value(value: str) -> str:
    if VALUE.fullmatch(value):
        return value
    value = re.sub(r"^-(?=\d)", "minus_", value)
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "_", _ascii(value)).strip("_.-")[:60]
    return plain or "value"


def _ascii(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:300])
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _unique(wanted: str, used: set[str], longest: int) -> str:
    made, number = wanted, 2
    while made.lower() in used:
        tail = f"_{number}"
        made, number = wanted[: longest - len(tail)] + tail, number + 1
    used.add(made.lower())
    return made
