"""Rows of an XLSForm as questions: their kinds, bounds, choices and conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from engage.db.types import Localised
from engage.marks import N_
from engage.survey import expressions, xpath_read, xpath_write
from engage.survey.conditions import BadCondition, Condition
from engage.survey.definition import Choice, Flag, Kind, Question
from engage.survey.xlsform_rows import ATTRIBUTES, Rows, is_part, text_of
from engage.survey.xlsform_tree import Line, Node
from engage.survey.xlsform_words import BOUNDS, Type, is_yes, type_of
from engage.survey.xpath import Field, fields_of

_MOST_STEPS = 20


class Questions:
    """Reads questions. It is given all rows beforehand: conditions speak of their names."""

    def __init__(self, rows: Rows, nodes: Sequence[Node]) -> None:
        self._rows = rows
        self._fields = fields_of(dict(self._fields_in(nodes)))

    def _fields_in(self, nodes: Sequence[Node]) -> Iterator[tuple[str, Field]]:
        for node in nodes:
            name = node.line.get("name")
            if node.children and self.is_matrix(node):
                for child in node.children:
                    row = child.line.get("engage_row") or child.line.get("name")
                    yield child.line.get("name"), Field(name, Kind.SINGLE, row)
            elif node.is_group:
                yield from self._fields_in(node.children)
            elif not is_part(node.line) and not type_of(node.line.get("type")).is_about_the_device:
                # Of a row that cannot be asked it is enough to be told once.
                yield name, Field(name, self._kind(node.line) or Kind.SHORT_TEXT)

    def _kind(self, line: Line) -> Kind | None:
        """What a row asks; None where it cannot be asked, of which ``asked`` tells."""
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
        listed = self._rows.lists.get(type_of(line.get("type")).list_name)
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

    def is_matrix(self, node: Node) -> bool:
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

    def asked(self, node: Node) -> Question | None:
        """The question of a row or of a table; None where it cannot be asked, which is told."""
        line = node.line
        if is_part(line):
            return None
        self._rows.note_left_out(line)
        if node.is_group:
            return self._matrix(node)
        given = type_of(line.get("type"))
        kind = self._kind(line)
        if kind is None:
            self._refuse(line, given)
            return None
        if given.is_whole:
            self._rows.note(
                N_("“%(name)s”: a number with decimals is taken too."), line, name=line.get("name")
            )
        return Question(
            name=line.get("name"),
            title=self._rows.label(line),
            help=self._rows.label(line, "hint"),
            is_required=kind is not Kind.NOTE and self._required(line),
            visible_if=self.condition(line),
            flags=self._flags(line),
            **{"kind": kind, **self._particulars(line, given, kind)},
        )

    def _refuse(self, line: Line, given: Type) -> None:
        if given.is_about_the_device:
            self._rows.note(
                N_("“%(type)s” is left out: it would tell who somebody is."), line, type=line.get("type")
            )
        else:
            self._rows.problem(given.advice, line, type=line.get("type")[:40])

    def _matrix(self, node: Node) -> Question:
        rows = tuple(
            Choice(child.line.get("engage_row") or child.line.get("name"), self._rows.label(child.line))
            for child in node.children
        )
        first = node.children[0].line
        listed = self._rows.choices(first, type_of(first.get("type")))
        columns = listed.plain + tuple(Choice(value, text) for value, text in listed.special.items())
        return Question(
            name=node.line.get("name"),
            kind=Kind.MATRIX,
            title=self._rows.label(node.line),
            help=self._rows.label(node.line, "hint"),
            is_required=is_yes(first.get("required")) is True,
            visible_if=self.condition(node.line),
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
        listed = self._rows.choices(line, given)
        special = {
            key: value
            for name, text in listed.special.items()
            for key, value in ((ATTRIBUTES[name], True), (f"{ATTRIBUTES[name]}_text", text))
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
            "low_text": Localised(text_of(line.get("engage_low_en")), text_of(line.get("engage_low_es"))),
            "high_text": Localised(text_of(line.get("engage_high_en")), text_of(line.get("engage_high_es"))),
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
            self._rows.note(
                N_("The constraint “%(text)s” is left out: it is not supported."),
                line,
                text=line.get("constraint")[:80],
            )
        return found

    def _required(self, line: Line) -> bool:
        answer = is_yes(line.get("required"))
        if answer is None:
            self._rows.note(N_("“%(what)s” is left out: it is not supported."), line, what="required")
        return answer is True

    def _flags(self, line: Line) -> frozenset[Flag]:
        words = line.get("engage_flags").split()
        return frozenset(flag for flag in Flag if flag.value in words)

    def condition(self, line: Line) -> Condition | None:
        """On what condition a row or a group is asked."""
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
            self._rows.problem(N_("The column “relevant”: %(said)s"), line, said=bad.told)
            return None
