"""Conditions on earlier answers, in a subset of SurveyJS' expression language. Read, written, worked out.

    {contact} = 'yes' and ({age} >= 18 or not {helped_by} empty)
    {languages} anyof ['es', 'other']      {ratings.safety} < 3

Comparisons: ``=`` (``==``), ``<>`` (``!=``), ``>``, ``>=``, ``<``, ``<=``, ``contains`` (``*=``),
``notcontains``, ``anyof``, ``allof``, ``empty``, ``notempty``; joined by ``and`` (``&&``), ``or`` (``||``),
``not`` (``!``) and brackets. ``{name.row}`` is one row of a matrix. What was not answered, or not asked, is
equal to nothing and contains nothing. Nothing is ever given to ``eval``.

The meaning is that of survey-core 3.1, which tests/survey/test_survey_core.py asks: capitals do not matter,
a number in a text is a number, a list is equal only to a list, and ``contains`` looks into texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import regex

from engage.errors import EngageError
from engage.marks import N_
from engage.survey.told import Told

Answers = Mapping[str, object]
"""What was answered by name: a text, a number, a list of values, or rows with their values."""

Value = str | float | bool | tuple[str | float, ...] | None

_DEEPEST = 20
_LONGEST = 4_000
"""The most characters that a condition may have."""


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


_ALONE = frozenset({Operator.EMPTY, Operator.NOT_EMPTY})
_OTHER_SPELLINGS = {
    "==": Operator.EQUAL,
    "equal": Operator.EQUAL,
    "!=": Operator.NOT_EQUAL,
    "notequal": Operator.NOT_EQUAL,
    "*=": Operator.CONTAINS,
    "contain": Operator.CONTAINS,
    "notcontain": Operator.NOT_CONTAINS,
    "greater": Operator.GREATER,
    "less": Operator.LESS,
    "greaterorequal": Operator.AT_LEAST,
    "lessorequal": Operator.AT_MOST,
}


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

_WORDS = frozenset({"and", "or", "not", *Operator, *_OTHER_SPELLINGS})

_TOKENS = regex.compile(
    r"""\s*(?:
        \{(?P<name>[^{}]{1,200})\}
      | '(?P<single>(?:\\['"]|[^'])*+)'
      | "(?P<double>(?:\\['"]|[^"])*+)"
      | (?P<number>-?\d+(?:\.\d+)?)(?![\w])
      | (?P<mark><>|<=|>=|==|!=|\*=|&&|\|\||[=<>!()\[\],])
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    )""",
    regex.VERBOSE,
)


_NUMBER = regex.compile(r"-?\d{1,300}(\.\d{1,300})?")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def parse(text: str) -> Condition:
    """Read a condition. Raises BadCondition."""
    if len(text) > _LONGEST:
        raise BadCondition(N_("A condition may have at most %(most)s characters."), most=_LONGEST)
    return _Parser(_tokens(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found, place = [], 0
    while text[place:].strip():
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


class _Parser:
    """Recursive descent: or binds weakest, then and, then not."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def whole(self) -> Condition:
        """The condition that all tokens make together."""
        if not self._tokens:
            raise BadCondition(N_("The condition is empty."))
        found = self._either()
        if self._place < len(self._tokens):
            raise self._bad()
        return found

    def _either(self) -> Condition:
        operands = [self._both()]
        while self._took("or", "||"):
            operands.append(self._both())
        return operands[0] if len(operands) == 1 else AnyOf(tuple(operands))

    def _both(self) -> Condition:
        operands = [self._single()]
        while self._took("and", "&&"):
            operands.append(self._single())
        return operands[0] if len(operands) == 1 else AllOf(tuple(operands))

    def _single(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadCondition(N_("Brackets go deeper than %(depth)s."), depth=_DEEPEST)
        try:
            if self._took("not", "!"):
                return Not(self._single())
            if self._took("("):
                found = self._either()
                self._need(")")
                return found
            return self._comparison()
        finally:
            self._depth -= 1

    def _comparison(self) -> Comparison:
        token = self._next()
        if token.kind != "name":
            raise self._bad(token)
        question, _dot, row = token.text.strip().partition(".")
        operator = self._operator()
        value = None if operator in _ALONE else self._value()
        return Comparison(question, operator, value, row or None)

    def _operator(self) -> Operator:
        token = self._next()
        word = token.text.lower()
        if token.kind in ("mark", "word"):
            if word in _OTHER_SPELLINGS:
                return _OTHER_SPELLINGS[word]
            if word in Operator._value2member_map_:
                return Operator(word)
        raise self._bad(token)

    def _value(self) -> Value:
        if not self._took("["):
            return self._atom()
        values: list[str | float] = []
        while not self._took("]"):
            if values:
                self._need(",")
            values.append(self._atom())
        return tuple(values)

    def _atom(self) -> str | float:
        token = self._next()
        if token.kind in ("single", "double"):
            return str(regex.sub(r"\\(['\"])", r"\1", token.text))
        if token.kind == "number":
            return float(token.text)
        if token.kind == "word" and token.text.lower() not in _WORDS:
            # SurveyJS takes a word without quotation marks for a text.
            return token.text.lower() == "true" if token.text.lower() in ("true", "false") else token.text
        raise self._bad(token)

    def _took(self, *texts: str) -> bool:
        token = self._tokens[self._place] if self._place < len(self._tokens) else None
        if token is None or token.kind not in ("mark", "word") or token.text.lower() not in texts:
            return False
        self._place += 1
        return True

    def _need(self, text: str) -> None:
        if not self._took(text):
            if self._place < len(self._tokens):
                raise self._bad()
            raise BadCondition(N_("“%(text)s” is missing."), text=text)

    def _next(self) -> _Token:
        if self._place >= len(self._tokens):
            raise BadCondition(N_("The condition ends too early."))
        self._place += 1
        return self._tokens[self._place - 1]

    def _bad(self, token: _Token | None = None) -> BadCondition:
        token = token or self._tokens[self._place]
        return BadCondition(
            N_("“%(text)s” is not understood here (character %(place)s)."), text=token.text, place=token.place
        )


def write(condition: Condition) -> str:
    """The condition in SurveyJS' language: ``parse(write(condition)) == condition``."""
    match condition:
        case Comparison():
            return _written_comparison(condition)
        case Not(operand):
            return f"!({write(operand)})"
        case AllOf(operands):
            return " and ".join(_in_brackets(operand) for operand in operands)
        case AnyOf(operands):
            return " or ".join(_in_brackets(operand) for operand in operands)
    assert_never(condition)


def _in_brackets(condition: Condition) -> str:
    return f"({write(condition)})" if isinstance(condition, AllOf | AnyOf) else write(condition)


def _written_comparison(one: Comparison) -> str:
    name = f"{{{one.question}.{one.row}}}" if one.row else f"{{{one.question}}}"
    if one.operator in _ALONE:
        return f"{name} {one.operator}"
    return f"{name} {one.operator} {_written_value(one.value)}"


def _written_value(value: Value) -> str:
    if isinstance(value, tuple):
        return "[{}]".format(", ".join(_written_value(item) for item in value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else repr(value)
    # SurveyJS knows a backslash only before a quotation mark, of either sort, and has no way to end with one.
    plain = regex.sub(r"\\+(?=['\"]|$)", "", str(value))
    return "'{}'".format(regex.sub(r"(['\"])", r"\\\1", plain))


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
