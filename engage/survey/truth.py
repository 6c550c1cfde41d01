"""Whether a condition holds of what was answered.

What was not answered, or not asked, is equal to nothing and contains nothing. The meaning is that of
survey-core 3.1, which tests/survey/test_survey_core.py asks: capitals do not matter, a number in a text is a
number, a list is equal only to a list, and ``contains`` looks into texts. static/js/conditions.js does the
same on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import regex

from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator, Value

Answers = Mapping[str, object]
"""What was answered by name: a text, a number, a list of values, or rows with their values."""

_NUMBER = regex.compile(r"-?\d{1,300}(\.\d{1,300})?")


def holds(condition: Condition | None, answers: Answers) -> bool:
    """Whether a condition is true of these answers; no condition always is."""
    match condition:
        case None:
            return True
        case Comparison():
            return _compare(condition, answers)
        case Not(operand):
            return not holds(operand, answers)
        case AllOf(operands):
            return all(holds(operand, answers) for operand in operands)
        case AnyOf(operands):
            return any(holds(operand, answers) for operand in operands)
    assert_never(condition)


def _compare(one: Comparison, answers: Answers) -> bool:
    given = answers.get(one.question)
    if one.row is not None:
        given = given.get(one.row) if isinstance(given, Mapping) else None
    is_empty = _is_empty(given)
    match one.operator:
        case Operator.EMPTY:
            return is_empty
        case Operator.NOT_EMPTY:
            return not is_empty
        case Operator.EQUAL:
            return _equal(given, one.value)
        case Operator.NOT_EQUAL:
            return not _equal(given, one.value)
        case Operator.NOT_CONTAINS:
            return is_empty or not _contains(given, one.value)
        case _:
            return not is_empty and _compare_given(one.operator, given, one.value)


def _is_empty(given: object) -> bool:
    return given is None or given in ("", [], {}, ())


def _compare_given(operator: Operator, given: object, value: Value) -> bool:
    match operator:
        case Operator.CONTAINS | Operator.ALL_OF:
            return _contains(given, value)
        case Operator.ANY_OF:
            return bool(_values(value) & _values(given))
        case _:
            return _ordered(operator, given, value)


def _equal(given: object, value: Value) -> bool:
    """A list is equal to a list with the same values in whatever order, and to nothing else."""
    if _is_empty(given) or _is_empty(value):
        return _is_empty(given) and _is_empty(value)
    if isinstance(given, list | tuple) != isinstance(value, tuple):
        return False
    return _values(given) == _values(value)


def _contains(given: object, value: Value) -> bool:
    """A list contains values; a text contains a part of it."""
    if isinstance(given, list | tuple):
        return _values(value) <= _values(given)
    parts = value if isinstance(value, tuple) else (value,)
    return len(parts) == 1 and _spelled(parts[0]) in _spelled(given)


def _values(of: object) -> set[str]:
    """What is compared: values as they are written, numbers without their trailing zeros."""
    several = of if isinstance(of, list | tuple) else [of]
    return {_spelled(value) for value in several}


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    number = _number(value)
    return str(value).lower() if number is None else f"{number:.15g}"


def _number(value: object) -> float | None:
    return float(str(value)) if _NUMBER.fullmatch(str(value)) else None


def _ordered(operator: Operator, given: object, value: Value) -> bool:
    """Numbers by size, texts (dates are written year first) by their letters; no text with a number."""
    one, other = _number(given), _number(value)
    if (one is None or other is None) and not (isinstance(given, str) and isinstance(value, str)):
        return False
    pair: tuple[float, float] | tuple[str, str] = (
        (str(given), str(value)) if one is None or other is None else (one, other)
    )
    less, equal = pair[0] < pair[1], pair[0] == pair[1]  # type: ignore[operator]
    return {
        Operator.LESS: less,
        Operator.AT_MOST: less or equal,
        Operator.GREATER: not less and not equal,
        Operator.AT_LEAST: not less,
    }[operator]
