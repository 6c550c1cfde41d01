"""What of the raw counts of a form can be told, all of its tables taken together.

Beside what ``engage.survey.suppression`` says of lines and tables, the form itself joins counts: who is asked
a question is decided by earlier answers, so that "180 were asked why not" is another way to say "180 said
no". Where such an earlier count is hidden, the later question is too.

Three things are told however small they are, because they say nothing of what anybody answered: how many of
those asked left a question out; that a language, channel or tone was nobody's; and how many were shown a
version, where a question that only they were asked tells it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from engage.feedback.counting.plan import Asking, Gate
from engage.feedback.counting.tally import CHOSEN, LANGUAGE, SAID, Key, Sorting, Tally, things
from engage.feedback.results import Count
from engage.survey.definition import Kind
from engage.survey.suppression import K, hidden_cells, hidden_choices, hidden_in_line

MOST_ROWS = 6
"""A matrix of more rows is not told by other questions."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table as it can be told: None is hidden. ``shut`` are the columns that are hidden whole."""

    cells: tuple[tuple[Count, ...], ...]
    row_totals: tuple[Count, ...]
    column_totals: tuple[Count, ...]
    total: Count
    shut: frozenset[int]

    @property
    def tells_nothing(self) -> bool:
        """Whether all cells are hidden."""
        return all(cell is None for row in self.cells for cell in row)

    def hides(self, column: int, rows: Iterable[int]) -> bool:
        """Whether a column is hidden, in one of these rows."""
        return column in self.shut or any(self.cells[row][column] is None for row in rows)


