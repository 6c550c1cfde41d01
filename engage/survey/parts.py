"""The parts of a definition: pages, sections and questions, found by name and changed one by one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

import regex

from engage.errors import EngageError
from engage.survey.conditions import Condition, comparisons
from engage.survey.definition import NAME, Definition, Page, Question, Section

Part = Page | Section | Question
Change = Callable[[Part], list[Part]]

_LONGEST_FRESH = 30


class UnknownPart(EngageError):
    """No part has this name."""


class DoesNotFit(EngageError):
    """A part cannot stand there: a page in a page, a section in a section."""


def parts(definition: Definition) -> Iterator[Part]:
    """Every part, in the order in which residents meet them."""
    for page in definition.pages:
        yield page
        for element in page.elements:
            yield element
            if isinstance(element, Section):
                yield from element.questions


def part(definition: Definition, name: str) -> Part:
    """The part of this name. Raises UnknownPart."""
    found = next((one for one in parts(definition) if one.name == name), None)
    if found is None:
        raise UnknownPart(f"Nothing is called “{name}”.")
    return found


def holder(definition: Definition, name: str) -> Page | Section | None:
    """What a part stands in; None for a page. Raises UnknownPart."""
    for page in definition.pages:
        if page.name == name:
            return None
        for element in page.elements:
            if element.name == name:
                return page
            if isinstance(element, Section) and any(one.name == name for one in element.questions):
                return element
    raise UnknownPart(f"Nothing is called “{name}”.")


def earlier(definition: Definition, name: str) -> tuple[Question, ...]:
    """The questions that a condition of this part can ask for: those that are asked before it."""
    found: list[Question] = []
    for one in parts(definition):
        if one.name == name:
            return tuple(found)
        if isinstance(one, Question):
            found.append(one)
    raise UnknownPart(f"Nothing is called “{name}”.")


def referring(definition: Definition, names: Collection[str]) -> tuple[str, ...]:
    """The names of the parts whose conditions ask for one of these questions."""
    return tuple(one.name for one in parts(definition) if _asks_for(one.visible_if, names))


def fresh_name(taken: Iterable[str], text: str, fallback: str) -> str:
    """A name made of a text that none of ``taken`` is: ``do_you_trust_it``, ``do_you_trust_it_2``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    base = "_".join(regex.findall("[a-z0-9]+", plain.replace("'", "")))
    if len(base) > _LONGEST_FRESH:
        base = base[: _LONGEST_FRESH + 1].rpartition("_")[0] or base[:_LONGEST_FRESH]
    if not NAME.fullmatch(base):
        base = f"{fallback}_{base}" if base else fallback
    return numbered(base, {name.lower() for name in taken})


def numbered(base: str, taken: Collection[str]) -> str:
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base[:34]}_{number}"
    return name


def names(definition: Definition) -> tuple[str, ...]:
    """The names of all parts."""
    return tuple(one.name for one in parts(definition))


def asked_by(condition: Condition | None) -> set[str]:
    return {one.question for one in comparisons(condition)} if condition is not None else set()


def _asks_for(condition: Condition | None, asked: Collection[str]) -> bool:
    return not asked_by(condition).isdisjoint(asked)


def within(one: Part) -> Iterator[Part]:
    yield one
    if isinstance(one, Page):
        for element in one.elements:
            yield from within(element)
    elif isinstance(one, Section):
        yield from one.questions


def questions_in(one: Section | Question) -> tuple[Question, ...]:
    return one.questions if isinstance(one, Section) else (one,)


def each(definition: Definition, change: Change) -> Definition:
    """Every part changed, from the outside in; what was put in the place of one is not changed again."""
    pages: list[Page] = []
    for page in definition.pages:
        for one in change(page):
            if not isinstance(one, Page):
                raise DoesNotFit("Only pages stand beside pages.")
            pages.append(_each_within(one, change) if one.name == page.name else one)
    return replace(definition, pages=tuple(pages))


def _each_within(page: Page, change: Change) -> Page:
    elements: list[Section | Question] = []
    for element in page.elements:
        for one in change(element):
            kept = only_element(one)
            if isinstance(kept, Section) and kept.name == element.name:
                inner = [only_question(new) for question in kept.questions for new in change(question)]
                kept = replace(kept, questions=tuple(inner))
            elements.append(kept)
    return replace(page, elements=tuple(elements))


def only_element(one: Part) -> Section | Question:
    if isinstance(one, Page):
        raise DoesNotFit("A page stands in nothing else.")
    return one


def only_question(one: Part) -> Question:
    if not isinstance(one, Question):
        raise DoesNotFit("Only questions stand in a section.")
    return one
