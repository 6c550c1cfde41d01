"""Edits of a definition: each takes one and gives a new one. Pages, sections and questions are named parts.

What an edit gives can always be written and read again (``surveyjs``). It may have faults, which
``validity`` finds; but no two parts ever get the same name, and no condition loses its question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from engage.errors import EngageError
from engage.survey.conditions import AllOf, AnyOf, Comparison, Condition, Not
from engage.survey.definition import NAME, Definition, Page, Question, Section
from engage.survey.fitting import fitted
from engage.survey.parts import (
    DoesNotFit,
    Part,
    asked_by,
    each,
    fresh_name,
    holder,
    names,
    numbered,
    only_element,
    only_question,
    part,
    questions_in,
    referring,
    within,
)


class NameTaken(EngageError):
    """Another part has this name, in capitals or not."""


class InUse(EngageError):
    """Conditions ask for what was to go; ``holders`` are the names of the parts whose conditions they are."""

    def __init__(self, holders: Sequence[str]) -> None:
        super().__init__(f"Conditions refer to it: {', '.join(holders)}.")
        self.holders = tuple(holders)


def add(
    definition: Definition, new: Part, *, into: str | None = None, after: str | None = None
) -> Definition:
    """Put a part at the end of ``into`` (a page for a section, a page or section for a question), or behind
    the part called ``after`` in the same holder. Raises NameTaken, UnknownPart, DoesNotFit."""
    new = _fitted(new)
    _need_free(definition, [one.name for one in within(new)])
    return _placed(definition, new, into, after)


def replace_part(definition: Definition, name: str, new: Part) -> Definition:
    """Put another part in the place of one. Conditions follow a new name. Raises NameTaken, UnknownPart,
    DoesNotFit."""
    old, new = part(definition, name), _fitted(new)
    if isinstance(old, Page) != isinstance(new, Page) or isinstance(old, Section) != isinstance(new, Section):
        raise DoesNotFit("A part can be replaced only by one of its sort.")
    gone = {one.name for one in within(old)}
    _need_free(definition, [one.name for one in within(new)], but=gone)
    changed = each(definition, lambda one: [new] if one is old else [one])
    return _with_names(changed, {name: new.name}) if new.name != name else changed


def rename(definition: Definition, name: str, to: str) -> Definition:
    """Call a part otherwise; conditions follow. Raises NameTaken, UnknownPart."""
    return replace_part(definition, name, replace(part(definition, name), name=to))


def remove(definition: Definition, name: str) -> Definition:
    """Take a part out, with all that is in it. Raises InUse, UnknownPart."""
    gone = part(definition, name)
    inside = {one.name for one in within(gone)}
    holders = [one for one in referring(definition, inside) if one not in inside]
    if holders:
        raise InUse(holders)
    return _without(definition, gone)


# Moving.


def move(definition: Definition, name: str, *, by: int) -> Definition:
    """One place up (``by`` −1) or down (1), into and out of sections and from page to page; nothing happens
    at the ends. Raises UnknownPart."""
    moved = part(definition, name)
    if isinstance(moved, Page):
        return replace(definition, pages=_shifted(definition.pages, moved, by))
    inside = holder(definition, name)
    siblings: Sequence[Part] = inside.elements if isinstance(inside, Page) else _questions_of(inside)
    place = siblings.index(moved)
    beside = siblings[place + by] if 0 <= place + by < len(siblings) else None
    if isinstance(beside, Section) and isinstance(moved, Question):
        return _into(_without(definition, moved), beside.name, moved, is_first=by > 0)
    if beside is not None:
        return _swapped(definition, moved, beside)
    if isinstance(inside, Section):
        return _beside(_without(definition, moved), inside.name, moved, by)
    return _to_next_page(definition, moved, by)


def move_to(definition: Definition, name: str, into: str) -> Definition:
    """To the end of a page, or of a section. Raises UnknownPart, DoesNotFit."""
    moved = part(definition, name)
    if isinstance(moved, Page) or name == into:
        raise DoesNotFit("A page stands in nothing else.")
    if isinstance(part(definition, into), Question):  # Perhaps one of the section that is moved.
        raise DoesNotFit("A question holds nothing.")
    return _into(_without(definition, moved), into, moved, is_first=False)


def _to_next_page(definition: Definition, moved: Part, by: int) -> Definition:
    place = next(
        number for number, page in enumerate(definition.pages) if any(one is moved for one in page.elements)
    )
    if not 0 <= place + by < len(definition.pages):
        return definition
    return _into(_without(definition, moved), definition.pages[place + by].name, moved, is_first=by > 0)


def _shifted(pages: tuple[Page, ...], moved: Page, by: int) -> tuple[Page, ...]:
    place = pages.index(moved)
    to = min(max(place + by, 0), len(pages) - 1)
    rest = [page for page in pages if page is not moved]
    return (*rest[:to], moved, *rest[to:])


def _swapped(definition: Definition, one: Part, other: Part) -> Definition:
    swap = {id(one): other, id(other): one}
    return each(definition, lambda part: [swap.get(id(part), part)])


def _beside(definition: Definition, name: str, moved: Part, by: int) -> Definition:
    def beside(one: Part) -> list[Part]:
        if one.name != name:
            return [one]
        return [moved, one] if by < 0 else [one, moved]

    return each(definition, beside)


# Copies, and what comes from elsewhere.


def duplicate(definition: Definition, name: str) -> tuple[Definition, str]:
    """A copy behind a part, under fresh names; what its own conditions ask for within it is the copy. Gives
    the copy's name too. Raises UnknownPart."""
    (copy,) = _with_fresh_names(definition, [part(definition, name)])
    return _placed(definition, copy, None, name), copy.name


