"""Whether a definition can be asked: every fault, with the question, section or page where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engage.db.types import Localised
from engage.survey.conditions import Condition, comparisons
from engage.survey.definition import (
    MOST_CHOICES,
    MOST_QUESTIONS,
    NAME,
    VALUE,
    Choice,
    Definition,
    Flag,
    Kind,
    Page,
    Question,
    Section,
)


class Fault(StrEnum):
    """What keeps a form from being asked."""

    NO_QUESTIONS = "no_questions"
    TOO_MANY_QUESTIONS = "too_many_questions"
    BAD_NAME = "bad_name"
    SAME_NAME = "same_name"
    EMPTY_PAGE = "empty_page"
    NO_TITLE = "no_title"
    UNTRANSLATED = "untranslated"
    NO_CHOICES = "no_choices"
    TOO_MANY_CHOICES = "too_many_choices"
    BAD_VALUE = "bad_value"
    SAME_VALUE = "same_value"
    NO_ROWS = "no_rows"
    BAD_BOUNDS = "bad_bounds"
    BAD_SCALE = "bad_scale"
    UNKNOWN_QUESTION = "unknown_question"
    LATER_QUESTION = "later_question"
    UNKNOWN_VALUE = "unknown_value"
    REQUIRED_DEMOGRAPHIC = "required_demographic"
    DEMOGRAPHIC_WITHOUT_REFUSAL = "demographic_without_refusal"
    DEMOGRAPHIC_WITHOUT_PURPOSE = "demographic_without_purpose"
    BREAKDOWN_UNCOUNTED = "breakdown_uncounted"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault, the name of what has it (empty: the form as a whole), and what in it, such as a value."""

    fault: Fault
    where: str = ""
    what: str = ""


_MOST_STEPS = 20


def faults(definition: Definition, *, is_public: bool = False) -> list[Found]:
    """Everything that is wrong. ``is_public``: also what only keeps it from being published, untranslated
    texts."""
    found = [*_of_the_whole(definition), *_of_conditions(definition)]
    for question in definition.questions():
        found.extend(_of_question(question))
    if is_public:
        found.extend(
            Found(Fault.UNTRANSLATED, where, text.best("en")[0])
            for where, text in texts(definition)
            if text and not text.is_complete
        )
    return found


def texts(definition: Definition) -> Iterator[tuple[str, Localised]]:
    """Every text that a resident reads, with the name of what it belongs to."""
    yield from (("", text) for text in (definition.title, definition.intro, definition.thanks))
    for page in definition.pages:
        yield from ((page.name, text) for text in (page.title, page.help))
        for element in page.elements:
            if isinstance(element, Section):
                yield from ((element.name, text) for text in (element.title, element.help))
        for question in page.questions():
            yield from ((question.name, text) for text in _texts_of(question))


def _texts_of(question: Question) -> Iterator[Localised]:
    yield from (question.title, question.help, question.low_text, question.high_text)
    yield from (question.other_text, question.none_text, question.refuse_text)
    yield from (choice.text for choice in (*question.choices, *question.rows))


def _of_the_whole(definition: Definition) -> Iterator[Found]:
    if not definition.title:
        yield Found(Fault.NO_TITLE)
    asked = [question for question in definition.questions() if question.kind is not Kind.NOTE]
    if not asked:
        yield Found(Fault.NO_QUESTIONS)
    if len(list(definition.questions())) > MOST_QUESTIONS:
        yield Found(Fault.TOO_MANY_QUESTIONS)
    names = Counter(name.lower() for name in _names(definition))  # XLSForm and SQL tell no capitals apart.
    for name in _names(definition):
        if not NAME.fullmatch(name):
            yield Found(Fault.BAD_NAME, name)
    yield from (Found(Fault.SAME_NAME, name) for name, times in names.items() if times > 1)
    yield from (Found(Fault.EMPTY_PAGE, page.name) for page in definition.pages if not page.elements)


def _names(definition: Definition) -> Iterator[str]:
    for page in definition.pages:
        yield page.name
        yield from (element.name for element in page.elements)
        for element in page.elements:
            if isinstance(element, Section):
                yield from (question.name for question in element.questions)


def _of_question(question: Question) -> Iterator[Found]:
    if not question.title:
        yield Found(Fault.NO_TITLE, question.name)
    for check in (_of_choices, _of_bounds, _of_flags):
        yield from check(question)


