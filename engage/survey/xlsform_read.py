"""XLSForm workbooks read into definitions: ours come back as they were, others as far as they can be asked.

pyxform has its say too: what it refuses is refused here, in its own words, where nothing clearer is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from engage.db.types import Localised
from engage.marks import N_
from engage.survey import expressions, xpath_read, xpath_write
from engage.survey.conditions import BadCondition, Condition, both
from engage.survey.definition import OTHER, Choice, Definition, Flag, Kind, Page, Question, Section
from engage.survey.settling import settled
from engage.survey.surveyjs import Taken
from engage.survey.told import BadDefinition, Told
from engage.survey.workbook import Workbook, open_workbook
from engage.survey.xlsform import SPECIAL
from engage.survey.xlsform_tree import Line, Node, tree
from engage.survey.xlsform_words import (
    BOUNDS,
    Type,
    columns_of,
    is_yes,
    type_of,
)
from engage.survey.xpath import Field, fields_of

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
_MOST_PROBLEMS = 100
_MOST_STEPS = 20


def take(content: bytes) -> Taken:
    """Read .xlsx, .xls or pyxform's Markdown. Raises BadDefinition naming sheet and row of every problem."""
    return take_workbook(open_workbook(content))


def take_workbook(book: Workbook) -> Taken:
    """Read sheets that are open already. Raises BadDefinition."""
    reader = _Reader(book)
    definition = reader.definition()
    if not reader.problems and book.refusal:
        reader.problems.append(_of_pyxform(book.refusal))
    if reader.problems:
        raise BadDefinition(reader.problems[:_MOST_PROBLEMS])
    notes = reader.notes
    return Taken(settled(definition, notes), tuple(notes))


def _of_pyxform(refusal: str) -> Told:
    """pyxform's own words, at the place that they name."""
    row = re.search(r"\[?row ?: ?(\d+)\]?", refusal)
    sheet = next((name for name in ("choices", "settings") if name in refusal.lower()), "survey")
    said = re.sub(r"^\[row : \d+\] ", "", refusal)
    return Told(N_("pyxform, which checks XLSForms, says: %(said)s"), {"said": said}).at(
        sheet, int(row[1]) if row else 0
    )


class _List(NamedTuple):
    """One list of choices: the plain ones, and which special ones it offers, called how."""

    plain: tuple[Choice, ...]
    special: dict[str, Localised]