@dataclass(frozen=True, slots=True)
class Inserted:
    """What came of taking parts from elsewhere: the new names, and those whose condition stayed behind
    because what it asked for did not come along."""

    definition: Definition
    names: tuple[str, ...]
    unconditional: tuple[str, ...]


def insert(definition: Definition, new: Sequence[Section | Question], *, into: str) -> Inserted:
    """Put parts from another definition at the end of a page or section, under names that nothing has. In a
    section, sections give their questions. Raises UnknownPart, DoesNotFit."""
    where = part(definition, into)
    if isinstance(where, Section):
        new = [one for element in new for one in questions_in(element)]
    came = {one.name for element in new for one in questions_in(element)}
    bare = {
        one.name
        for element in new
        for one in within(element)
        if one.visible_if is not None and asked_by(one.visible_if) - came
    }
    renamed = _with_fresh_names(definition, [_unconditional(one, bare) for one in new])
    old = [one.name for element in new for one in within(element)]
    now = [one.name for element in renamed for one in within(element)]
    for element in renamed:
        definition = _placed(definition, _fitted(element), into, None)
    lost = tuple(after for before, after in zip(old, now, strict=True) if before in bare)
    return Inserted(definition, tuple(one.name for one in renamed), lost)


def repaired(definition: Definition) -> Definition:
    """The same with names by which every part can be called: what has none that can stand in an address, or
    one that another part has already, gets a fresh one."""
    taken: set[str] = set()
    every = names(definition)

    def named(one: Part) -> Part:
        name = one.name
        if not NAME.fullmatch(name) or name.lower() in taken:
            name = fresh_name([*taken, *every], name, _FALLBACKS[type(one)])
        taken.add(name.lower())
        if isinstance(one, Page):
            one = replace(one, elements=tuple(only_element(named(element)) for element in one.elements))
        elif isinstance(one, Section):
            one = replace(one, questions=tuple(only_question(named(inner)) for inner in one.questions))
        return one if name == one.name else replace(one, name=name)

    pages = [named(page) for page in definition.pages]
    return replace(definition, pages=tuple(page for page in pages if isinstance(page, Page)))


_FALLBACKS: dict[type, str] = {Page: "page", Section: "section", Question: "question"}


