"""Which questions of which versions are counted as one, and whose answers decide who is asked them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engage.survey.across import same_questions
from engage.survey.conditions import Comparison, Condition, Operator, comparisons
from engage.survey.definition import Definition, Flag, Kind, Page, Question, Section

_ORDERED = frozenset({Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST})


@dataclass(frozen=True, slots=True)
class Gate:
    """Some answers to an earlier question (to one row of it) that decide who is asked a later one.

    ``values`` are those that the condition names: who gave one of them is asked, or who did not.
    """

    key: str
    row: str | None
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asking:
    """One question as some versions ask it. ``question`` is in its newest wording.

    ``gates``: the answers that decide who is asked, those that decide who is asked these included.
    ``is_simple``: one comparison decides, so that how many are asked can be read off one table.
    ``in_all``: every version asks it.
    """

    key: str
    question: Question
    versions: tuple[int, ...]
    gates: tuple[Gate, ...] = ()
    is_simple: bool = True
    in_all: bool = True

    @property
    def is_conditional(self) -> bool:
        """Whether answers decide who is asked."""
        return bool(self.gates)

    @property
    def is_breakdown(self) -> bool:
        """Whether other questions are told by the answers to this one."""
        return Flag.BREAKDOWN in self.question.flags and self.question.kind in (Kind.SINGLE, Kind.SCALE)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is counted of a form. ``key_of`` finds a question by its version and name."""

    askings: tuple[Asking, ...]
    key_of: Mapping[tuple[int, str], str]
    definitions: Mapping[int, Definition]


def make_plan(definitions: Mapping[int, Definition]) -> Plan:
    """The plan of a form with these versions by number: first the newest's questions, in its order."""
    same = same_questions(definitions)
    key_of = {
        (version, question.name): key for key, asked in same.items() for version, question in asked.items()
    }
    askings = []
    for key, asked in same.items():
        found = [
            one for version, question in asked.items() for one in _decide(definitions[version], question.name)
        ]
        gates = {
            gate: None
            for version, question in asked.items()
            for gate in _gates(definitions[version], version, question.name, key_of)
        }
        askings.append(
            Asking(
                key,
                asked[max(asked)],
                tuple(sorted(asked)),
                tuple(gates),
                len(set(found)) < 2 and all(_decides_alone(one, gates) for one in found),
                len(asked) == len(definitions),
            )
        )
    return Plan(tuple(askings), key_of, definitions)


def _decides_alone(one: Comparison, gates: Mapping[Gate, None]) -> bool:
    """Not where several values are compared at once: of a multiple choice, that is no line of its table."""
    return len(gates) == 1 and not (isinstance(one.value, tuple) and len(one.value) > 1)


def _gates(
    definition: Definition, version: int, name: str, key_of: Mapping[tuple[int, str], str]
) -> Iterator[Gate]:
    for one in _decide(definition, name):
        key = key_of.get((version, one.question))
        question = definition.question(one.question)
        if key is not None and question is not None:
            yield Gate(key, one.row, _named(one, question))


def _decide(definition: Definition, name: str, seen: frozenset[str] = frozenset()) -> Iterator[Comparison]:
    """All comparisons that decide whether a question is asked, those of the questions compared included."""
    if name in seen:
        return
    for condition in _conditions(definition, name):
        for one in comparisons(condition):
            yield one
            yield from _decide(definition, one.question, seen | {name})


def _conditions(definition: Definition, name: str) -> Iterator[Condition]:
    for page in definition.pages:
        for part, question in _questions(page):
            if question.name == name:
                above = (page.visible_if, part.visible_if if part else None, question.visible_if)
                yield from (condition for condition in above if condition is not None)


def _questions(page: Page) -> Iterator[tuple[Section | None, Question]]:
    for element in page.elements:
        if isinstance(element, Section):
            yield from ((element, question) for question in element.questions)
        else:
            yield None, element


def _named(one: Comparison, question: Question) -> frozenset[str]:
    """The answers that a comparison names: all where it compares by size, none where by being given."""
    options = frozenset(choice.value for choice in question.options)
    if one.operator in _ORDERED:
        return options
    if one.operator in (Operator.EMPTY, Operator.NOT_EMPTY):
        return frozenset()
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    return frozenset(_spelled(value) for value in values) & options


def _spelled(value: object) -> str:
    """As the value of a choice is written: a condition may read it as a number."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
