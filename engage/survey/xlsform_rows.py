"""The rows of an XLSForm with their texts and lists of choices; what is wrong with them is gathered here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engage.db.types import Localised
from engage.marks import N_
from engage.survey.definition import OTHER, Choice
from engage.survey.told import BadDefinition, Told
from engage.survey.workbook import Workbook
from engage.survey.xlsform import SPECIAL
from engage.survey.xlsform_tree import Line
from engage.survey.xlsform_words import Type, columns_of

MOST_PROBLEMS = 100
ATTRIBUTES = {value: attribute for attribute, value in SPECIAL.items()}
"""What a question calls each special choice."""

_NOT_TAKEN = (
    "calculation",
    "default",
    "read_only",
    "trigger",
    "constraint_message",
    "guidance_hint",
    "autoplay",
)
_REFERENCE = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Choices:
    """One list of choices: the plain ones, and which special ones it offers, called how."""

    plain: tuple[Choice, ...] = ()
    special: dict[str, Localised] = field(default_factory=dict)


class Rows:
    """A workbook row by row. ``problems`` keep it from being asked, ``notes`` tell what is left out."""

    def __init__(self, book: Workbook) -> None:
        self.problems: list[Told] = []
        self.notes: list[Told] = []
        self.settings = (book.sheets.get("settings") or [{}])[0]
        survey = columns_of(book.sheets.get("survey", []), self.settings)
        choices = columns_of(book.sheets.get("choices", []), self.settings)
        self.is_spanish = survey.is_spanish
        self.survey = [Line(number, row) for number, row in enumerate(survey.rows, 2) if row.get("type")]
        for language in sorted(survey.left_out | choices.left_out)[:5]:
            self.notes.append(
                Told(N_("Texts in the language “%(language)s” are left out."), {"language": language})
            )
        self.lists = self._lists([Line(number, row) for number, row in enumerate(choices.rows, 2)])

    def _lists(self, lines: list[Line]) -> dict[str, Choices]:
        plain: dict[str, list[Choice]] = {}
        special: dict[str, dict[str, Localised]] = {}
        for line in lines:
            name, value = line.get("list_name"), line.get("name")
            if not name or not value:
                continue
            listed = plain.setdefault(name, [])
            text = self.label(line, sheet="choices") or Localised(value)
            special_in = line.get("engage_special")
            if special_in and value in ATTRIBUTES:
                own = special_in.split()
                special.setdefault(name, {})[value] = Localised(
                    text.en if "en" in own else "", text.es if "es" in own else ""
                )
            else:
                listed.append(Choice(value, text))
        return {name: Choices(tuple(listed), special.get(name, {})) for name, listed in plain.items()}

    def choices(self, line: Line, given: Type) -> Choices:
        """The list that a row offers; an empty one where there is none."""
        if line.get("choice_filter"):
            self.problem(
                N_("Lists that depend on other answers are not supported: empty “choice_filter”."), line
            )
        found = self.lists.get(given.list_name)
        if found is None:
            self.problem(
                N_("There is no list “%(name)s” in the sheet “choices”."), line, name=given.list_name
            )
            return Choices()
        return found

    def label(self, line: Line, column: str = "label", sheet: str = "survey") -> Localised:
        """The text of a column in both languages."""
        found = Localised(text_of(line.get(f"{column} en")), text_of(line.get(f"{column} es")))
        for written in (line.get(f"{column} en"), line.get(f"{column} es")):
            if _REFERENCE.search(written):
                self.problem(
                    N_("A text cannot show an answer: write it without “%(name)s”."),
                    line,
                    sheet,
                    name=(_REFERENCE.search(written) or [""])[0][:40],
                )
                break
        return found

    def note_left_out(self, line: Line) -> None:
        """Tell of columns that mean nothing here."""
        for column in _NOT_TAKEN:
            if line.get(column):
                self.note(N_("“%(what)s” is left out: it is not supported."), line, what=column)

    def note(self, text: str, line: Line, /, **values: object) -> None:
        """Tell of something that is left out."""
        if len(self.notes) < MOST_PROBLEMS:
            self.notes.append(Told(text, values).at("survey", line.number))

    def problem(self, text: str, line: Line, sheet: str = "survey", /, **values: object) -> None:
        """Tell of something that must be mended in the file."""
        self.problems.append(Told(text, values).at(sheet, line.number))
        if len(self.problems) > MOST_PROBLEMS:
            raise BadDefinition(self.problems)


def is_part(line: Line) -> bool:
    """Whether a row belongs to something else: an introduction, a help text, what *other* is."""
    return line.get("engage_part") in ("intro", "thanks", "help", OTHER)


def text_of(written: str) -> str:
    """A cell as it was before ``xlsform`` wrote it so that nothing in it is taken for a reference."""
    return written.replace("$\u200b{", "${").strip()
