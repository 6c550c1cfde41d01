"""A condition in words, as staff and the paper form read it: “Do you trust it?” is “No”."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import assert_never

from flask_babel import force_locale, pgettext
from flask_babel import gettext as _

from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator, Value
from engage.survey.definition import Definition, Kind, Question

_CONTRARY = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.CONTAINS: Operator.NOT_CONTAINS,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.EMPTY: Operator.NOT_EMPTY,
    Operator.NOT_EMPTY: Operator.EMPTY,
}
"""Only these: what is not answered is neither more nor less than anything, so “not more” is not “at most”."""


def in_words(condition: Condition, definition: Definition, language: str) -> str:
    """The condition as the end of a sentence that begins with “only if”.

    Questions and choices are called by their texts in ``language``, or by the other language where there is
    none, or by their names where the definition does not have them.
    """
    with force_locale(language):
        return _words(condition, definition, language)


def in_words_of(definition: Definition, language: str) -> Callable[[Condition], str]:
    """``in_words`` for the conditions of one definition, for a template."""
    return partial(in_words, definition=definition, language=language)


def _words(condition: Condition, definition: Definition, language: str) -> str:
    match condition:
        case Comparison():
            return _comparison(condition, definition, language)
        case Not(Comparison() as one) if one.operator in _CONTRARY:
            contrary = Comparison(one.question, _CONTRARY[one.operator], one.value, one.row)
            return _comparison(contrary, definition, language)
        case Not(operand):
            return str(_("not (%(condition)s)", condition=_words(operand, definition, language)))
        case AllOf(operands):
            return _joined(operands, pgettext("condition", "and"), definition, language)
        case AnyOf(operands):
            return _joined(operands, pgettext("condition", "or"), definition, language)
    assert_never(condition)


def _joined(operands: Sequence[Condition], word: str, definition: Definition, language: str) -> str:
    return f" {word} ".join(_inner(operand, definition, language) for operand in operands)


def _inner(condition: Condition, definition: Definition, language: str) -> str:
    words = _words(condition, definition, language)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _comparison(one: Comparison, definition: Definition, language: str) -> str:
    question = definition.question(one.question)
    named = {
        "question": _called(question, one, language),
        "value": _value_words(question, one.value, language),
    }
    is_several = question is not None and question.kind in (Kind.MULTIPLE, Kind.RANKING)
    sentence = _OF_SEVERAL.get(one.operator) if is_several else None
    return (sentence or _SENTENCES[one.operator])(named)


def _called(question: Question | None, one: Comparison, language: str) -> str:
    title = question.title.best(language)[0] if question is not None else ""
    if one.row is None:
        return title or one.question
    rows = question.rows if question is not None else ()
    row = next((known.text.best(language)[0] for known in rows if known.value == one.row), "")
    return f"{title or one.question} – {row or one.row}"


def _value_words(question: Question | None, value: Value, language: str) -> str:
    values: Sequence[Value] = value if isinstance(value, tuple) else (value,)
    return ", ".join(f"“{_one_value(question, one, language)}”" for one in values)


def _one_value(question: Question | None, value: Value, language: str) -> str:
    spelled = spelled_value(value)
    offered = question.options if question is not None else ()
    text = next((choice.text.best(language)[0] for choice in offered if choice.value == spelled), "")
    return text or spelled


def spelled_value(value: Value) -> str:
    """A single value as a choice spells it: 5 for 5.0, true for True."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


_Sentence = Callable[[dict[str, str]], str]

_SENTENCES: dict[Operator, _Sentence] = {
    Operator.EQUAL: lambda named: _("“%(question)s” is %(value)s", **named),
    Operator.NOT_EQUAL: lambda named: _("“%(question)s” is not %(value)s", **named),
    Operator.GREATER: lambda named: _("“%(question)s” is more than %(value)s", **named),
    Operator.AT_LEAST: lambda named: _("“%(question)s” is at least %(value)s", **named),
    Operator.LESS: lambda named: _("“%(question)s” is less than %(value)s", **named),
    Operator.AT_MOST: lambda named: _("“%(question)s” is at most %(value)s", **named),
    Operator.CONTAINS: lambda named: _("“%(question)s” contains %(value)s", **named),
    Operator.NOT_CONTAINS: lambda named: _("“%(question)s” does not contain %(value)s", **named),
    Operator.ANY_OF: lambda named: _("“%(question)s” is one of %(value)s", **named),
    Operator.ALL_OF: lambda named: _("“%(question)s” has all of %(value)s", **named),
    Operator.EMPTY: lambda named: _("“%(question)s” is not answered", **named),
    Operator.NOT_EMPTY: lambda named: _("“%(question)s” is answered", **named),
}
_OF_SEVERAL: dict[Operator, _Sentence] = {
    Operator.EQUAL: lambda named: _("“%(question)s” is exactly %(value)s", **named),
    Operator.CONTAINS: lambda named: _("%(value)s is chosen in “%(question)s”", **named),
    Operator.NOT_CONTAINS: lambda named: _("%(value)s is not chosen in “%(question)s”", **named),
    Operator.ANY_OF: lambda named: _("one of %(value)s is chosen in “%(question)s”", **named),
    Operator.ALL_OF: lambda named: _("all of %(value)s are chosen in “%(question)s”", **named),
}
