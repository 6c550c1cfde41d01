"""One form through its versions: which questions are the same, what changed, what may stand in rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engage.survey.conditions import Condition, comparisons
from engage.survey.definition import Definition, Flag, Kind, Question, Section

Signature = tuple[Kind, tuple[str, ...], tuple[str, ...]]


class Withheld(StrEnum):
    """Why the answers to a question stand in no row that tells one person's answers.

    ASKED_BY_CONFIDENTIAL: it is only asked of those who answered a confidential question in a certain way,
    so that having answered it at all would tell what they answered there.
    """

    CONFIDENTIAL = "confidential"
    DEMOGRAPHIC = "demographic"
    ASKED_BY_CONFIDENTIAL = "asked_by_confidential"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question in all versions that ask it the same: of the same kind, with the same choices.

    ``key`` is its name, and from the second such question of that name on ``NAME@VERSION``, as in
    ``engage.feedback.results``. ``question`` is it as the newest of ``versions`` asks it.
    """

    key: str
    question: Question
    versions: tuple[int, ...]
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version asks otherwise than the one before it; names of questions in the order asked."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def same_questions(versions: Mapping[int, Definition]) -> dict[str, dict[int, Question]]:
    """By key: the questions that are one, by version; the newest version's first, then those asked no more.

    This is what a key of ``engage.feedback.results`` means: counting, pages and files all go by it.
    """
    groups: dict[tuple[str, Signature], dict[int, Question]] = {}
    places: dict[tuple[str, Signature], tuple[int, int]] = {}
    for number in sorted(versions):
        for place, question in enumerate(versions[number].questions()):
            if question.kind is not Kind.NOTE:
                same = (question.name, signature(question))
                groups.setdefault(same, {})[number] = question
                places[same] = (-number, place)
    keys: dict[tuple[str, Signature], str] = {}
    names: set[str] = set()
    # Groups stand in the order of their first versions: whichever asked first has the plain name.
    for same, group in groups.items():
        name = same[0]
        keys[same] = f"{name}@{min(group)}" if name in names else name
        names.add(name)
    return {keys[same]: groups[same] for same in sorted(groups, key=places.__getitem__)}


def across(versions: Mapping[int, Definition]) -> tuple[Asked, ...]:
    """The questions of all versions, as ``same_questions`` orders them."""
    withheld = {number: withheld_questions(one) for number, one in versions.items()}
    found = []
    for key, group in same_questions(versions).items():
        newest_first = sorted(group, reverse=True)
        question = group[newest_first[0]]
        # What was promised to those who answered one version is kept for all of them.
        reasons = [withheld[number].get(question.name) for number in newest_first]
        reason = next((one for one in reasons if one is not None), None)
        found.append(Asked(key, question, tuple(sorted(group)), reason))
    return tuple(found)


def signature(question: Question) -> Signature:
    """What makes answers comparable: the kind, what can be chosen, and the rows."""
    options = tuple(sorted(choice.value for choice in question.options))
    return question.kind, options, tuple(sorted(row.value for row in question.rows))


def changes(before: Definition, after: Definition) -> Changes:
    """What one version asks otherwise than the one before it."""
    old = {question.name: question for question in before.questions()}
    new = {question.name: question for question in after.questions()}
    return Changes(
        added=tuple(name for name in new if name not in old),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
        dropped=tuple(name for name in old if name not in new),
    )


def withheld_questions(definition: Definition) -> dict[str, Withheld]:
    """The questions whose answers stand in no row, each with the reason."""
    withheld: dict[str, Withheld] = {}
    for question in definition.questions():
        if Flag.DEMOGRAPHIC in question.flags:
            withheld[question.name] = Withheld.DEMOGRAPHIC
        elif question.is_confidential:
            withheld[question.name] = Withheld.CONFIDENTIAL
    # Conditions look back only, so that one pass in the order of the questions finds all.
    for question, conditions in _conditions(definition):
        if question.name not in withheld and _names_in(conditions) & withheld.keys():
            withheld[question.name] = Withheld.ASKED_BY_CONFIDENTIAL
    return withheld


def _conditions(definition: Definition) -> Iterator[tuple[Question, Sequence[Condition | None]]]:
    for page in definition.pages:
        for element in page.elements:
            if isinstance(element, Section):
                above = (page.visible_if, element.visible_if)
                yield from ((one, (*above, one.visible_if)) for one in element.questions)
            else:
                yield element, (page.visible_if, element.visible_if)


def _names_in(conditions: Iterable[Condition | None]) -> set[str]:
    """Names as the condition spells them, and the question that a comment belongs to."""
    return {
        comparison.question.removesuffix("-Comment")
        for condition in conditions
        if condition is not None
        for comparison in comparisons(condition)
    }
