"""A form as a sheet of paper: what the page of the sheet and the screen on which it is typed in share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import force_locale
from flask_babel import gettext as _

from engage.db.types import LANGUAGES, Localised
from engage.feedback.condition_words import in_words
from engage.feedback.models import FormVersion
from engage.survey.conditions import Condition
from engage.survey.definition import Definition, Kind, Page, Question, Section

_LINES = ((150, 2), (600, 4), (2000, 7))
"""Characters that an answer may have, and the lines that are drawn for it."""
_MOST_LINES = 9


def mark_of(version: FormVersion) -> str:
    """What stands on a sheet so that it is typed in as the version that it is: ``2-9F03AB``."""
    return f"{version.number}-{version.digest[:6].upper()}"


def lines_of(question: Question) -> int:
    """How many lines to write on."""
    if question.kind is not Kind.LONG_TEXT:
        return 1
    return next((lines for most, lines in _LINES if (question.longest or 10_000) <= most), _MOST_LINES)


def conditions_of(definition: Definition, language: str) -> Mapping[str, str]:
    """Who is asked a page, a section or a question, in words that name the others by their numbers."""
    numbered = by_numbers(definition)
    numbers = [_number_words(number).best(language)[0] for number in definition.numbers().values()]
    return {
        name: _unquoted(in_words(condition, numbered, language), numbers)
        for name, condition in _conditions(definition)
        if condition is not None
    }


def _unquoted(words: str, numbers: Sequence[str]) -> str:
    """A number is what a question is called, not what it says."""
    for number in numbers:
        words = words.replace(f"“{number}”", number)
    return words


def by_numbers(definition: Definition) -> Definition:
    """The same form, each question called by its printed number."""
    numbers = definition.numbers()

    def called(element: Question | Section) -> Question | Section:
        if isinstance(element, Section):
            return replace(element, questions=tuple(map(_called, element.questions)))
        return _called(element)

    def _called(question: Question) -> Question:
        number = numbers.get(question.name)
        if number is None:
            return question
        return replace(question, title=_number_words(number))

    pages = tuple(replace(page, elements=tuple(map(called, page.elements))) for page in definition.pages)
    return replace(definition, pages=pages)


def _number_words(number: int) -> Localised:
    words = {}
    for code in LANGUAGES:
        with force_locale(code):
            words[code] = str(_("Question %(number)s", number=number))
    return Localised(**words)


def _conditions(definition: Definition) -> list[tuple[str, Condition | None]]:
    holders: list[Page | Section | Question] = []
    for page in definition.pages:
        holders.append(page)
        for element in page.elements:
            holders.append(element)
            holders.extend(element.questions if isinstance(element, Section) else ())
    return [(holder.name, holder.visible_if) for holder in holders]
