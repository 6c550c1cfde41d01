"""Conditions in a subset of SurveyJS' expression language, read and written.

    {contact} = 'yes' and ({age} >= 18 or not {helped_by} empty)
    {languages} anyof ['es', 'other']      {ratings.safety} < 3

Comparisons: ``=`` (``==``), ``<>`` (``!=``), ``>``, ``>=``, ``<``, ``<=``, ``contains`` (``*=``),
``notcontains``, ``anyof``, ``allof``, ``empty``, ``notempty``; joined by ``and`` (``&&``), ``or`` (``||``),
``not`` (``!``) and brackets. ``{name.row}`` is one row of a matrix.
"""

from __future__ import annotations

from typing import assert_never

import regex

from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator, Value
from engage.survey.grammar import Parser, tokens

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


def parse(text: str) -> Condition:
    """Read a condition. Raises BadCondition."""
    return _Parser(tokens(text, _TOKENS)).whole()


class _Parser(Parser):
    OR = ("or", "||")
    AND = ("and", "&&")

    def undivided(self) -> Condition:
        """A condition denied or in brackets, or a comparison."""
        if self.took("not", "!"):
            return Not(self.single())
        if self.took("("):
            found = self.either()
            self.need(")")
            return found
        return self._comparison()

    def _comparison(self) -> Comparison:
        token = self.next()
        if token.kind != "name":
            raise self.bad(token)
        question, _dot, row = token.text.strip().partition(".")
        operator = self._operator()
        value = None if operator in _ALONE else self._value()
        return Comparison(question, operator, value, row or None)

    def _operator(self) -> Operator:
        token = self.next()
        word = token.text.lower()
        if token.kind in ("mark", "word"):
            if word in _OTHER_SPELLINGS:
                return _OTHER_SPELLINGS[word]
            if word in Operator._value2member_map_:
                return Operator(word)
        raise self.bad(token)

    def _value(self) -> Value:
        if not self.took("["):
            return self._atom()
        values: list[str | float] = []
        while not self.took("]"):
            if values:
                self.need(",")
            values.append(self._atom())
        return tuple(values)

    def _atom(self) -> str | float:
        token = self.next()
        if token.kind in ("single", "double"):
            return str(regex.sub(r"\\(['\"])", r"\1", token.text))
        if token.kind == "number":
            return float(token.text)
        if token.kind == "word" and token.text.lower() not in _WORDS:
            # SurveyJS takes a word without quotation marks for a text.
            return token.text.lower() == "true" if token.text.lower() in ("true", "false") else token.text
        raise self.bad(token)


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
