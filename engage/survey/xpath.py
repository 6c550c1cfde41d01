"""Conditions as XLSForm writes them, in a subset of XPath: ``${spoke} = 'yes' and selected(${how}, 'mail')``.

``written`` makes any condition; ``parse`` reads comparisons of one answer with one value, ``selected``,
``contains``, ``not``, ``and``, ``or``, brackets, and ``count-selected`` or ``string-length`` against nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, assert_never

import regex

from engage.marks import N_
from engage.survey.conditions import (
    AllOf,
    AnyOf,
    BadCondition,
    Comparison,
    Condition,
    Not,
    Operator,
    Value,
)
from engage.survey.definition import Kind

_LONGEST = 4_000
_DEEPEST = 20
_SEVERAL = frozenset({Kind.MULTIPLE, Kind.RANKING})
_NUMERIC = frozenset({Kind.NUMBER, Kind.SCALE})


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


def written(condition: Condition, fields: Fields) -> str:
    """The condition in XPath."""
    match condition:
        case Comparison():
            return _comparison(condition, fields)
        case Not(operand):
            return f"not({written(operand, fields)})"
        case AllOf(operands):
            return " and ".join(_inner(operand, fields) for operand in operands)
        case AnyOf(operands):
            return " or ".join(_inner(operand, fields) for operand in operands)
    assert_never(condition)


def _inner(condition: Condition, fields: Fields) -> str:
    text = written(condition, fields)
    return f"({text})" if isinstance(condition, AllOf | AnyOf) else text


def _comparison(one: Comparison, fields: Fields) -> str:
    name = fields.names.get((one.question, one.row))
    if name is None:
        return _of_a_whole_matrix(one, fields)
    kind = fields.by_name[name].kind
    reference = f"${{{name}}}"
    match one.operator:
        case Operator.EMPTY:
            return f"{reference} = ''"
        case Operator.NOT_EMPTY:
            return f"{reference} != ''"
        case Operator.CONTAINS | Operator.ALL_OF:
            return _joined(" and ", one, kind, reference)
        case Operator.ANY_OF:
            return _joined(" or ", one, kind, reference)
        case Operator.NOT_CONTAINS:
            return f"not({_joined(' and ', one, kind, reference)})"
    if kind in _SEVERAL:
        return _same_list(one, reference)
    return f"{reference} {_MARKS[one.operator]} {_literal(_single(one.value), kind)}"


def _of_a_whole_matrix(one: Comparison, fields: Fields) -> str:
    """Empty where all its rows are; a name that no question has stays as it is, for pyxform to name."""
    names = [name for (question, _row), name in fields.names.items() if question == one.question]
    if not names:
        return f"${{{one.question}}} = ''"
    empty = " and ".join(f"${{{name}}} = ''" for name in names)
    if one.operator is Operator.EMPTY:
        return f"({empty})"
    return f"not({empty})" if one.operator is Operator.NOT_EMPTY else "false()"


def _joined(word: str, one: Comparison, kind: Kind, reference: str) -> str:
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    function = "selected" if kind in _SEVERAL else "contains"
    parts = [
        f"{reference} = {_literal(value, kind)}"
        if kind in (Kind.SINGLE, *_NUMERIC)
        else f"{function}({reference}, {_literal(value, Kind.SHORT_TEXT)})"
        for value in values
    ]
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"


def _same_list(one: Comparison, reference: str) -> str:
    """Whether several values are the same as others: a text is never the same as a list."""
    is_equal = one.operator is Operator.EQUAL
    if not isinstance(one.value, tuple):
        return "false()" if is_equal else "true()"
    if len(one.value) == 1:
        return f"{reference} {_MARKS[one.operator]} {_literal(one.value[0], Kind.SHORT_TEXT)}"
    parts = [f"count-selected({reference}) = {len(one.value)}"]
    parts += [f"selected({reference}, {_literal(value, Kind.SHORT_TEXT)})" for value in one.value]
    same = " and ".join(parts)
    return f"({same})" if is_equal else f"not({same})"


def _single(value: Value) -> str | float | bool | None:
    if isinstance(value, tuple):
        return value[0] if value else None
    return value


def _literal(value: Value, kind: Kind) -> str:
    if isinstance(value, bool):
        return f"'{str(value).lower()}'"
    if isinstance(value, int | float):
        text = str(int(value)) if value == int(value) else repr(value)
        return text if kind in _NUMERIC else f"'{text}'"
    text = str(value)
    if kind is Kind.DATE:
        return f"date({_quoted(text)})"
    return _quoted(text)


def _quoted(text: str) -> str:
    """A text in quotation marks; XPath has no way to write both sorts in one."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = [f"'{part}'" for part in text.split("'")]
    return "concat({})".format(', "\'", '.join(parts))


