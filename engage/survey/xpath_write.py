"""Conditions as XLSForm writes them, in XPath: ``${spoke} = 'yes' and selected(${how}, 'mail')``."""

from __future__ import annotations

from typing import assert_never

from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator, Value
from engage.survey.definition import Kind
from engage.survey.xpath import MARKS, NUMERIC, SEVERAL, Fields


def write(condition: Condition, fields: Fields) -> str:
    """The condition in XPath."""
    match condition:
        case Comparison():
            return _comparison(condition, fields)
        case Not(operand):
            return f"not({write(operand, fields)})"
        case AllOf(operands):
            return " and ".join(_inner(operand, fields) for operand in operands)
        case AnyOf(operands):
            return " or ".join(_inner(operand, fields) for operand in operands)
    assert_never(condition)


def _inner(condition: Condition, fields: Fields) -> str:
    text = write(condition, fields)
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
    if kind in SEVERAL:
        return _same_list(one, reference)
    return f"{reference} {MARKS[one.operator]} {_literal(_single(one.value), kind)}"


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
    function = "selected" if kind in SEVERAL else "contains"
    parts = [
        f"{reference} = {_literal(value, kind)}"
        if kind in (Kind.SINGLE, *NUMERIC)
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
        return f"{reference} {MARKS[one.operator]} {_literal(one.value[0], Kind.SHORT_TEXT)}"
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
        return text if kind in NUMERIC else f"'{text}'"
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
