"""What the names of an XLSForm's sheet stand for, and how XPath compares: for reading and for writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engage.survey.conditions import Operator
from engage.survey.definition import Kind

SEVERAL = frozenset({Kind.MULTIPLE, Kind.RANKING})
NUMERIC = frozenset({Kind.NUMBER, Kind.SCALE})
MARKS = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "!=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a name of the sheet stands for: a question, or one row of a matrix."""

    question: str
    kind: Kind
    row: str | None = None


class Fields(NamedTuple):
    """The names of a sheet, each way."""

    by_name: Mapping[str, Field]
    names: Mapping[tuple[str, str | None], str]


def fields_of(by_name: Mapping[str, Field]) -> Fields:
    """The names of a sheet, from one way."""
    return Fields(by_name, {(field.question, field.row): name for name, field in by_name.items()})