class Hiding:
    """Decides once for every line and table."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self._askings = {one.key: one for one in tally.plan.askings}
        self._order = {one.key: place for place, one in enumerate(tally.plan.askings)}
        self._told: dict[str, bool] = {}
        self._lines: dict[Key, frozenset[int]] = {}
        self._blocks: dict[tuple[Key, Key], Block] = {}

    # Lines: one question.

    def values(self, key: Key) -> list[int]:
        """The raw counts of a sorting's values."""
        return self.tally.line(key)[: len(self._sorting(key).values)]

    def answered(self, asking: Asking) -> int:
        """How many answered; who says that nothing can be ranked has not ranked."""
        values = self.values((asking.key, None))
        return values[SAID] if asking.question.kind is Kind.RANKING else sum(values)

    def is_told(self, asking: Asking) -> bool:
        """Whether anything of a question is told."""
        if asking.key not in self._told:
            enough = min(self.tally.total, self.tally.asked[asking.key], self.answered(asking)) >= K
            self._told[asking.key] = enough and self._gates_are_told(asking)
        return self._told[asking.key]

    def asked(self, asking: Asking) -> int | None:
        """How many were asked, where that gives nothing away."""
        asked = self.tally.asked[asking.key]
        if not self.is_told(asking):
            return None
        if asking.in_all:
            return asked if not asking.is_conditional or self._can_be_read_off(asking) else None
        versions = self.tally.versions.values()
        return asked if not asking.is_conditional and min(versions, default=0) >= K else None

    def hidden(self, key: Key) -> frozenset[int]:
        """The places of a sorting that shares people out: the answers to a single choice, to a row."""
        if key not in self._lines:
            named = {
                self._sorting(key).values.index(value)
                for gate in self._named.get(key, ())
                for value in gate.values
            }
            self._lines[key] = hidden_in_line(self.values(key), dear=named)
        return self._lines[key]

    def hidden_choices(self, asking: Asking) -> frozenset[str]:
        """The choices of a multiple choice that are hidden, the ways to choose nothing among them."""
        chosen, said = things(asking.question), self.values((asking.key, None))
        counts = [self.values((asking.key, value))[CHOSEN] for value in chosen]
        ways = zip(self._sorting((asking.key, None)).values[1:], said[1:], strict=True)
        unsaid = {way for way, count in ways if count < K or said[SAID] < K}
        most = asking.question.most_choices
        places = hidden_choices(counts, of=said[SAID], most=most, is_vague=bool(unsaid))
        return frozenset(unsaid | {chosen[place] for place in places})

    @cached_property
    def _named(self) -> dict[Key, list[Gate]]:
        """The gates by the sorting whose values they name."""
        found: dict[Key, list[Gate]] = {}
        for asking in self._askings.values():
            for gate in asking.gates:
                if self._askings[gate.key].question.kind in (Kind.SINGLE, Kind.SCALE, Kind.MATRIX):
                    found.setdefault((gate.key, gate.row), []).append(gate)
        # A matrix as a whole has no values that could be named.
        return {
            key: gates
            for key, gates in found.items()
            if key in self.tally.sortings
            and all(gate.values <= set(self.tally.sortings[key].values) for gate in gates)
        }

    def _sorting(self, key: Key) -> Sorting:
        return self.tally.sortings.get(key, self.tally.by_language)

    def decides(self, asking: Asking) -> bool:
        """Whether its answers decide who is asked another question."""
        return any(gate.key == asking.key for other in self._askings.values() for gate in other.gates)

    def columns(self, by: str) -> tuple[str, ...]:
        """The values that a table by this question (or ``LANGUAGE``) has columns for."""
        return self._sorting((by, None)).values

    # Conditions: a question and those that decide who is asked it.

    def _can_be_read_off(self, asking: Asking) -> bool:
        """Whether how many are asked can be read off one told line."""
        return asking.is_simple and all(
            self._askings[gate.key].versions == asking.versions for gate in asking.gates
        )

    def _gates_are_told(self, asking: Asking) -> bool:
        gates = [(self._askings[gate.key], gate) for gate in asking.gates]
        if not all(self.is_told(earlier) for earlier, _gate in gates):
            return False
        if self._can_be_read_off(asking):
            return all(not gate.values & self._hidden_values(earlier, gate.row) for earlier, gate in gates)
        return (
            not any(self._hidden_values(earlier, gate.row) for earlier, gate in gates)
            and not self._are_crossed([earlier for earlier, _gate in gates])
            and all(self._is_apart(asking, earlier, gate) for earlier, gate in gates)
        )

    def _hidden_values(self, asking: Asking, row: str | None) -> frozenset[str]:
        if asking.question.kind is Kind.MULTIPLE:
            return self.hidden_choices(asking)
        if asking.question.kind not in (Kind.SINGLE, Kind.SCALE, Kind.MATRIX):
            return frozenset()
        rows = [(asking.key, row)]
        if asking.question.kind is Kind.MATRIX and row is None:
            rows = [(asking.key, one.value) for one in asking.question.rows]
        return frozenset(self._sorting(key).values[place] for key in rows for place in self.hidden(key))

    def _are_crossed(self, gates: list[Asking]) -> bool:
        """Whether a table of one by another hides something, of which the question would tell."""
        return any(
            one.key != other.key and any(None in row for row in block.cells)
            for one in gates
            for other in gates
            if other.is_breakdown
            for block in self._blocks_of(one, other.key)
        )

    def _is_apart(self, asking: Asking, earlier: Asking, gate: Gate) -> bool:
        """Whether as many as K are asked and did not answer so, or the other way round."""
        asked = self.tally.asked[asking.key]
        if not gate.values:
            near = [self.answered(earlier)]
        elif earlier.question.kind is Kind.MULTIPLE:
            near = [
                self.values((earlier.key, value))[CHOSEN]
                for value in gate.values
                if (earlier.key, value) in self.tally.sortings
            ]
        else:
            values, counts = (
                self._sorting((earlier.key, gate.row)).values,
                self.values((earlier.key, gate.row)),
            )
            near = [sum(counts[values.index(value)] for value in gate.values if value in values)]
        every = (self.tally.total, self.answered(earlier))
        return all(
            abs(asked - count) >= K for one in near for count in (one, *(all_ - one for all_ in every))
        )

    # Tables: one question by another.

    def breakdowns(self, asking: Asking) -> list[str]:
        """The keys of the questions by which this one is told; ``LANGUAGE`` last."""
        if not self.is_told(asking) or not self._rows(asking):
            return []
        fitting = [
            other.key
            for other in self._askings.values()
            if other.is_breakdown
            and other.key != asking.key
            and self._can_cross(asking, other)
            and self.is_told(other)
        ]
        return [*fitting, LANGUAGE]

    def _can_cross(self, asking: Asking, other: Asking) -> bool:
        """Not where one decides who is asked the other: some cells are empty then, and known to be."""
        decide = {gate.key for gate in (*asking.gates, *other.gates)}
        if decide & {asking.key, other.key}:
            return False
        return not any(self._askings[gate.key].is_breakdown for gate in other.gates)

    def _rows(self, asking: Asking) -> list[Key]:
        """The sortings of a question that are told by others."""
        match asking.question.kind:
            case Kind.SINGLE | Kind.SCALE:
                return [(asking.key, None)]
            case Kind.MULTIPLE:
                return [(asking.key, None), *((asking.key, value) for value in things(asking.question))]
            case Kind.MATRIX if len(asking.question.rows) <= MOST_ROWS:
                return [(asking.key, row.value) for row in asking.question.rows]
        return []

    def _blocks_of(self, asking: Asking, by: str) -> list[Block]:
        return [self.block(key, by) for key in self._rows(asking)]

    def block(self, key: Key, by: str) -> Block:
        """The table of a sorting's values by those of ``by``."""
        at = key, (by, None)
        if at not in self._blocks:
            self._blocks[at] = self._make(key, by)
        return self._blocks[at]

    def _make(self, key: Key, by: str) -> Block:
        asking = self._askings[key[0]]
        if asking.is_breakdown and by != LANGUAGE and self._order[by] > self._order[key[0]]:
            # The same people in the same cells: decided once.
            return _turned(self.block((by, None), key[0]))
        if asking.question.kind is Kind.MULTIPLE:
            return self._make_choice(asking, key, by)
        counts = self._counts(key, by)
        shut = _shut(_totals(counts), self._closed(asking, by))
        return _block(counts, self.hidden(key), shut)

    def _counts(self, key: Key, by: str) -> list[list[int]]:
        """The raw table, all who did not answer ``by`` in its last column."""
        width = len(self._sorting((by, None)).values)
        rows = self.tally.table(key, (by, None))[: len(self._sorting(key).values)]
        return [[*row[:width], sum(row[width:])] for row in rows]

    def _closed(self, asking: Asking, by: str) -> frozenset[int]:
        """The columns to be hidden whole: their own line hides them, or they would tell of a hidden cell in
        the table of a question that decides who is asked this one."""
        hidden = set(self.hidden_languages if by == LANGUAGE else self.hidden((by, None)))
        for gate in asking.gates:
            for block, rows in self._deciding(gate, by):
                hidden |= {column for column in range(len(block.column_totals)) if block.hides(column, rows)}
        return frozenset(hidden)

    def _deciding(self, gate: Gate, by: str) -> Iterable[tuple[Block, frozenset[int]]]:
        """The tables of the answers that a gate names, with their rows."""
        earlier = self._askings[gate.key]
        if by != LANGUAGE and not self._can_cross(earlier, self._askings[by]):
            return
        for key in self._rows(earlier):
            values = self._sorting(key).values
            if earlier.question.kind is Kind.MULTIPLE and key[1] is not None:
                yield self.block(key, by), frozenset({CHOSEN} if key[1] in gate.values else ())
            elif gate.row is None or key[1] == gate.row:
                yield (
                    self.block(key, by),
                    frozenset(place for place, value in enumerate(values) if value in gate.values),
                )

    @cached_property
    def hidden_languages(self) -> frozenset[int]:
        """The site's languages in which so few answered that it is not told."""
        counts = self.tally.line((LANGUAGE, None))
        known = len(self.tally.by_language.values)
        line = [*counts[:known], sum(counts[known:])]
        return hidden_in_line(line if line[-1] else line[:-1])

    def _make_choice(self, asking: Asking, key: Key, by: str) -> Block:
        """One choice of several (two rows: chosen or not), or the ways to choose something or nothing."""
        ways, most = self._counts((asking.key, None), by), asking.question.most_choices
        said = ways[SAID]
        every = [self._counts((asking.key, value), by)[CHOSEN] for value in things(asking.question)]
        tight = {column for column in range(len(said)) if _is_tight(said, every, most, {column})}
        shut = _shut(said, _shut(_totals(ways), self._closed(asking, by) | tight))
        if _is_tight(said, every, most, shut):
            shut = frozenset(range(len(said)))
        hidden = self.hidden_choices(asking)
        if key[1] is None:
            rows = {place for place, way in enumerate(self._sorting(key).values) if way in hidden}
            return _block(ways, rows | {SAID} if rows else (), shut)
        chosen = self._counts(key, by)[CHOSEN]
        others = [of - count for of, count in zip(said, chosen, strict=True)]
        return _block([chosen, others], {0, 1} if key[1] in hidden else (), shut)