_MARKS = {
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "!=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
}
_OPERATORS = {mark: operator for operator, mark in _MARKS.items()}
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


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


def parse(text: str, fields: Fields) -> Condition:
    """Read what a cell of the column ``relevant`` says. Raises BadCondition."""
    if len(text) > _LONGEST:
        raise BadCondition(N_("A condition may have at most %(most)s characters."), most=_LONGEST)
    return _Parser(_tokens(text), fields).whole()


def _tokens(text: str) -> list[_Token]:
    found, place, text = [], 0, text.rstrip()
    while place < len(text):
        match = _TOKENS.match(text, place)
        if match is None:
            raise BadCondition(
                N_("“%(text)s” is not understood (character %(place)s)."),
                text=text[place:].strip()[:20],
                place=place + 1,
            )
        kind = match.lastgroup or ""
        found.append(_Token(kind, match[kind], match.start(kind) + 1))
        place = match.end()
    return found


class _Operand(NamedTuple):
    """One side of a comparison: a field, how much of it is chosen or written, or a value."""

    field: Field | None = None
    is_length: bool = False
    value: str | float | None = None


class _Parser:
    """Recursive descent: or binds weakest, then and."""

    def __init__(self, tokens: list[_Token], fields: Fields) -> None:
        self._tokens = tokens
        self._fields = fields
        self._place = 0
        self._depth = 0

    def whole(self) -> Condition:
        """The condition that all tokens make together."""
        if not self._tokens:
            raise BadCondition(N_("The condition is empty."))
        found = self._either()
        if self._place < len(self._tokens):
            raise self._bad(self._tokens[self._place])
        return found

    def _either(self) -> Condition:
        operands = [self._both()]
        while self._took("or"):
            operands.append(self._both())
        return operands[0] if len(operands) == 1 else AnyOf(tuple(operands))

    def _both(self) -> Condition:
        operands = [self._unary()]
        while self._took("and"):
            operands.append(self._unary())
        return operands[0] if len(operands) == 1 else AllOf(tuple(operands))

    def _unary(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadCondition(N_("Brackets go deeper than %(depth)s."), depth=_DEEPEST)
        try:
            return self._bracketed() or self._function() or self._compared()
        finally:
            self._depth -= 1

    def _bracketed(self) -> Condition | None:
        if self._took("("):
            found = self._either()
            self._need(")")
            return found
        if self._took("not"):
            self._need("(")
            found = self._either()
            self._need(")")
            is_chosen = isinstance(found, Comparison) and found.operator is Operator.CONTAINS
            if is_chosen and isinstance(found, Comparison):
                return Comparison(found.question, Operator.NOT_CONTAINS, found.value, found.row)
            return Not(found)
        return None

    def _function(self) -> Condition | None:
        is_selected = self._took("selected")
        if not is_selected and not self._took("contains"):
            return None
        self._need("(")
        field = self._field()
        self._need(",")
        value = self._value()
        self._need(")")
        is_several = field.kind in _SEVERAL
        if is_selected and not is_several:
            return Comparison(field.question, Operator.EQUAL, _fitting(value, field), field.row)
        if is_selected == is_several:
            return Comparison(field.question, Operator.CONTAINS, value, field.row)
        raise BadCondition(N_("contains() cannot be asked of choices: write selected()."))

    def _compared(self) -> Condition:
        left = self._operand()
        mark = self._next()
        if mark.text not in _OPERATORS or mark.kind != "mark":
            raise self._bad(mark)
        operator, right = _OPERATORS[mark.text], self._operand()
        if left.field is None:
            left, right, operator = right, left, _TURNED.get(operator, operator)
        if left.field is None or right.field is not None or right.value is None:
            raise BadCondition(N_("A condition must compare one answer with one value."))
        if left.is_length:
            return _length(left.field, operator, right.value)
        return _made(left.field, operator, right.value)

    def _operand(self) -> _Operand:
        token = self._peek()
        if token.kind == "name":
            return _Operand(self._field())
        if token.kind == "word" and token.text in ("count-selected", "string-length"):
            self._next()
            self._need("(")
            field = self._field()
            self._need(")")
            return _Operand(field, is_length=True)
        return _Operand(value=self._value())

    def _value(self) -> str | float:
        token = self._next()
        if token.kind in ("single", "double"):
            return token.text
        if token.kind == "number":
            return float(token.text)
        if token.kind == "word" and token.text in ("date", "string", "number"):
            self._need("(")
            value = self._value()
            self._need(")")
            return value
        if token.kind == "word" and token.text == "concat":
            return self._concatenated()
        raise self._bad(token)

    def _concatenated(self) -> str:
        self._need("(")
        parts = [str(self._value())]
        while self._took(","):
            parts.append(str(self._value()))
        self._need(")")
        return "".join(parts)

    def _field(self) -> Field:
        token = self._next()
        if token.kind != "name":
            raise self._bad(token)
        field = self._fields.by_name.get(token.text)
        if field is None:
            raise BadCondition(N_("There is no question “%(name)s”."), name=token.text)
        return field

    def _took(self, text: str) -> bool:
        token = self._tokens[self._place] if self._place < len(self._tokens) else None
        if token is None or token.kind not in ("mark", "word") or token.text.lower() != text:
            return False
        self._place += 1
        return True

    def _need(self, text: str) -> None:
        if not self._took(text):
            if self._place < len(self._tokens):
                raise self._bad(self._tokens[self._place])
            raise BadCondition(N_("“%(text)s” is missing."), text=text)

    def _peek(self) -> _Token:
        if self._place >= len(self._tokens):
            raise BadCondition(N_("The condition ends too early."))
        return self._tokens[self._place]

    def _next(self) -> _Token:
        token = self._peek()
        self._place += 1
        return token

    def _bad(self, token: _Token) -> BadCondition:
        return BadCondition(
            N_("“%(text)s” is not understood here (character %(place)s)."), text=token.text, place=token.place
        )


def _made(field: Field, operator: Operator, value: str | float) -> Comparison:
    if value == "":
        alone = {Operator.EQUAL: Operator.EMPTY, Operator.NOT_EQUAL: Operator.NOT_EMPTY}
        if operator not in alone:
            raise BadCondition(N_("A condition must compare one answer with one value."))
        return Comparison(field.question, alone[operator], None, field.row)
    if field.kind in _SEVERAL:
        if operator not in (Operator.EQUAL, Operator.NOT_EQUAL):
            raise BadCondition(N_("Several choices cannot be more or less than something: write selected()."))
        return Comparison(field.question, operator, tuple(_spelled(value).split()), field.row)
    return Comparison(field.question, operator, _fitting(value, field), field.row)


def _fitting(value: str | float, field: Field) -> str | float:
    """A number where the answer is one, else a text."""
    if field.kind not in _NUMERIC:
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