def _unconditional(one: Part, bare: Collection[str]) -> Part:
    if isinstance(one, Section):
        one = replace(one, questions=tuple(only_question(_unconditional(q, bare)) for q in one.questions))
    return replace(one, visible_if=None) if one.name in bare else one


def _with_fresh_names(definition: Definition, new: Sequence[Part]) -> list[Part]:
    taken = {name.lower() for name in names(definition)}
    fresh: dict[str, str] = {}
    for one in (inner for element in new for inner in within(element)):
        fresh[one.name] = numbered(one.name, taken)
        taken.add(fresh[one.name].lower())
    # Only what comes along is called otherwise: a condition may ask for what stood here before.
    return [_renamed(element, fresh) for element in new]


def renamed_condition(condition: Condition, to: Mapping[str, str]) -> Condition:
    """A condition that asks for the same questions under other names."""
    match condition:
        case Comparison():
            return replace(condition, question=to.get(condition.question, condition.question))
        case Not(operand):
            return Not(renamed_condition(operand, to))
        case AllOf(operands):
            return AllOf(tuple(renamed_condition(operand, to) for operand in operands))
        case AnyOf(operands):
            return AnyOf(tuple(renamed_condition(operand, to) for operand in operands))
    assert_never(condition)


def _renamed(one: Part, to: Mapping[str, str]) -> Part:
    if isinstance(one, Page):
        elements = tuple(only_element(_renamed(element, to)) for element in one.elements)
        one = replace(one, elements=elements)
    elif isinstance(one, Section):
        one = replace(one, questions=tuple(only_question(_renamed(inner, to)) for inner in one.questions))
    condition = one.visible_if
    if condition is not None:
        one = replace(one, visible_if=renamed_condition(condition, to))
    return replace(one, name=to.get(one.name, one.name))


def _with_names(definition: Definition, to: Mapping[str, str]) -> Definition:
    pages = tuple(_renamed(page, to) for page in definition.pages)
    return replace(definition, pages=tuple(page for page in pages if isinstance(page, Page)))


def _need_free(definition: Definition, wanted: Sequence[str], but: Collection[str] = ()) -> None:
    taken = {name.lower() for name in names(definition) if name not in but}
    for name in wanted:
        if name.lower() in taken:
            raise NameTaken(f"Something else is called “{name}” already.")
        taken.add(name.lower())


def _fitted(one: Part) -> Part:
    if isinstance(one, Question):
        return fitted(one)
    if isinstance(one, Section):
        return replace(one, questions=tuple(fitted(inner) for inner in one.questions))
    return replace(one, elements=tuple(only_element(_fitted(element)) for element in one.elements))


def _placed(definition: Definition, new: Part, into: str | None, after: str | None) -> Definition:
    if isinstance(new, Page):
        pages = [page.name for page in definition.pages]
        place = pages.index(after) + 1 if after in pages else len(pages)
        return replace(definition, pages=(*definition.pages[:place], new, *definition.pages[place:]))
    if after is not None:
        part(definition, after)
        return _beside(definition, after, new, 1)
    part(definition, into or "")
    return _into(definition, into or "", new, is_first=False)


def _into(definition: Definition, name: str, new: Part, *, is_first: bool) -> Definition:
    def filled(one: Part) -> list[Part]:
        if one.name != name:
            return [one]
        if isinstance(one, Page):
            elements = (only_element(new), *one.elements) if is_first else (*one.elements, only_element(new))
            return [replace(one, elements=elements)]
        if isinstance(one, Section):
            question = only_question(new)
            inner = (question, *one.questions) if is_first else (*one.questions, question)
            return [replace(one, questions=inner)]
        raise DoesNotFit("A question holds nothing.")

    return each(definition, filled)


def _without(definition: Definition, gone: Part) -> Definition:
    return each(definition, lambda one: [] if one is gone else [one])


def _questions_of(section: Page | Section | None) -> tuple[Question, ...]:
    return section.questions if isinstance(section, Section) else ()
