"""The way of one person through a form: which page comes next, and which answers go along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from engage.survey.answers import asked
from engage.survey.definition import Definition, Kind, Page, Question
from engage.survey.posted import field_name, written

_SECONDS = {Kind.LONG_TEXT: 75, Kind.SHORT_TEXT: 25, Kind.RANKING: 40, Kind.NOTE: 10}
_SECONDS_ELSE = 15
_SECONDS_A_ROW = 8


def pages_asked(definition: Definition, answers: Mapping[str, Any]) -> list[Page]:
    """The pages on which somebody with these answers is asked or told anything, in order."""
    return list({one.page.name: one.page for one in asked(definition, answers)}.values())


def next_page(definition: Definition, answers: Mapping[str, Any], page: Page) -> Page | None:
    """The page after this one; None after the last."""
    order = [one.name for one in definition.pages]
    later = order[order.index(page.name) + 1 :]
    return next((one for one in pages_asked(definition, answers) if one.name in later), None)


def previous_page(definition: Definition, answers: Mapping[str, Any], page: Page) -> Page | None:
    """The page before this one; None before the first."""
    order = [one.name for one in definition.pages]
    earlier = order[: order.index(page.name)]
    return next((one for one in reversed(pages_asked(definition, answers)) if one.name in earlier), None)


def sort_out(
    definition: Definition, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Question, ...]]:
    """The answers to what is asked, and the questions that were answered and no longer apply."""
    kept: dict[str, Any] = {}
    for one in asked(definition, answers):
        names = (one.question.name, one.question.comment_name)
        kept.update({name: answers[name] for name in names if name in answers})
    dropped = (one for one in definition.questions() if one.name in answers and one.name not in kept)
    return kept, tuple(dropped)


def written_all(
    definition: Definition, answers: Mapping[str, Any], *, but: Page | None = None
) -> Iterator[tuple[str, str]]:
    """The fields of all answers, for hidden inputs; without those of the page that shows them itself."""
    for page in definition.pages:
        if but is not None and page.name == but.name:
            continue
        for question in page.questions():
            if question.name in answers:
                yield from written(question, answers[question.name])
            if question.comment_name in answers:
                yield field_name(question, "Comment"), str(answers[question.comment_name])


def is_shorter_for_some(definition: Definition) -> bool:
    """Whether not everybody is asked every question."""
    elements = [element for page in definition.pages for element in page.elements]
    holders = (*definition.pages, *elements, *definition.questions())
    return any(holder.visible_if is not None for holder in holders)


def numbered(definition: Definition, visible: AbstractSet[str], page: Page) -> tuple[int, bool]:
    """The last number that was shown before this page, and whether numbers are left out on it."""
    numbers = definition.numbers()
    here = {question.name for question in page.questions()}
    names = [question.name for question in definition.questions() if question.name in numbers]
    first = next((numbers[name] for name in names if name in here), 1)
    before = max((numbers[name] for name in names if name in visible and numbers[name] < first), default=0)
    shown = [numbers[name] for name in names if name in here and name in visible]
    return before, shown != list(range(before + 1, before + 1 + len(shown)))


def minutes(definition: Definition) -> int:
    """About how many minutes it takes to answer everything; at least one."""
    seconds = sum(_seconds(question) for question in definition.questions())
    return max(1, round(seconds / 60))


def _seconds(question: Question) -> int:
    if question.kind is Kind.MATRIX:
        return _SECONDS_A_ROW * (len(question.rows) + 1)
    return _SECONDS.get(question.kind, _SECONDS_ELSE)
