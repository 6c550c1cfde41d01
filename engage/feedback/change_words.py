"""What is said of the differences between two versions of a form, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.db.types import Localised
from engage.feedback import words
from engage.survey.changes import Change, Difference, Part, What
from engage.survey.conditions import Condition
from engage.survey.definition import Choice, Flag, Kind

HAPPENED: dict[tuple[What, Part], LazyString] = {
    (What.ADDED, Part.PAGE): _l("New page"),
    (What.ADDED, Part.SECTION): _l("New section"),
    (What.ADDED, Part.QUESTION): _l("New question"),
    (What.REMOVED, Part.PAGE): _l("Page taken out"),
    (What.REMOVED, Part.SECTION): _l("Section taken out"),
    (What.REMOVED, Part.QUESTION): _l("Question taken out"),
    (What.CHANGED, Part.FORM): _l("The form’s own texts changed"),
    (What.CHANGED, Part.PAGE): _l("Page changed"),
    (What.CHANGED, Part.SECTION): _l("Section changed"),
    (What.CHANGED, Part.QUESTION): _l("Question changed"),
    (What.MOVED, Part.PAGE): _l("Page moved"),
    (What.MOVED, Part.SECTION): _l("Section moved"),
    (What.MOVED, Part.QUESTION): _l("Question moved"),
}

PROPERTIES: dict[str, LazyString] = {
    "title": _l("Title"),
    "intro": _l("Introduction"),
    "thanks": _l("Thanks at the end"),
    "kind": _l("Kind of answer"),
    "help": _l("Help text"),
    "is_required": _l("Must be answered"),
    "visible_if": _l("Shown only if"),
    "choices": _l("Choices"),
    "rows": _l("Rows"),
    "other": _l("Offers “other”"),
    "other_text": _l("What “other” is called"),
    "none": _l("Offers “none of these”"),
    "none_text": _l("What “none of these” is called"),
    "refuse": _l("Offers “prefer not to say”"),
    "refuse_text": _l("What “prefer not to say” is called"),
    "minimum": _l("At least"),
    "maximum": _l("At most"),
    "low_text": _l("What the lowest step is called"),
    "high_text": _l("What the highest step is called"),
    "is_smileys": _l("Shown as faces too"),
    "most_choices": _l("Choices at most"),
    "longest": _l("Characters at most"),
    "flags": _l("How answers are treated"),
}
"""Every property of a form, page, section or question that can differ."""


Words = Callable[[Condition], str]
"""A condition in words: see ``condition_words.in_words_of``."""


def heading(change: Change) -> str:
    """What has happened, and to what by its short name."""
    happened = str(HAPPENED[change.what, change.part])
    return _("%(happened)s: %(name)s", happened=happened, name=change.name) if change.name else happened


def lines(difference: Difference, before: Words, after: Words) -> tuple[list[str], list[str]]:
    """What a property was and what it is, line by line; a line that stayed is in both.

    ``before`` and ``after`` say the conditions of either version.
    """
    return list(_said(difference.before, before)), list(_said(difference.after, after))


def _said(value: Any, condition: Words) -> Iterator[str]:
    if isinstance(value, Localised):
        yield from (text for text in (value.en, value.es) if text)
    elif isinstance(value, tuple):
        yield from (_choice(choice) for choice in value)
    elif isinstance(value, frozenset):
        yield from (str(words.FLAGS[flag]) for flag in Flag if flag in value)
    elif isinstance(value, Kind):
        yield str(words.KINDS[value])
    elif isinstance(value, bool):
        yield _("Yes") if value else _("No")
    elif isinstance(value, Condition):
        yield condition(value)
    elif value is not None:
        yield str(value)


def _choice(choice: Choice) -> str:
    return f"{choice.value}: {choice.text.en} / {choice.text.es}"