def _of_choices(question: Question) -> Iterator[Found]:
    needs = question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING, Kind.MATRIX)
    if needs and not question.choices:
        yield Found(Fault.NO_CHOICES, question.name)
    if question.kind is Kind.MATRIX and not question.rows:
        yield Found(Fault.NO_ROWS, question.name)
    for listed in (question.options if needs else (), question.rows):
        yield from _of_list(question, listed)


def _of_list(question: Question, listed: tuple[Choice, ...]) -> Iterator[Found]:
    if len(listed) > MOST_CHOICES:
        yield Found(Fault.TOO_MANY_CHOICES, question.name)
    times = Counter(choice.value.lower() for choice in listed)
    yield from (Found(Fault.SAME_VALUE, question.name, value) for value, count in times.items() if count > 1)
    for choice in listed:
        if not VALUE.fullmatch(choice.value):
            yield Found(Fault.BAD_VALUE, question.name, choice.value)
        if not choice.text:
            yield Found(Fault.NO_TITLE, question.name, choice.value)


def _of_bounds(question: Question) -> Iterator[Found]:
    read: dict[Kind, Callable[[str], object]] = {
        Kind.NUMBER: float,
        Kind.DATE: date.fromisoformat,
        Kind.SCALE: int,
    }
    if question.kind not in read:
        return
    try:
        bounds = [read[question.kind](bound) for bound in (question.minimum, question.maximum) if bound]
    except ValueError:
        yield Found(Fault.BAD_BOUNDS, question.name)
        return
    if len(bounds) == 2 and bounds[0] > bounds[1]:  # type: ignore[operator]
        yield Found(Fault.BAD_BOUNDS, question.name)
    elif question.kind is Kind.SCALE and not 2 <= len(question.steps) <= _MOST_STEPS:
        yield Found(Fault.BAD_SCALE, question.name)


def _of_flags(question: Question) -> Iterator[Found]:
    if Flag.BREAKDOWN in question.flags and question.kind not in (Kind.SINGLE, Kind.SCALE):
        yield Found(Fault.BREAKDOWN_UNCOUNTED, question.name)
    if Flag.DEMOGRAPHIC not in question.flags:
        return
    if question.is_required:
        yield Found(Fault.REQUIRED_DEMOGRAPHIC, question.name)
    if not question.help:
        yield Found(Fault.DEMOGRAPHIC_WITHOUT_PURPOSE, question.name)
    if question.kind in (Kind.SINGLE, Kind.MULTIPLE) and not question.refuse:
        yield Found(Fault.DEMOGRAPHIC_WITHOUT_REFUSAL, question.name)


def _of_conditions(definition: Definition) -> Iterator[Found]:
    earlier: dict[str, Question] = {}
    for page in definition.pages:
        yield from _of_condition(definition, page, earlier)
        for element in page.elements:
            yield from _of_condition(definition, element, earlier)
            for question in element.questions if isinstance(element, Section) else ():
                yield from _of_condition(definition, question, earlier)
                earlier[question.name] = question
            if isinstance(element, Question):
                earlier[element.name] = element


def _of_condition(
    definition: Definition, holder: Page | Section | Question, earlier: dict[str, Question]
) -> Iterator[Found]:
    condition: Condition | None = holder.visible_if
    for one in comparisons(condition) if condition is not None else ():
        if definition.question(one.question) is None:
            yield Found(Fault.UNKNOWN_QUESTION, holder.name, one.question)
        elif one.question not in earlier:
            yield Found(Fault.LATER_QUESTION, holder.name, one.question)
        else:
            yield from _of_values(holder.name, earlier[one.question], one.row, one.value)


def _of_values(where: str, question: Question, row: str | None, value: object) -> Iterator[Found]:
    if row is not None and row not in {known.value for known in question.rows}:
        yield Found(Fault.UNKNOWN_VALUE, where, row)
    if not question.is_counted or value is None:
        return
    offered = {choice.value for choice in question.options}
    for named in value if isinstance(value, tuple) else (value,):
        spelled = f"{named:g}" if isinstance(named, float) else str(named)
        spelled = spelled.lower() if isinstance(named, bool) else spelled
        if question.kind is not Kind.SCALE and spelled not in offered:
            yield Found(Fault.UNKNOWN_VALUE, where, spelled)
