"""Conditions of an XLSForm read: a subset of XPath.

That is comparisons of one answer with one value, ``selected``, ``contains``, ``not``, ``and``, ``or``,
brackets, and ``count-selected`` or ``string-length`` against nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import regex

from engage.marks import N_
from engage.survey.conditions import BadCondition, Comparison, Condition, Not, Operator
from engage.survey.grammar import Parser, Token, tokens
from engage.survey.xpath import MARKS, NUMERIC, SEVERAL, Field, Fields

_OPERATORS = {mark: operator for operator, mark in MARKS.items()}
_TURNED = {
    Operator.GREATER: Operator.LESS,
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.LESS: Operator.GREATER,
    Operator.AT_MOST: Operator.AT_LEAST,
}
_TOKENS = regex.compile(
    r"""\s*(?:
        \$\{\s*(?P<name>[^{}\s]{1,200})\s*\}
      | '(?P<single>[^']*)'
      | "(?P<double>[^"]*)"
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<mark><=|>=|!=|[=<>(),])
      | (?P<word>[A-Za-z][A-Za-z0-9_-]*)
    )""",
    regex.VERBOSE,
)


def parse(text: str, fields: Fields) -> Condition:
    """Read what a cell of the column ``relevant`` says. Raises BadCondition."""
    return _Parser(tokens(text, _TOKENS), fields).whole()


class _Operand(NamedTuple):
    """One side of a comparison: a field, how much of it is chosen or written, or a value."""

    field: Field | None = None
    is_length: bool = False
    value: str | float | None = None


class _Parser(Parser):
    def __init__(self, found: list[Token], fields: Fields) -> None:
        super().__init__(found)
        self._fields = fields

    def undivided(self) -> Condition:
        """A condition in brackets or denied, a question to a list, or a comparison."""
        return self._bracketed() or self._function() or self._compared()

    def _bracketed(self) -> Condition | None:
        if self.took("("):
            found = self.either()
            self.need(")")
            return found
        if self.took("not"):
            self.need("(")
            found = self.either()
            self.need(")")
            is_chosen = isinstance(found, Comparison) and found.operator is Operator.CONTAINS
            if is_chosen and isinstance(found, Comparison):
                return Comparison(found.question, Operator.NOT_CONTAINS, found.value, found.row)
            return Not(found)
        return None

    def _function(self) -> Condition | None:
        is_selected = self.took("selected")
        if not is_selected and not self.took("contains"):
            return None
        self.need("(")
        field = self._field()
        self.need(",")
        value = self._value()
        self.need(")")
        is_several = field.kind in SEVERAL
        if is_selected and not is_several:
            return Comparison(field.question, Operator.EQUAL, _fitting(value, field), field.row)
        if is_selected == is_several:
            return Comparison(field.question, Operator.CONTAINS, value, field.row)
        raise BadCondition(N_("contains() cannot be asked of choices: write selected()."))

    def _compared(self) -> Condition:
        left = self._operand()
        mark = self.next()
        if mark.text not in _OPERATORS or mark.kind != "mark":
            raise self.bad(mark)
        operator, right = _OPERATORS[mark.text], self._operand()
        if left.field is None:
            left, right, operator = right, left, _TURNED.get(operator, operator)
        if left.field is None or right.field is not None or right.value is None:
            raise BadCondition(N_("A condition must compare one answer with one value."))
        if left.is_length:
            return _length(left.field, operator, right.value)
        return _made(left.field, operator, right.value)

    def _operand(self) -> _Operand:
        token = self.peek()
        if token.kind == "name":
            return _Operand(self._field())
        if token.kind == "word" and token.text in ("count-selected", "string-length"):
            self.next()
            self.need("(")
            field = self._field()
            self.need(")")
            return _Operand(field, is_length=True)
        return _Operand(value=self._value())

    def _value(self) -> str | float:
        token = self.next()
        if token.kind in ("single", "double"):
            return token.text
        if token.kind == "number":
            return float(token.text)
        if token.kind == "word" and token.text in ("date", "string", "number"):
            self.need("(")
            value = self._value()
            self.need(")")
            return value
        if token.kind == "word" and token.text == "concat":
            return self._concatenated()
        raise self.bad(token)

    def _concatenated(self) -> str:
        self.need("(")
        parts = [str(self._value())]
        while self.took(","):
            parts.append(str(self._value()))
        self.need(")")
        return "".join(parts)

    def _field(self) -> Field:
        token = self.next()
        if token.kind != "name":
            raise self.bad(token)
        field = self._fields.by_name.get(token.text)
        if field is None:
            raise BadCondition(N_("There is no question “%(name)s”."), name=token.text)
        return field


def _made(field: Field, operator: Operator, value: str | float) -> Comparison:
    if value == "":
        alone = {Operator.EQUAL: Operator.EMPTY, Operator.NOT_EQUAL: Operator.NOT_EMPTY}
        if operator not in alone:
            raise BadCondition(N_("A condition must compare one answer with one value."))
        return Comparison(field.question, alone[operator], None, field.row)
    if field.kind in SEVERAL:
        if operator not in (Operator.EQUAL, Operator.NOT_EQUAL):
            raise BadCondition(N_("Several choices cannot be more or less than something: write selected()."))
        return Comparison(field.question, operator, tuple(_spelled(value).split()), field.row)
    return Comparison(field.question, operator, _fitting(value, field), field.row)


def _fitting(value: str | float, field: Field) -> str | float:
    """A number where the answer is one, else a text."""
    if field.kind not in NUMERIC:
        return _spelled(value)
    try:
        return float(value)
    except ValueError:
        raise BadCondition(N_("“%(value)s” is no number."), value=value) from None


def _spelled(value: str | float) -> str:
    return f"{value:.15g}" if isinstance(value, float) else value


def _length(field: Field, operator: Operator, value: str | float) -> Comparison:
    """How many are chosen, or how long a text is: only whether there is anything at all can be asked."""
    tests: dict[Operator, Callable[[float], bool]] = {
        Operator.GREATER: lambda count: count == 0,
        Operator.AT_LEAST: lambda count: count == 1,
        Operator.NOT_EQUAL: lambda count: count == 0,
    }
    count = value if isinstance(value, float) else -1.0
    if operator in tests and tests[operator](count):
        return Comparison(field.question, Operator.NOT_EMPTY, None, field.row)
    if (operator, count) in ((Operator.EQUAL, 0.0), (Operator.LESS, 1.0), (Operator.AT_MOST, 0.0)):
        return Comparison(field.question, Operator.EMPTY, None, field.row)
    raise BadCondition(N_("A condition cannot ask how many are chosen: only whether any is."))