class _Reader:
    def __init__(self, book: Workbook) -> None:
        self.problems: list[Told] = []
        self.notes: list[Told] = []
        self._settings = (book.sheets.get("settings") or [{}])[0]
        self._survey = columns_of(book.sheets.get("survey", []), self._settings)
        self._of_choices = columns_of(book.sheets.get("choices", []), self._settings)
        for language in sorted(self._survey.left_out | self._of_choices.left_out)[:5]:
            self.notes.append(
                Told(N_("Texts in the language “%(language)s” are left out."), {"language": language})
            )
        self._lists = self._read_lists()
        self._fields = fields_of({})

    def definition(self) -> Definition:
        """All that can be read; ``problems`` and ``notes`` are complete afterwards."""
        lines = [Line(number, row) for number, row in enumerate(self._survey.rows, 2) if row.get("type")]
        nodes = tree(lines, self._problem)
        self._fields = fields_of(dict(self._fields_in(nodes)))
        parts = {line.get("engage_part"): self._label(line) for line in lines if _is_part(line)}
        pages = tuple(self._pages([node for node in nodes if not _is_part(node.line)]))
        return Definition(
            title=self._title(),
            intro=parts.get("intro", Localised()),
            thanks=parts.get("thanks", Localised()),
            pages=pages,
        )

    def _title(self) -> Localised:
        shown = _text(self._settings.get("form_title", ""))
        own = Localised(
            _text(self._settings.get("engage_title_en", "")), _text(self._settings.get("engage_title_es", ""))
        )
        if shown in (own.en, own.es):
            return own
        if self._survey.is_spanish and not own.es:
            return Localised("", shown)
        return Localised(shown, own.es)

    # Names, before anything is read: conditions speak of them.

    def _fields_in(self, nodes: Sequence[Node]) -> Iterator[tuple[str, Field]]:
        for node in nodes:
            name = node.line.get("name")
            if node.children and self._is_matrix(node):
                for child in node.children:
                    row = child.line.get("engage_row") or child.line.get("name")
                    yield child.line.get("name"), Field(name, Kind.SINGLE, row)
            elif node.is_group:
                yield from self._fields_in(node.children)
            elif not _is_part(node.line) and not type_of(node.line.get("type")).is_about_the_device:
                # Of a row that cannot be asked it is enough to be told once.
                yield name, Field(name, self._kind(node.line) or Kind.SHORT_TEXT)

    def _kind(self, line: Line) -> Kind | None:
        """What a row asks; None where it cannot be asked, of which ``_question`` tells."""
        given = type_of(line.get("type"))
        if given.kind is Kind.SHORT_TEXT and "multiline" in line.get("appearance"):
            return Kind.LONG_TEXT
        if given.kind is Kind.SCALE:
            return Kind.SCALE if self._range(line) is not None else Kind.NUMBER
        if given.kind is Kind.SINGLE and self._steps(line) is not None:
            return Kind.SCALE
        return given.kind

    def _steps(self, line: Line) -> range | None:
        """The steps of a scale that we wrote, as long as they are whole numbers in a row."""
        if not line.get("engage_kind").startswith("scale"):
            return None
        listed = self._lists.get(type_of(line.get("type")).list_name)
        values = [choice.value for choice in listed.plain] if listed else []
        if not values or any(not re.fullmatch(r"-?\d{1,3}", value, re.ASCII) for value in values):
            return None
        steps = range(int(values[0]), int(values[0]) + len(values))
        return steps if [str(step) for step in steps] == values else None

    def _range(self, line: Line) -> range | None:
        """The steps of a row of type range: whole numbers, not too many."""
        given = dict(re.findall(r"(start|end|step)\s*=\s*(\S+)", line.get("parameters")))
        try:
            low, high, step = (
                float(given.get(name, usual)) for name, usual in (("start", 1), ("end", 10), ("step", 1))
            )
        except ValueError:
            return None
        if step != 1 or low != int(low) or high != int(high) or not 1 <= high - low < _MOST_STEPS:
            return None
        return range(int(low), int(high) + 1)

    def _is_matrix(self, node: Node) -> bool:
        """A table whose rows all offer the same choices, asked alike."""
        if "table-list" not in node.line.get("appearance") or not node.children:
            return False
        if any(child.is_group for child in node.children):
            return False
        types = {type_of(child.line.get("type")) for child in node.children}
        asked = {is_yes(child.line.get("required")) for child in node.children}
        own = any(child.line.get("relevant") for child in node.children)
        given = next(iter(types))
        return (
            len(types) == 1 and len(asked) == 1 and not own and given.kind is Kind.SINGLE and not given.other
        )

    # Pages and sections.

    def _pages(self, nodes: Sequence[Node]) -> Iterator[Page]:
        """Groups at the top are pages; what stands between them is gathered into others."""
        loose: list[Node] = []
        number = 0
        for node in [*nodes, None]:
            if node is not None and (not node.is_group or self._is_matrix(node)):
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
            if node.is_group and not self._is_matrix(node):
                yield Section(
                    **self._group(node, f"section{node.line.number}"),
                    questions=tuple(self._flat(node.children)),
                )
            elif (question := self._asked(node)) is not None:
                yield question

    def _flat(self, nodes: Sequence[Node]) -> Iterator[Question]:
        """The questions of a section; a group within one gives it its questions and its condition."""
        for node in nodes:
            if not node.is_group or self._is_matrix(node):
                if (question := self._asked(node)) is not None:
                    yield question
                continue
            name = node.line.get("name")
            self._note(
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
            "title": self._label(node.line),
            "help": self._label(helps[0]) if helps else self._label(node.line, "hint"),
            "visible_if": self._condition(node.line),
        }

    # Questions.

    def _asked(self, node: Node) -> Question | None:
        line = node.line
        if _is_part(line):
            return None
        self._note_left_out(line)
        if node.is_group:
            return self._matrix(node)
        given = type_of(line.get("type"))
        kind = self._kind(line)
        if kind is None:
            self._refuse(line, given)
            return None
        if given.is_whole:
            self._note(N_("“%(name)s”: a number with decimals is taken too."), line, name=line.get("name"))
        return Question(
            name=line.get("name"),
            title=self._label(line),
            help=self._label(line, "hint"),
            is_required=kind is not Kind.NOTE and self._required(line),
            visible_if=self._condition(line),
            flags=self._flags(line),
            **{"kind": kind, **self._particulars(line, given, kind)},
        )

    def _refuse(self, line: Line, given: Type) -> None:
        if given.is_about_the_device:
            self._note(
                N_("“%(type)s” is left out: it would tell who somebody is."), line, type=line.get("type")
            )
        else:
            self._problem(given.advice, line, type=line.get("type")[:40])

    def _matrix(self, node: Node) -> Question:
        rows = tuple(
            Choice(child.line.get("engage_row") or child.line.get("name"), self._label(child.line))
            for child in node.children
        )
        first = node.children[0].line
        listed = self._list(first, type_of(first.get("type")))
        columns = listed.plain + tuple(Choice(value, text) for value, text in listed.special.items())
        return Question(
            name=node.line.get("name"),
            kind=Kind.MATRIX,
            title=self._label(node.line),
            help=self._label(node.line, "hint"),
            is_required=is_yes(first.get("required")) is True,
            visible_if=self._condition(node.line),
            choices=columns,
            rows=rows,
            flags=self._flags(node.line),
        )

    def _particulars(self, line: Line, given: Type, kind: Kind) -> dict[str, Any]:
        bounds = self._bounds(line, kind)
        match kind:
            case Kind.NOTE:
                return {}
            case Kind.SCALE:
                return self._scale(line)
            case Kind.NUMBER | Kind.DATE:
                return self._numbers(line, given) | bounds
            case Kind.SHORT_TEXT | Kind.LONG_TEXT:
                return bounds
        listed = self._list(line, given)
        special = {
            key: value
            for name, text in listed.special.items()
            for key, value in ((_ATTRIBUTES[name], True), (f"{_ATTRIBUTES[name]}_text", text))
        }
        if given.other:
            special["other"] = True
        return {"choices": listed.plain, **special, **bounds}

    def _numbers(self, line: Line, given: Type) -> dict[str, Any]:
        """A range that is no scale: its ends are bounds."""
        found = dict(re.findall(r"(start|end)\s*=\s*(-?[\d.]+)", line.get("parameters")))
        if given.kind is not Kind.SCALE:
            return {}
        return {"minimum": found.get("start"), "maximum": found.get("end")}

    def _scale(self, line: Line) -> dict[str, Any]:
        steps = self._steps(line) or self._range(line) or range(1, 6)
        return {
            "minimum": str(steps[0]),
            "maximum": str(steps[-1]),
            "low_text": Localised(_text(line.get("engage_low_en")), _text(line.get("engage_low_es"))),
            "high_text": Localised(_text(line.get("engage_high_en")), _text(line.get("engage_high_es"))),
            "is_smileys": line.get("engage_kind") == "scale smileys",
        }

    def _bounds(self, line: Line, kind: Kind) -> dict[str, Any]:
        """What a constraint says that is understood here; what is left of it is told."""
        found: dict[str, Any] = {}
        rest = line.get("constraint")
        for pattern, attribute in BOUNDS.get(kind, ()):
            match = pattern.search(rest)
            if match is not None and attribute:
                value = match[1]
                found[attribute] = int(value) if attribute in ("longest", "most_choices") else value
            rest = pattern.sub("", rest)
        if re.sub(r"\band\b|[()\s]", "", rest):
            self._note(
                N_("The constraint “%(text)s” is left out: it is not supported."),
                line,
                text=line.get("constraint")[:80],
            )
        return found

    def _required(self, line: Line) -> bool:
        answer = is_yes(line.get("required"))
        if answer is None:
            self._note(N_("“%(what)s” is left out: it is not supported."), line, what="required")
        return answer is True

    def _flags(self, line: Line) -> frozenset[Flag]:
        words = line.get("engage_flags").split()
        return frozenset(flag for flag in Flag if flag.value in words)

    def _condition(self, line: Line) -> Condition | None:
        text = line.get("relevant").strip()
        if not text:
            return None
        exact = line.get("engage_visible_if")
        try:
            if exact:
                condition = expressions.parse(exact)
                if xpath_write.write(condition, self._fields) == text:  # Nobody has edited the other column.
                    return condition
            return xpath_read.parse(text, self._fields)
        except BadCondition as bad:
            self._problem(N_("The column “relevant”: %(said)s"), line, said=bad.told)
            return None

    # Choices and texts.

    def _list(self, line: Line, given: Type) -> _List:
        if line.get("choice_filter"):
            self._problem(
                N_("Lists that depend on other answers are not supported: empty “choice_filter”."), line
            )
        found = self._lists.get(given.list_name)
        if found is None:
            self._problem(
                N_("There is no list “%(name)s” in the sheet “choices”."), line, name=given.list_name
            )
            return _List((), {})
        return found

    def _read_lists(self) -> dict[str, _List]:
        lists: dict[str, _List] = {}
        for number, row in enumerate(self._of_choices.rows, 2):
            line = Line(number, row)
            if not line.get("list_name") or not line.get("name"):
                continue
            known = lists.setdefault(line.get("list_name"), _List((), {}))
            value = line.get("name")
            text = self._label(line, sheet="choices") or Localised(value)
            special = line.get("engage_special")
            if special and value in _ATTRIBUTES:
                own = special.split()
                known.special[value] = Localised(
                    text.en if "en" in own else "", text.es if "es" in own else ""
                )
            else:
                lists[line.get("list_name")] = known._replace(plain=(*known.plain, Choice(value, text)))
        return lists

    def _label(self, line: Line, column: str = "label", sheet: str = "survey") -> Localised:
        found = Localised(_text(line.get(f"{column} en")), _text(line.get(f"{column} es")))
        for written in (line.get(f"{column} en"), line.get(f"{column} es")):
            if _REFERENCE.search(written):
                self._problem(
                    N_("A text cannot show an answer: write it without “%(name)s”."),
                    line,
                    sheet,
                    name=(_REFERENCE.search(written) or [""])[0][:40],
                )
                break
        return found

    def _note_left_out(self, line: Line) -> None:
        for column in _NOT_TAKEN:
            if line.get(column):
                self._note(N_("“%(what)s” is left out: it is not supported."), line, what=column)

    def _note(self, text: str, line: Line, /, **values: object) -> None:
        if len(self.notes) < _MOST_PROBLEMS:
            self.notes.append(Told(text, values).at("survey", line.number))

    def _problem(self, text: str, line: Line, sheet: str = "survey", /, **values: object) -> None:
        self.problems.append(Told(text, values).at(sheet, line.number))
        if len(self.problems) > _MOST_PROBLEMS:
            raise BadDefinition(self.problems)


_ATTRIBUTES = {value: attribute for attribute, value in SPECIAL.items()}


def _is_part(line: Line) -> bool:
    """Whether a row belongs to something else: an introduction, a help text, what *other* is."""
    return line.get("engage_part") in ("intro", "thanks", "help", OTHER)


def _text(written: str) -> str:
    return written.replace("$\u200b{", "${").strip()
