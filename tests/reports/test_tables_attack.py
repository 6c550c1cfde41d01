"""Somebody who solves for everything that a report tells finds out of no few people what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from engage.comments.filters import UNSTATED
from engage.reports import hiding
from engage.reports.measures import Facts
from engage.reports.summary import Summary
from engage.reports.tables import SIDES, Crosstab
from engage.survey.suppression import K
from tests.reports.crowds import DISTRICTS, Crowd, facts_of, told_of

CODES = {str(place.id): place.code for place in DISTRICTS}
READ: dict[str, Callable[[Any], str]] = {
    "districts": lambda facts: CODES[facts.district] if facts.district else UNSTATED,
    "languages": lambda facts: facts.language,
    "channels": lambda facts: facts.channel,
    "months": lambda facts: facts.day[:7],
    "days": lambda facts: facts.day,
}
Cell = tuple[str, str, str]
"""A position or a concern (“positions”, “concerns”), which one, and the column."""


class Attacker:
    """Knows all that is told without a trait, one trait's tables, and that counts are whole and not negative.

    The unknowns are how many people of each position are in each column, and how many of these raise each
    concern: all tables of the trait at once, and what ties them.
    """

    def __init__(self, summary: Summary, positions: Crosstab, concerns: Crosstab) -> None:
        self.columns = {line.key: line.n for line in (*positions.columns, *positions.apart)}
        self.positions = {line.key: line.n for line in summary.positions}
        self.raised = {row.key: {line.key: line.n for line in row.by_position} for row in summary.concerns}
        self.index: dict[tuple[str, ...], int] = {}
        self.rows: list[dict[int, float]] = []
        self.sums: list[int] = []
        self.told: dict[Cell, int] = {
            (table.of, row.line.key, cell.key): cell.n
            for table in (positions, concerns)
            for row in table.rows
            for cell in row.cells
            if cell is not None
        }
        for column, n in self.columns.items():
            self.know([(position, column) for position in self.positions], n)
        for position, n in self.positions.items():
            self.know([(position, column) for column in self.columns], n)
        for concern, by_position in self.raised.items():
            for position, n in by_position.items():
                self.know([(concern, position, column) for column in self.columns], n)
        for cell, n in self.told.items():
            self.know(self.parts(cell), n)
        self.no_more = [
            ((concern, position, column), (position, column))
            for concern in self.raised
            for position in self.positions
            for column in self.columns
        ]

    def of(self, *name: str) -> int:
        return self.index.setdefault(name, len(self.index))

    def know(self, names: Sequence[tuple[str, ...]], n: int) -> None:
        self.rows.append(dict.fromkeys((self.of(*name) for name in names), 1.0))
        self.sums.append(n)

    def parts(self, cell: Cell) -> list[tuple[str, ...]]:
        of, row, column = cell
        if of == "positions":
            return [(row, column)]
        return [(row, position, column) for position in self.positions]

    def range_of(self, cell: Cell) -> tuple[float, float]:
        """The least and the most that a cell can be."""
        wanted = np.zeros(len(self.index))
        for name in self.parts(cell):
            wanted[self.of(*name)] = 1
        bounds = [self._solve(sign * wanted) * sign for sign in (1, -1)]
        return bounds[0], bounds[1]

    def _solve(self, wanted: Any) -> float:
        equal = _matrix(self.rows, len(self.index))
        less = _matrix(
            [{self.of(*part): 1, self.of(*whole): -1} for part, whole in self.no_more], len(self.index)
        )
        # Not whole numbers: what is found so is as much as whole ones can be, or a little more, and quick.
        found = linprog(
            wanted, A_ub=less, b_ub=np.zeros(len(self.no_more)), A_eq=equal, b_eq=self.sums, method="highs"
        )
        assert found.status == 0, found.message
        return float(found.fun)


def _matrix(rows: Sequence[dict[int, float]], columns: int) -> Any:
    entries = [(row, column, factor) for row, terms in enumerate(rows) for column, factor in terms.items()]
    at, of, factors = zip(*entries, strict=True)
    return csr_array((factors, (at, of)), shape=(len(rows), columns))


def truth(everybody: Sequence[Facts], by: str) -> Counter[Cell]:
    """Every cell as it is, told or not."""
    found: Counter[Cell] = Counter()
    for facts in everybody:
        column = READ[by](facts)
        found["positions", facts.position or UNSTATED, column] += 1
        found.update(("concerns", concern, column) for concern in facts.concerns)
    return found


def small(attacker: Attacker, true: Counter[Cell]) -> Iterator[tuple[Cell, bool]]:
    """The cells that are to be kept: in which few say something, or few (True) do not say it."""
    everybody = attacker.positions
    for column, size in attacker.columns.items():
        for position in SIDES:
            cell: Cell = ("positions", str(position), column)
            if attacker.positions[position] >= K and true[cell] < min(K, size):
                yield cell, False
        for concern, raised in attacker.raised.items():
            cell = ("concerns", concern, column)
            if max(raised.values()) >= K and true[cell] < min(K, size):
                yield cell, False
            left = [everybody[position] - n for position, n in raised.items()]
            if max(left) >= K and size - true[cell] < min(K, size):
                yield cell, True


def given_away(everybody: list[Facts]) -> list[tuple[str, Cell, bool, int]]:
    """The small cells of which an attacker knows that they are small."""
    summary, tables = told_of(everybody)
    found = []
    for positions, concerns in zip(tables[::2], tables[1::2], strict=True):
        attacker, true = Attacker(summary, positions, concerns), truth(everybody, positions.by)
        for cell, is_rest in small(attacker, true):
            size = attacker.columns[cell[2]]
            least, most = attacker.range_of(cell)
            reach = size - least if is_rest else most
            if reach < min(K, size) - 1e-6:
                found.append((positions.by, cell, is_rest, true[cell]))
    return found


CROWDS = [
    Crowd(1, 60),
    Crowd(2, 150, bound=1.0),
    Crowd(3, 300, bound=0.9, split=0.9),
    Crowd(4, 700, bound=1.0, split=0.6),
    Crowd(5, 1500, bound=0.3),
    Crowd(6, 5000, bound=1.0, split=1.0),
]


@pytest.mark.parametrize("crowd", CROWDS, ids=str)
def test_all_that_a_report_tells_gives_no_few_people_away(crowd: Crowd) -> None:
    assert given_away(facts_of(crowd)) == []


def _only_small(table: Any, shut_rows: Any = (), shut_columns: Any = ()) -> frozenset[Any]:
    return frozenset(
        (row, column) for row, cells in enumerate(table) for column, count in enumerate(cells) if count < K
    )


TIED = Crowd(249523, 100, bound=0.9, split=1.0, days=20)


@pytest.mark.parametrize(
    ("rule", "instead", "crowd"),
    [
        ("hidden_cells", _only_small, TIED),
        ("ConcernsHidden._can_be_more", lambda *_all: True, TIED),
        ("ConcernsHidden._tells_no_world", lambda *_all: True, None),
    ],
)
def test_the_attacker_finds_what_a_rule_less_would_give_away(
    rule: str, instead: Any, crowd: Crowd | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each rule is needed, and the attack is strong enough to tell."""
    everybody = facts_of(crowd) if crowd else known_by_the_rest()
    assert given_away(everybody) == []

    monkeypatch.setattr(f"{hiding.__name__}.{rule}", instead)

    assert given_away(everybody)


