"""What is said of a definition that cannot be asked, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.survey.definition import MOST_CHOICES, MOST_QUESTIONS, Definition
from engage.survey.validity import Fault, Found

FAULTS: dict[Fault, LazyString] = {
    Fault.NO_QUESTIONS: _l("It asks nothing yet. Add a question."),
    Fault.TOO_MANY_QUESTIONS: _l("It asks more than %(most)s questions.", most=MOST_QUESTIONS),
    Fault.BAD_NAME: _l(
        "Its short name has to begin with a letter and may have letters, digits and underscores only, 40 at "
        "most."
    ),
    Fault.SAME_NAME: _l("Another question, section or page has the same short name."),
    Fault.EMPTY_PAGE: _l("There is nothing on this page. Put a question on it, or remove the page."),
    Fault.NO_TITLE: _l("It has no title."),
    Fault.UNTRANSLATED: _l("A text is there in one language only."),
    Fault.NO_CHOICES: _l("It offers nothing to choose from."),
    Fault.TOO_MANY_CHOICES: _l("It offers more than %(most)s choices.", most=MOST_CHOICES),
    Fault.BAD_VALUE: _l(
        "The value of a choice has to begin with a letter or digit and may have letters, digits, dots, "
        "hyphens and underscores only, 60 at most."
    ),
    Fault.SAME_VALUE: _l("Two choices have the same value."),
    Fault.NO_ROWS: _l("It has no rows."),
    Fault.BAD_BOUNDS: _l("What it allows at least and at most does not fit together, or cannot be read."),
    Fault.BAD_SCALE: _l("The scale needs from 2 to 20 steps."),
    Fault.UNKNOWN_QUESTION: _l("It is shown by the answer to a question that does not exist."),
    Fault.LATER_QUESTION: _l("It is shown by the answer to a question that is not asked before it."),
    Fault.UNKNOWN_VALUE: _l("It is shown by an answer that the earlier question does not offer."),
    Fault.REQUIRED_DEMOGRAPHIC: _l("It asks about the person, so nobody may be required to answer it."),
    Fault.DEMOGRAPHIC_WITHOUT_REFUSAL: _l(
        "It asks about the person, so it has to offer “prefer not to say”."
    ),
    Fault.DEMOGRAPHIC_WITHOUT_PURPOSE: _l(
        "It asks about the person, so its help text has to say what the answer is for."
    ),
    Fault.BREAKDOWN_UNCOUNTED: _l(
        "Other results can be told only by a single choice or a scale, and this question is neither."
    ),
}
"""Each fault as one sentence about what has it."""


def say(found: Found, definition: Definition | None = None) -> str:
    """A fault as a sentence: what has it, by its short name, what is wrong, and in what.

    A page is called by its place in ``definition``: nobody has given it its name.
    """
    said = bare(found)
    if not found.where:
        return str(_("The form as a whole: %(said)s", said=said))
    return str(_("“%(name)s”: %(said)s", name=_called(found.where, definition), said=said))


def bare(found: Found) -> str:
    """What is wrong, and in what, for a place that says already what has it."""
    said = str(FAULTS[found.fault])
    return str(_("%(said)s It is this: “%(what)s”.", said=said, what=found.what)) if found.what else said


def is_of_texts(found: Found) -> bool:
    """Whether it is mended where the form's own texts are written."""
    return not found.where and found.fault in (Fault.NO_TITLE, Fault.UNTRANSLATED)


def _called(name: str, definition: Definition | None) -> str:
    pages = [page.name for page in definition.pages] if definition is not None else []
    return str(_("Page %(number)s", number=pages.index(name) + 1)) if name in pages else name
