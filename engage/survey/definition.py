"""What a form asks: pages, sections, questions, choices. Values that never change; an edit makes new ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from engage.db.types import Localised
from engage.survey.conditions import Condition

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""What a question, page or section may be called: fits SurveyJS, XLSForm, a column of a table alike."""

VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
"""What the value of a choice may be: no spaces, which XLSForm's lists could not carry."""

MOST_QUESTIONS = 200
MOST_CHOICES = 300
LONGEST_ANSWER = 10_000
"""The most characters that an answer in words may have, whatever its question says."""

OTHER, NONE, REFUSED = "other", "none", "refused"
"""The values of SurveyJS' special choices."""


class Kind(StrEnum):
    """What sort of answer a question takes."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    MATRIX = "matrix"
    RANKING = "ranking"
    NOTE = "note"


class Flag(StrEnum):
    """What staff say of a question beside what it asks.

    CONFIDENTIAL: its answers are counted and never shown one by one, to nobody. DEMOGRAPHIC: it asks about
    the person; always optional, with a way to say nothing, its purpose in the help text, and confidential.
    BREAKDOWN: the other questions are told by its answers too.
    """

    CONFIDENTIAL = "confidential"
    DEMOGRAPHIC = "demographic"
    BREAKDOWN = "breakdown"


TEXTS = frozenset({Kind.SHORT_TEXT, Kind.LONG_TEXT})
CHOSEN = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING})
"""Kinds whose answers are values of ``choices``."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: a row or column of a matrix too."""

    value: str
    text: Localised


_SPECIAL = {
    OTHER: Localised("Other", "Otra respuesta"),
    NONE: Localised("None of these", "Ninguna de estas"),
    REFUSED: Localised("Prefer not to say", "Prefiero no responder"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    ``choices`` are the columns of a matrix, whose ``rows`` are asked one by one. ``other``, ``none`` and
    ``refuse`` offer SurveyJS' special choices, ``*_text`` what they are called where not as usual; who
    chooses *other* writes it into an answer called ``NAME-Comment``. ``minimum`` and ``maximum`` bound a
    number ("0", "2.5"), a date ("2026-11-26") or the steps of a scale (1 to 5). ``is_smileys``: the steps
    are shown as faces too. ``most_choices`` bounds a multiple choice, ``longest`` the characters of a text.
    """

    name: str
    kind: Kind
    title: Localised = field(default_factory=Localised)
    help: Localised = field(default_factory=Localised)
    is_required: bool = False
    visible_if: Condition | None = None
    choices: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    other: bool = False
    other_text: Localised = field(default_factory=Localised)
    none: bool = False
    none_text: Localised = field(default_factory=Localised)
    refuse: bool = False
    refuse_text: Localised = field(default_factory=Localised)
    minimum: str | None = None
    maximum: str | None = None
    low_text: Localised = field(default_factory=Localised)
    high_text: Localised = field(default_factory=Localised)
    is_smileys: bool = False
    most_choices: int | None = None
    longest: int | None = None
    flags: frozenset[Flag] = frozenset()

    @property
    def is_confidential(self) -> bool:
        """Whether its answers are never shown one by one."""
        return bool(self.flags & {Flag.CONFIDENTIAL, Flag.DEMOGRAPHIC})

    @property
    def is_text(self) -> bool:
        """Whether the answer is in the resident's own words."""
        return self.kind in TEXTS

    @property
    def is_counted(self) -> bool:
        """Whether its answers are of a closed list that can be counted."""
        return self.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.SCALE, Kind.MATRIX, Kind.RANKING)

    @property
    def comment_name(self) -> str:
        """The name of the answer that says what *other* is."""
        return f"{self.name}-Comment"

    @property
    def steps(self) -> range:
        """The steps of a scale, low to high."""
        return range(int(self.minimum or 1), int(self.maximum or 5) + 1)

    @property
    def options(self) -> tuple[Choice, ...]:
        """Everything that may be chosen, the special choices last; the steps of a scale."""
        if self.kind is Kind.SCALE:
            return tuple(Choice(str(step), Localised(str(step), str(step))) for step in self.steps)
        return self.choices + self._special()

    def _special(self) -> tuple[Choice, ...]:
        offered = (
            (self.other, OTHER, self.other_text),
            (self.none, NONE, self.none_text),
            (self.refuse, REFUSED, self.refuse_text),
        )
        return tuple(
            Choice(value, Localised(text.en or _SPECIAL[value].en, text.es or _SPECIAL[value].es))
            for is_offered, value, text in offered
            if is_offered
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Questions under one heading, on one page."""

    name: str
    title: Localised = field(default_factory=Localised)
    help: Localised = field(default_factory=Localised)
    visible_if: Condition | None = None
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is asked at once."""

    name: str
    title: Localised = field(default_factory=Localised)
    help: Localised = field(default_factory=Localised)
    visible_if: Condition | None = None
    elements: tuple[Question | Section, ...] = ()

    def questions(self) -> Iterator[Question]:
        """Its questions in their order, those of sections too."""
        for element in self.elements:
            if isinstance(element, Section):
                yield from element.questions
            else:
                yield element


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A whole form. ``thanks`` is what is said after the last page, beside the site's own words."""

    title: Localised = field(default_factory=Localised)
    intro: Localised = field(default_factory=Localised)
    thanks: Localised = field(default_factory=Localised)
    pages: tuple[Page, ...] = ()

    def questions(self) -> Iterator[Question]:
        """All questions, in the order in which they are asked."""
        for page in self.pages:
            yield from page.questions()

    def question(self, name: str) -> Question | None:
        """The question of this name."""
        return next((question for question in self.questions() if question.name == name), None)

    def numbers(self) -> dict[str, int]:
        """The printed number of every question, 1 to n; notes have none."""
        asked = (question for question in self.questions() if question.kind is not Kind.NOTE)
        return {question.name: number for number, question in enumerate(asked, 1)}
