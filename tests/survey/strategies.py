"""Random questionnaires: every kind, both languages, conditions on earlier answers."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from engage.db.types import Localised
from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not, Operator
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question, Section

_LETTERS = string.ascii_letters + string.digits + " áñ¿=+-@<&'\".,:;{}$%\n"
TEXTS = st.text(_LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
BOTH = st.builds(Localised, en=TEXTS, es=TEXTS)
MAYBE = st.one_of(st.just(Localised()), BOTH, st.builds(Localised, es=TEXTS))
VALUES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,6}", fullmatch=True).filter(
    lambda value: value.lower() not in ("other", "none", "refused", "true", "false")
)


def choices(least: int = 1) -> st.SearchStrategy[tuple[Choice, ...]]:
    """A closed list with distinct values."""
    listed = st.lists(
        st.builds(Choice, value=VALUES, text=BOTH),
        min_size=least,
        max_size=4,
        unique_by=lambda one: one.value.lower(),
    )
    return listed.map(tuple)


def _bounds(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, str]]:
    return st.one_of(
        st.just({}),
        st.tuples(numbers, numbers).map(lambda pair: {"minimum": str(min(pair)), "maximum": str(max(pair))}),
        numbers.map(lambda bound: {"minimum": str(bound)}),
    )


_NUMBERS = st.one_of(
    st.integers(-1000, 1000), st.integers(-999, 999).map(lambda n: n * 2 + 1).map(lambda n: n / 4)
)
_DAYS = st.dates().filter(lambda day: day.year > 1000).map(lambda day: day.isoformat())
_SPECIAL = {
    "other": st.booleans(),
    "none": st.booleans(),
    "refuse": st.booleans(),
    "other_text": MAYBE,
    "none_text": MAYBE,
    "refuse_text": MAYBE,
}


@st.composite
def _particulars(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    match kind:
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return {"longest": draw(st.one_of(st.none(), st.integers(1, 9999)))}
        case Kind.NUMBER:
            return draw(_bounds(_NUMBERS))
        case Kind.DATE:
            return draw(_bounds(_DAYS))
        case Kind.SCALE:
            low = draw(st.integers(0, 3))
            return {
                "minimum": str(low),
                "maximum": str(low + draw(st.integers(1, 9))),
                "low_text": draw(MAYBE),
                "high_text": draw(MAYBE),
                "is_smileys": draw(st.booleans()),
            }
        case Kind.MATRIX:
            return {"choices": draw(choices()), "rows": draw(choices())}
        case Kind.RANKING:
            return {"choices": draw(choices(2)), "refuse": draw(st.booleans())}
        case Kind.NOTE:
            return {}
    return draw(_closed_list(kind))


@st.composite
def _closed_list(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    special = {name: draw(value) for name, value in _SPECIAL.items()}
    for name in ("other", "none", "refuse"):  # What a choice is called where it is not offered is not kept.
        special[f"{name}_text"] = special[f"{name}_text"] if special[name] else Localised()
    most = draw(st.one_of(st.none(), st.integers(1, 4))) if kind is Kind.MULTIPLE else None
    return {"choices": draw(choices()), "most_choices": most, **special}


@st.composite
def conditions(draw: st.DrawFn, earlier: list[Question], depth: int = 2) -> Condition:
    """A condition on the answers to these questions."""
    if depth and draw(st.integers(0, 2)) == 0:
        inner = st.lists(conditions(earlier, depth - 1), min_size=2, max_size=3).map(tuple)
        made = draw(st.sampled_from((AllOf, AnyOf, Not)))
        return Not(draw(conditions(earlier, depth - 1))) if made is Not else made(draw(inner))
    question = draw(st.sampled_from(earlier))
    operator = draw(st.sampled_from(operators(question)))
    row = draw(st.sampled_from(question.rows)).value if question.kind is Kind.MATRIX else None
    if operator in (Operator.EMPTY, Operator.NOT_EMPTY):
        return Comparison(question.name, operator, None, row)
    return Comparison(question.name, operator, draw(_value(question, operator)), row)


def operators(question: Question) -> tuple[Operator, ...]:
    """Those that make sense of an answer to this question."""
    alone = (Operator.EMPTY, Operator.NOT_EMPTY)
    same = (Operator.EQUAL, Operator.NOT_EQUAL, *alone)
    ordered = (Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST)
    match question.kind:
        case Kind.NUMBER | Kind.SCALE | Kind.DATE:
            return (*same, *ordered)
        case Kind.MULTIPLE | Kind.RANKING:
            return (Operator.CONTAINS, Operator.NOT_CONTAINS, Operator.ANY_OF, Operator.ALL_OF, *alone)
        case Kind.SINGLE:
            return (*same, Operator.ANY_OF)
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return (*same, Operator.CONTAINS, Operator.NOT_CONTAINS)
        case _:
            return same


def _value(question: Question, operator: Operator) -> st.SearchStrategy[Any]:
    match question.kind:
        case Kind.NUMBER:
            return _NUMBERS.map(float)
        case Kind.SCALE:
            return st.sampled_from(question.steps).map(float)
        case Kind.DATE:
            return _DAYS
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return TEXTS
    offered = st.sampled_from([choice.value for choice in question.options])
    if operator in (Operator.ANY_OF, Operator.ALL_OF):
        return st.lists(offered, min_size=1, max_size=3, unique=True).map(tuple)
    return offered


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A whole form of one to three pages."""
    earlier: list[Question] = []
    names = (f"n{number}" for number in range(1000))

    def condition() -> Condition | None:
        return draw(conditions(list(earlier))) if earlier and draw(st.integers(0, 2)) == 0 else None

    def question() -> Question:
        kind = draw(st.sampled_from(Kind))
        flags = st.frozensets(st.sampled_from(Flag), max_size=2)
        made = Question(
            name=f"{next(names)}{draw(st.sampled_from(('', '_a', 'B')))}",
            kind=kind,
            title=draw(BOTH),
            help=Localised() if kind is Kind.NOTE else draw(MAYBE),
            is_required=kind is not Kind.NOTE and draw(st.booleans()),
            visible_if=condition(),
            flags=frozenset() if kind is Kind.NOTE else draw(flags),
            **draw(_particulars(kind)),
        )
        if kind is not Kind.NOTE:
            earlier.append(made)
        return made

    def element() -> Question | Section:
        if draw(st.integers(0, 3)):
            return question()
        holds = condition()
        head: dict[str, Any] = {"name": next(names), "title": draw(BOTH), "help": draw(MAYBE)}
        inner = tuple(question() for _ in range(draw(st.integers(1, 2))))
        return Section(**head, visible_if=holds, questions=inner)

    def page() -> Page:
        holds = condition()
        head: dict[str, Any] = {"name": next(names), "title": draw(MAYBE), "help": draw(MAYBE)}
        return Page(
            **head, visible_if=holds, elements=tuple(element() for _ in range(draw(st.integers(1, 3))))
        )

    head = {"title": draw(BOTH), "intro": draw(MAYBE), "thanks": draw(MAYBE)}
    pages = tuple(page() for _ in range(draw(st.integers(1, 3))))
    assume(earlier)  # A form that asks nothing is refused.
    return Definition(**head, pages=pages)


def answers(question: Question) -> st.SearchStrategy[Any]:
    """An answer that fits this question."""
    match question.kind:
        case Kind.NUMBER:
            return _NUMBERS
        case Kind.SCALE:
            return st.sampled_from(question.steps)
        case Kind.DATE:
            return _DAYS
        case Kind.SHORT_TEXT | Kind.LONG_TEXT:
            return TEXTS
    offered = st.sampled_from([choice.value for choice in question.options])
    if question.kind is Kind.MATRIX:
        return st.dictionaries(st.sampled_from([row.value for row in question.rows]), offered, min_size=1)
    if question.kind is Kind.SINGLE:
        return offered
    if question.kind is Kind.RANKING:  # SurveyJS ranks all or nothing.
        return st.permutations([choice.value for choice in question.choices])
    return st.lists(offered, min_size=1, max_size=4, unique=True)
