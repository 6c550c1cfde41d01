"""Choices and rows as they are typed: one line each in English and Spanish, with buttons that work without
JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from engage.db.types import Localised
from engage.survey.definition import MOST_CHOICES, NONE, OTHER, REFUSED, VALUE, Choice
from engage.survey.parts import fresh_name
from engage.survey.posted import Fields
from engage.web.forms import clean_text

LONGEST = 300
_RESERVED = (OTHER, NONE, REFUSED)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what a choice is called in each language, and the value that stands in exports."""

    en: str = ""
    es: str = ""
    value: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was typed into it."""
        return not (self.en or self.es or self.value)


@dataclass(slots=True)
class Rows:
    """A list of lines. ``part`` names its fields: ``choices`` or ``rows``. ``focus`` is the line that the
    person has just worked on; ``problems`` say what is wrong by the number of the line."""

    part: str
    rows: list[Row]
    problems: dict[int, str] = field(default_factory=dict)
    focus: int | None = None

    @classmethod
    def of(cls, part: str, choices: Sequence[Choice], *, at_least: int = 2) -> Rows:
        """The lines of choices that are there, and empty ones up to a few."""
        rows = [Row(one.text.en, one.text.es, one.value) for one in choices]
        return cls(part, rows + [Row()] * (at_least - len(rows)))

    @classmethod
    def posted(cls, part: str, form: Fields) -> Rows:
        """The lines as they were sent."""
        columns = [form.getlist(f"{part}_{column}") for column in ("en", "es", "value")]
        lines = zip(*columns, strict=False)
        rows = [Row(*((clean_text(text) or "").replace("\n", " ") for text in line)) for line in lines]
        return cls(part, rows[: MOST_CHOICES + 1])

    def act(self, button: str, pasted: str) -> bool:
        """Do what a button says: ``choices-add``, ``choices-paste``, ``choices-up-3`` and so on. Whether it
        was a button of this list."""
        part, _hyphen, rest = button.partition("-")
        if part != self.part:
            return False
        what, _hyphen, place = rest.partition("-")
        number = int(place) if place.isdecimal() and place.isascii() and len(place) < 4 else -1
        if what == "add":
            self.rows.append(Row())
            self.focus = len(self.rows) - 1
        elif what == "paste":
            self.paste(pasted)
        elif 0 <= number < len(self.rows):
            self._change(what, number)
        return True

    def _change(self, what: str, number: int) -> None:
        if what == "remove":
            del self.rows[number]
            self.focus = min(number, len(self.rows) - 1) if self.rows else None
            return
        to = number + {"up": -1, "down": 1}.get(what, 0)
        if 0 <= to < len(self.rows):
            self.rows[number], self.rows[to] = self.rows[to], self.rows[number]
            self.focus = to

    def paste(self, text: str) -> None:
        """Add a choice for each line, “English | Español”; tabs part them too, as copied from a table."""
        lines = [line for line in (clean_text(text) or "").split("\n") if line.strip()]
        if not lines:
            return
        self.rows = [row for row in self.rows if not row.is_empty]
        self.focus = len(self.rows)
        for line in lines[: MOST_CHOICES + 1 - len(self.rows)]:
            english, _mark, spanish = line.replace("\t", "|").partition("|")
            self.rows.append(Row(english.strip(), spanish.strip()))

    def complete(self) -> None:
        """Leave out the empty lines and make the values that were not typed, each its own."""
        self.rows = [row for row in self.rows if not row.is_empty]
        taken = [*_RESERVED, *(row.value for row in self.rows if row.value)]
        for number, row in enumerate(self.rows):
            if not row.value:
                made = fresh_name(taken, row.en or row.es, "choice")
                taken.append(made)
                self.rows[number] = replace(row, value=made)

    def check(self) -> bool:
        """Whether the complete list can be kept; what cannot is said at its line."""
        seen = dict.fromkeys(_RESERVED, -1)
        for number, row in enumerate(self.rows):
            if problem := self._problem(row, seen):
                self.problems[number] = problem
            seen.setdefault(row.value.lower(), number)
        return not self.problems

    def _problem(self, row: Row, seen: dict[str, int]) -> str:
        if len(self.rows) > MOST_CHOICES:
            return str(_("There can be %(most)s lines at most.", most=MOST_CHOICES))
        if not row.en and not row.es:
            return str(_("Write what it is called, in one language at least."))
        if max(len(row.en), len(row.es)) > LONGEST:
            return str(_("Write at most %(most)s characters.", most=LONGEST))
        if not VALUE.fullmatch(row.value):
            return str(
                _(
                    "A value begins with a letter or digit and has letters, digits, dots, hyphens and "
                    "underscores only, 60 at most."
                )
            )
        if row.value.lower() in seen:
            return str(_("The value “%(value)s” is taken. Each line needs one of its own.", value=row.value))
        return ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The lines as choices. Only for a complete list that was checked."""
        return tuple(Choice(row.value, Localised(row.en, row.es)) for row in self.rows)