def known_by_the_rest() -> list[Facts]:
    """Five opponents in the third district, and a concern that all raise who take a side."""
    people = {"support": (100, 100, 100), "oppose": (100, 12, 5), "neutral": (50, 11, 12)}
    return [
        Facts(
            disposition="posted",
            position=position,
            district=str(place + 1),
            day="2026-10-01",
            channel="web",
            language="en",
            tone="neutral",
            concerns=() if position == "neutral" else ("trust",),
        )
        for position, counts in people.items()
        for place, count in enumerate(counts)
        for _ in range(count)
    ]


@pytest.mark.parametrize("crowd", CROWDS[:4], ids=str)
def test_what_the_attacker_takes_for_granted_is_true(crowd: Crowd) -> None:
    """Else nothing found would mean nothing."""
    everybody = facts_of(crowd)
    summary, tables = told_of(everybody)
    for positions, concerns in zip(tables[::2], tables[1::2], strict=True):
        attacker, true = Attacker(summary, positions, concerns), truth(everybody, positions.by)
        assert all(true[cell] == n for cell, n in attacker.told.items())
        assert set(true) >= set(attacker.told)
        known = np.zeros(len(attacker.index))
        for facts in everybody:
            position, column = facts.position or UNSTATED, READ[positions.by](facts)
            known[attacker.of(position, column)] += 1
            for concern in facts.concerns:
                known[attacker.of(concern, position, column)] += 1
        assert _matrix(attacker.rows, len(attacker.index)) @ known == pytest.approx(attacker.sums)


def test_something_is_told_of_many_comments() -> None:
    """Hiding everything would be safe too."""
    for number, least in ((400, 50), (10_000, 600)):
        _, tables = told_of(facts_of(Crowd(5, number)))
        assert sum(cell is not None for table in tables for row in table.rows for cell in row.cells) > least


def test_support_and_oppose_are_hidden_alike() -> None:
    """Exchange the two, and their rows change places: also where they count the same."""
    for seed in range(12):
        everybody = facts_of(Crowd(seed, 130, bound=0))
        everybody += [replace(facts, position=SWAPPED.get(facts.position or "")) for facts in everybody[:60]]
        swapped = [replace(one, position=SWAPPED.get(one.position or "", one.position)) for one in everybody]

        (_, plain), (_, other) = told_of(everybody), told_of(swapped)

        assert [_cells(table) for table in plain] == [_cells(table, swap=True) for table in other]


SWAPPED = {"support": "oppose", "oppose": "support"}


@pytest.mark.parametrize(
    "table",
    [
        [[4, 12], [15, 20], [0, 53], [37, 58]],
        [[5, 31], [25, 9], [50, 0], [28, 21]],
        [[0, 12, 15], [14, 7, 0], [16, 0, 7]],
        # The two sides have the same numbers, and what supporters raise is not what opponents do.
        [[12, 0, 25], [12, 0, 25], [0, 11, 3], [9, 40, 2]],
    ],
)
def test_no_concern_is_hidden_for_the_side_that_is_named_first(table: list[list[int]]) -> None:
    chance = np.random.default_rng(7)
    other = [table[1], table[0], *table[2:]]
    hidden, swapped = (hiding.hidden_positions(rows, sides=[0, 1]) for rows in (table, other))
    of_table, of_other = hiding.ConcernsHidden(table, hidden), hiding.ConcernsHidden(other, swapped)

    for _ in range(300):
        said = np.array([[(0, chance.integers(n + 1), n)[chance.integers(3)] for n in row] for row in table])
        cells, raised = said.sum(axis=0).tolist(), said.sum(axis=1).tolist()
        mirrored = [raised[1], raised[0], *raised[2:]]
        assert of_table.hidden(cells, raised) == of_other.hidden(cells, mirrored)


def _cells(table: Crosstab, *, swap: bool = False) -> dict[str, list[int | None]]:
    names = SWAPPED if swap and table.of == "positions" else {}
    return {
        names.get(row.line.key, row.line.key): [None if cell is None else cell.n for cell in row.cells]
        for row in table.rows
    }