def _totals(counts: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*counts, strict=True)]


def _shut(totals: list[int], closed: frozenset[int]) -> frozenset[int]:
    """The columns to hide whole, so that their totals give none away.

    The last one is of those who did not answer what the columns are of: that there is nobody is no secret.
    """
    line = totals if totals[-1] else totals[:-1]
    return hidden_in_line(line, forced=closed & set(range(len(line)))) | closed


def _block(counts: list[list[int]], shut_rows: Collection[int], shut: frozenset[int]) -> Block:
    last = len(counts[0]) - 1
    left_out = [row[last] for row in counts]
    table = counts if any(left_out) else [row[:last] for row in counts]
    hidden = hidden_cells(table, shut_rows=shut_rows, shut_columns=shut & set(range(len(table[0]))))
    cells = tuple(
        tuple(None if (row, column) in hidden else counts[row][column] for column in range(last))
        for row in range(len(counts))
    )
    totals = _totals(counts)[:last]
    return Block(
        cells,
        # The line of all answers, less those who left the other question out, is a row's total.
        tuple(
            None if row in shut_rows or (any(left_out) and None in cells[row]) else sum(counts[row][:last])
            for row in range(len(counts))
        ),
        tuple(None if column in shut else total for column, total in enumerate(totals)),
        None if last in shut and any(left_out) else sum(totals),
        shut - {last},
    )


def _turned(block: Block) -> Block:
    """The same table with rows for columns."""
    cells = tuple(zip(*block.cells, strict=True))
    shut = frozenset(column for column, row in enumerate(block.cells) if all(cell is None for cell in row))
    return Block(cells, block.column_totals, block.row_totals, block.total, shut)


def _is_tight(said: list[int], chosen: list[list[int]], most: int | None, columns: Collection[int]) -> bool:
    """Whether the sum of all choices in these columns is nearly as small, or as large, as it can be."""
    of = sum(said[column] for column in columns)
    made = sum(row[column] for row in chosen for column in columns)
    return bool(columns) and (made - of < K or (most is not None and most * (of - K) < made))
