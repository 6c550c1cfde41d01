"""XLSForm workbooks read into definitions: ours come back as they were, others as far as they can be asked.

pyxform has its say too: what it refuses is refused here, in its own words, where nothing clearer is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from engage.db.types import Localised
from engage.marks import N_
from engage.survey.conditions import both
from engage.survey.definition import Definition, Kind, Page, Question, Section
from engage.survey.settling import settled
from engage.survey.surveyjs import Taken
from engage.survey.told import BadDefinition, Told
from engage.survey.workbook import Workbook, open_workbook
from engage.survey.xlsform_questions import Questions
from engage.survey.xlsform_rows import MOST_PROBLEMS, Rows, is_part, text_of
from engage.survey.xlsform_tree import Node, tree


def take(content: bytes) -> Taken:
    """Read .xlsx, .xls or pyxform's Markdown. Raises BadDefinition naming sheet and row of every problem."""
    return take_workbook(open_workbook(content))


def take_workbook(book: Workbook) -> Taken:
    """Read sheets that are open already. Raises BadDefinition."""
    rows = Rows(book)
    definition = _Reader(rows).definition()
    if not rows.problems and book.refusal:
        rows.problems.append(_of_pyxform(book.refusal))
    if rows.problems:
        raise BadDefinition(rows.problems[:MOST_PROBLEMS])
    return Taken(settled(definition, rows.notes), tuple(rows.notes))


def _of_pyxform(refusal: str) -> Told:
    """pyxform's own words, at the place that they name."""
    row = re.search(r"\[?row ?: ?(\d+)\]?", refusal)
    sheet = next((name for name in ("choices", "settings") if name in refusal.lower()), "survey")
    said = re.sub(r"^\[row : \d+\] ", "", refusal)
    return Told(N_("pyxform, which checks XLSForms, says: %(said)s"), {"said": said}).at(
        sheet, int(row[1]) if row else 0
    )


class _Reader:
    """Reads pages and sections."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._nodes = tree(rows.survey, rows.problem)
        self._questions = Questions(rows, self._nodes)

    def definition(self) -> Definition:
        """All that can be read; what is wrong with the rows is told afterwards."""
        parts = {
            line.get("engage_part"): self._rows.label(line) for line in self._rows.survey if is_part(line)
        }
        pages = tuple(self._pages([node for node in self._nodes if not is_part(node.line)]))
        return Definition(
            title=self._title(),
            intro=parts.get("intro", Localised()),
            thanks=parts.get("thanks", Localised()),
            pages=pages,
        )

    def _title(self) -> Localised:
        shown = text_of(self._rows.settings.get("form_title", ""))
        own = Localised(
            text_of(self._rows.settings.get("engage_title_en", "")),
            text_of(self._rows.settings.get("engage_title_es", "")),
        )
        if shown in (own.en, own.es):
            return own
        if self._rows.is_spanish and not own.es:
            return Localised("", shown)
        return Localised(shown, own.es)

    def _pages(self, nodes: Sequence[Node]) -> Iterator[Page]:
        """Groups at the top are pages; what stands between them is gathered into others."""
        loose: list[Node] = []
        number = 0
        for node in [*nodes, None]:
            if node is not None and (not node.is_group or self._questions.is_matrix(node)):
                loose.append(node)
                continue
            if loose:
                number += 1
                elements = tuple(self._elements(loose))
                if elements:
                    yield Page(name=f"page{number}", elements=elements)
                loose = []
            if node is not None:
                number += 1
                yield Page(
                    **self._group(node, f"page{number}"), elements=tuple(self._elements(node.children))
                )

    def _elements(self, nodes: Sequence[Node]) -> Iterator[Question | Section]:
        for node in nodes:
            if node.is_group and not self._questions.is_matrix(node):
                yield Section(
                    **self._group(node, f"section{node.line.number}"),
                    questions=tuple(self._flat(node.children)),
                )
            elif (question := self._questions.asked(node)) is not None:
                yield question

    def _flat(self, nodes: Sequence[Node]) -> Iterator[Question]:
        """The questions of a section; a group within one gives it its questions and its condition."""
        for node in nodes:
            if not node.is_group or self._questions.is_matrix(node):
                if (question := self._questions.asked(node)) is not None:
                    yield question
                continue
            name = node.line.get("name")
            self._rows.note(
                N_("The group “%(name)s” stands within two others; its questions join the outer one."),
                node.line,
                name=name,
            )
            head = self._group(node, f"section{node.line.number}")
            if head["title"]:
                yield Question(
                    name=head["name"],
                    kind=Kind.NOTE,
                    title=head["title"],
                    help=head["help"],
                    visible_if=head["visible_if"],
                )
            for question in self._flat(node.children):
                yield replace(question, visible_if=both(head["visible_if"], question.visible_if))

    def _group(self, node: Node, usual: str) -> dict[str, Any]:
        helps = [child.line for child in node.children if child.line.get("engage_part") == "help"]
        return {
            "name": node.line.get("name") or usual,
            "title": self._rows.label(node.line),
            "help": self._rows.label(helps[0]) if helps else self._rows.label(node.line, "hint"),
            "visible_if": self._questions.condition(node.line),
        }
