"""What is different between two definitions: which questions, sections and pages, and what of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from engage.db.types import Localised
from engage.survey.definition import Definition, Page, Question, Section

Element = Page | Section | Question

_CHILDREN = ("pages", "elements", "questions", "name")
"""What is compared by itself: every part stands for itself, under its name."""


class What(StrEnum):
    """What has happened to a part of a definition."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Part(StrEnum):
    """What has changed."""

    FORM = "form"
    PAGE = "page"
    SECTION = "section"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of a part. ``name`` is that of its field; the values are as the definition has them."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What has happened to one part; ``title`` is the newer one. Only CHANGED has ``differences``."""

    what: What
    part: Part
    name: str = ""
    title: Localised = field(default_factory=Localised)
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part, and the names of what holds it."""

    part: Part
    element: Element
    within: tuple[str, ...]

    @property
    def key(self) -> tuple[Part, str]:
        return self.part, self.element.name


def changes(before: Definition, after: Definition) -> list[Change]:
    """Everything that is different; nothing for equal definitions, something for others.

    A part is known by its name: one that was renamed is gone, and a new one is there.
    """
    old = {placed.key: placed for placed in _parts(before)}
    new = {placed.key: placed for placed in _parts(after)}
    of_form = _differences(before, after)
    found = [Change(What.CHANGED, Part.FORM, "", after.title, of_form)] if of_form else []
    found += [_change(What.REMOVED, placed) for key, placed in old.items() if key not in new]
    moved = _moved(old, new)
    for key, placed in new.items():
        if key not in old:
            found.append(_change(What.ADDED, placed))
            continue
        if different := _differences(old[key].element, placed.element):
            found.append(_change(What.CHANGED, placed, different))
        if key in moved:
            found.append(_change(What.MOVED, placed))
    return found


def _parts(definition: Definition) -> Iterator[_Placed]:
    for page in definition.pages:
        yield _Placed(Part.PAGE, page, ())
        for element in page.elements:
            if isinstance(element, Section):
                yield _Placed(Part.SECTION, element, (page.name,))
                for question in element.questions:
                    yield _Placed(Part.QUESTION, question, (page.name, element.name))
            else:
                yield _Placed(Part.QUESTION, element, (page.name,))


def _change(what: What, placed: _Placed, differences: tuple[Difference, ...] = ()) -> Change:
    return Change(what, placed.part, placed.element.name, placed.element.title, differences)


def _differences(before: Element | Definition, after: Element | Definition) -> tuple[Difference, ...]:
    pairs = (
        Difference(one.name, getattr(before, one.name), getattr(after, one.name))
        for one in fields(after)
        if one.name not in _CHILDREN
    )
    return tuple(pair for pair in pairs if pair.before != pair.after)


def _moved(
    old: dict[tuple[Part, str], _Placed], new: dict[tuple[Part, str], _Placed]
) -> set[tuple[Part, str]]:
    """Those that stand elsewhere, or in another order among those that stayed."""
    stayed = [key for key in new if key in old]
    moved = {key for key in stayed if old[key].within != new[key].within}
    for part in Part:
        order = _orders(part, stayed)
        moved |= _out_of_order([key for key in old if order(key)], [key for key in stayed if order(key)])
    return moved


def _orders(part: Part, stayed: Sequence[tuple[Part, str]]) -> Callable[[tuple[Part, str]], bool]:
    known = set(stayed)
    return lambda key: key in known and key[0] is part


def _out_of_order(before: list[tuple[Part, str]], after: list[tuple[Part, str]]) -> set[tuple[Part, str]]:
    kept = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    in_order = {key for block in kept for key in after[block.b : block.b + block.size]}
    return set(after) - in_order
