"""Conditions on earlier answers, as a tree of comparisons. Nothing is ever given to ``eval``.

``expressions`` reads and writes them as SurveyJS does, ``xpath_read`` and ``xpath_write`` as XLSForm does;
``truth`` works them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engage.errors import EngageError
from engage.survey.told import Told

Value = str | float | bool | tuple[str | float, ...] | None


class BadCondition(EngageError):
    """Not a condition of this language; the text says what and at which character."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.told = Told(text, values)
        super().__init__(str(self.told))


class Operator(StrEnum):
    """How an answer is compared."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    GREATER = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    CONTAINS = "contains"
    NOT_CONTAINS = "notcontains"
    ANY_OF = "anyof"
    ALL_OF = "allof"
    EMPTY = "empty"
    NOT_EMPTY = "notempty"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer compared with a value. ``row`` names the row of a matrix."""

    question: str
    operator: Operator
    value: Value = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary of a condition."""

    operand: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these hold."""

    operands: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds."""

    operands: tuple[Condition, ...]


Condition = Comparison | Not | AllOf | AnyOf


def both(one: Condition | None, other: Condition | None) -> Condition | None:
    """The condition that both hold; None is one that always does."""
    if one is None or other is None:
        return one or other
    parts = [part.operands if isinstance(part, AllOf) else (part,) for part in (one, other)]
    return AllOf((*parts[0], *parts[1]))


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """All comparisons in a condition, from left to right."""
    match condition:
        case Comparison():
            yield condition
        case Not(operand):
            yield from comparisons(operand)
        case AllOf(operands) | AnyOf(operands):
            for operand in operands:
                yield from comparisons(operand)
