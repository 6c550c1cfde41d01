"""Definitions written as XLSForm workbooks, which KoboToolbox, ODK, Enketo and a spreadsheet can open.

What XLSForm has no word for stands in columns called ``engage_…``, which its readers pass over. docs/forms.md
has the table of what becomes what.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from engage.db.types import Localised
from engage.survey import expressions, xpath_read, xpath_write
from engage.survey.conditions import BadCondition, Condition
from engage.survey.definition import (
    NONE,
    OTHER,
    REFUSED,
    Choice,
    Definition,
    Kind,
    Page,
    Question,
    Section,
)
from engage.survey.xpath import Field, fields_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ENGLISH, SPANISH = "English (en)", "Español (es)"
SURVEY = (
    "type",
    "name",
    f"label::{ENGLISH}",
    f"label::{SPANISH}",
    f"hint::{ENGLISH}",
    f"hint::{SPANISH}",
    "required",
    "relevant",
    "constraint",
    "appearance",
    "engage_flags",
    "engage_kind",
    "engage_part",
    "engage_row",
    "engage_low_en",
    "engage_low_es",
    "engage_high_en",
    "engage_high_es",
    "engage_visible_if",
)
CHOICES = ("list_name", "name", f"label::{ENGLISH}", f"label::{SPANISH}", "engage_special")
SETTINGS = (
    "form_title",
    "form_id",
    "version",
    "default_language",
    "style",
    "engage_title_en",
    "engage_title_es",
)

SPECIAL = {"other": OTHER, "none": NONE, "refuse": REFUSED}
_LONGEST_CELL = 32_000
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheets:
    """The rows of an XLSForm, by its three sheets."""

    survey: list[Row]
    choices: list[Row]
    settings: list[Row]


def write(definition: Definition, *, form_id: str, version: int | None = None) -> bytes:
    """The definition as .xlsx; ``version`` is the number of the one that was published."""
    made = sheets(definition, form_id=form_id, version=version)
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns, rows in (
        ("survey", SURVEY, made.survey),
        ("choices", CHOICES, made.choices),
        ("settings", SETTINGS, made.settings),
    ):
        _fill(book.create_sheet(name), columns, rows)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Row]) -> None:
    for place, row in enumerate([dict(zip(columns, columns, strict=True)), *rows], 1):
        for number, column in enumerate(columns, 1):
            if text := _UNWANTED.sub("", row.get(column, ""))[:_LONGEST_CELL]:
                cell = sheet.cell(place, number)
                # A text that begins with = is a text: nothing in a cell is ever worked out.
                cell.value = text
                cell.data_type, cell.quotePrefix = "s", True
                cell.font = Font(bold=place == 1)
    sheet.freeze_panes = "A2"


def sheets(definition: Definition, *, form_id: str = "form", version: int | None = None) -> Sheets:
    """The rows of the three sheets."""
    return _Writer(definition).sheets(form_id, version)


class _Writer:
    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._names = {name.lower() for name in _names(definition)}
        self._fields = fields_of(dict(self._fields_of()))
        self._choices: list[Row] = []

    def _fields_of(self) -> Iterator[tuple[str, Field]]:
        for question in self._definition.questions():
            if question.kind is not Kind.MATRIX:
                yield question.name, Field(question.name, question.kind)
            for row in question.rows if question.kind is Kind.MATRIX else ():
                name = self._new_name(f"{question.name}_{row.value}")
                yield name, Field(question.name, Kind.SINGLE, row.value)

    def _new_name(self, wanted: str) -> str:
        base = re.sub(r"\W", "_", wanted, flags=re.ASCII)
        name, number = base, 2
        while name.lower() in self._names:
            name, number = f"{base}_{number}", number + 1
        self._names.add(name.lower())
        return name

    def sheets(self, form_id: str, version: int | None) -> Sheets:
        title = self._definition.title
        survey = [
            *self._note("intro", "intro", self._definition.intro),
            *(row for page in self._definition.pages for row in self._page(page)),
            *self._note("thanks", "thanks", self._definition.thanks),
        ]
        settings = {
            "form_title": inert(title.best("en")[0]),
            "form_id": re.sub(r"\W", "_", form_id, flags=re.ASCII),
            "version": "" if version is None else str(version),
            "default_language": ENGLISH,
            "style": "pages",
            "engage_title_en": inert(title.en),
            "engage_title_es": inert(title.es),
        }
        return Sheets(survey, self._choices, [settings])

    def _note(self, part: str, name: str, text: Localised) -> Iterator[Row]:
        if text:
            yield {"type": "note", "name": self._new_name(name), **_label(text), "engage_part": part}

    def _page(self, page: Page) -> Iterator[Row]:
        yield {**self._head(page, "begin_group"), "appearance": "field-list"}
        yield from self._note("help", f"{page.name}_help", page.help)
        for element in page.elements:
            if isinstance(element, Section):
                yield self._head(element, "begin_group")
                yield from self._note("help", f"{element.name}_help", element.help)
                for question in element.questions:
                    yield from self._question(question)
                yield {"type": "end_group", "name": element.name}
            else:
                yield from self._question(element)
        yield {"type": "end_group", "name": page.name}

    def _head(self, of: Page | Section | Question, kind: str) -> Row:
        hint = of.help if isinstance(of, Question) else Localised()
        return {
            "type": kind,
            "name": of.name,
            **_label(of.title),
            **_label(hint, "hint"),
            **self._relevant(of.visible_if),
        }

    def _relevant(self, condition: Condition | None) -> Row:
        if condition is None:
            return {}
        text = xpath_write.write(condition, self._fields)
        try:
            says_it_all = xpath_read.parse(text, self._fields) == condition
        except BadCondition:
            says_it_all = False
        exact = "" if says_it_all else expressions.write(condition)
        return {"relevant": text, "engage_visible_if": exact}

    def _question(self, question: Question) -> Iterator[Row]:
        if question.kind is Kind.MATRIX:
            yield from self._matrix(question)
            return
        row = self._head(question, _type(question))
        row |= {
            "required": "yes" if question.is_required else "",
            "constraint": " and ".join(_constraints(question)),
            "appearance": _APPEARANCES.get(question.kind, ""),
            "engage_flags": " ".join(sorted(question.flags)),
        }
        if question.kind is Kind.SCALE:
            row |= _scale_columns(question)
        yield row
        if question.options:
            self._list(question)
        if question.other:
            yield self._asked_other(question)

    def _asked_other(self, question: Question) -> Row:
        reference = f"${{{question.name}}}"
        chosen = f"{reference} = '{OTHER}'"
        other = next(choice for choice in question.options if choice.value == OTHER)
        return {
            "type": "text",
            "name": self._new_name(f"{question.name}_{OTHER}"),
            **_label(other.text),
            "required": "yes",
            "relevant": chosen if question.kind is Kind.SINGLE else f"selected({reference}, '{OTHER}')",
            "engage_part": OTHER,
        }

    def _matrix(self, question: Question) -> Iterator[Row]:
        flags = {"engage_flags": " ".join(sorted(question.flags)), "engage_kind": "matrix"}
        yield {**self._head(question, "begin_group"), "appearance": "table-list", **flags}
        for row in question.rows:
            yield {
                "type": f"select_one {question.name}",
                "name": self._fields.names[(question.name, row.value)],
                **_label(row.text),
                "required": "yes" if question.is_required else "",
                "engage_row": row.value,
            }
        yield {"type": "end_group", "name": question.name}
        self._list(question)

    def _list(self, question: Question) -> None:
        last = len(question.options) - 1
        for place, choice in enumerate(question.options):
            text = choice.text
            if question.kind is Kind.SCALE:
                end = (
                    question.low_text if place == 0 else question.high_text if place == last else Localised()
                )
                text = _step_text(choice, end)
            row = {"list_name": question.name, "name": choice.value, **_label(text)}
            if place >= len(question.choices) and question.kind is not Kind.SCALE:
                row["engage_special"] = _own_languages(question, choice.value)
            self._choices.append(row)


def _names(definition: Definition) -> Iterator[str]:
    for page in definition.pages:
        yield page.name
        for element in page.elements:
            yield element.name
            if isinstance(element, Section):
                yield from (question.name for question in element.questions)


_APPEARANCES = {Kind.LONG_TEXT: "multiline", Kind.SCALE: "likert"}
_TYPES = {
    Kind.SHORT_TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.NUMBER: "decimal",
    Kind.DATE: "date",
    Kind.NOTE: "note",
    Kind.SINGLE: "select_one {}",
    Kind.SCALE: "select_one {}",
    Kind.MULTIPLE: "select_multiple {}",
    Kind.RANKING: "rank {}",
}


def _type(question: Question) -> str:
    return _TYPES[question.kind].format(question.name)


def _constraints(question: Question) -> Iterator[str]:
    if question.longest is not None:
        yield f"string-length(.) <= {question.longest}"
    if question.kind in (Kind.NUMBER, Kind.DATE):
        form = "date('{}')" if question.kind is Kind.DATE else "{}"
        for mark, bound in ((">=", question.minimum), ("<=", question.maximum)):
            if bound:
                yield f". {mark} {form.format(bound)}"
    yield from _of_several(question)


def _of_several(question: Question) -> Iterator[str]:
    if question.most_choices is not None:
        yield f"count-selected(.) <= {question.most_choices}"
    if question.kind is Kind.MULTIPLE:
        for is_offered, value in ((question.none, NONE), (question.refuse, REFUSED)):
            if is_offered:
                yield f"not(selected(., '{value}') and count-selected(.) > 1)"


def _scale_columns(question: Question) -> Row:
    return {
        "engage_kind": "scale smileys" if question.is_smileys else "scale",
        "engage_low_en": inert(question.low_text.en),
        "engage_low_es": inert(question.low_text.es),
        "engage_high_en": inert(question.high_text.en),
        "engage_high_es": inert(question.high_text.es),
    }


def _step_text(choice: Choice, end: Localised) -> Localised:
    """The step with what its end means: 1 – not at all."""
    value = choice.value
    return Localised(f"{value} – {end.en}" if end.en else value, f"{value} – {end.es}" if end.es else value)


def _own_languages(question: Question, value: str) -> str:
    """In which languages a special choice is called otherwise than usual."""
    attribute = next(name for name, special in SPECIAL.items() if special == value)
    own: Localised = getattr(question, f"{attribute}_text")
    return " ".join(language for language in ("en", "es") if getattr(own, language)) or "usual"


def _label(text: Localised, column: str = "label") -> Row:
    return {f"{column}::{ENGLISH}": inert(text.en), f"{column}::{SPANISH}": inert(text.es)}


def inert(text: str) -> str:
    """A text that pyxform does not take for a reference to an answer: see ``xlsform_read``."""
    return text.replace("${", "$\u200b{")
