"""Somebody who solves for all tables of a form together finds no count below ten."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from engage.feedback.counting.plan import make_plan
from engage.feedback.counting.tally import Counted, Tally
from engage.feedback.counting.tell import tell
from engage.feedback.results import Crosstab, Results
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from engage.survey.expressions import parse
from engage.survey.suppression import K
from tests.support.makers import both

LANGUAGES = ("en", "es")
NOTHING = "(none)"

Said = dict[str, Any]
Person = tuple[str, Said]


def choices(letters: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, both(value)) for value in letters)


BROKEN_DOWN = frozenset({Flag.BREAKDOWN})
QUESTIONS = (
    Question(name="q", kind=Kind.SINGLE, title=both("Q"), choices=choices("abcd"), is_required=True),
    # Required, so that as many answer as are asked: whoever reads one number knows the other.
    Question(
        name="why",
        kind=Kind.SINGLE,
        title=both("Why"),
        choices=choices("xyz"),
        visible_if=parse("{q} = 'b'"),
        is_required=True,
    ),
    Question(name="step", kind=Kind.SCALE, title=both("Step"), minimum="1", maximum="4"),
    Question(name="area", kind=Kind.SINGLE, title=both("Area"), choices=choices("nsew"), flags=BROKEN_DOWN),
    Question(name="age", kind=Kind.SINGLE, title=both("Age"), choices=choices("yoz"), flags=BROKEN_DOWN),
    Question(
        name="some",
        kind=Kind.MULTIPLE,
        title=both("Some"),
        choices=choices("klm"),
        refuse=True,
        most_choices=2,
    ),
)
FORM = Definition(title=both("T"), pages=(Page(name="p", title=both("P"), elements=QUESTIONS),))
SORTED = ("q", "why", "step", "area", "age", "lang")
"""The questions with one answer a person, and the language."""


def people(
    chance: random.Random, number: int, skips: float, weights: Sequence[int] = (40, 30, 20, 3)
) -> list[Person]:
    """Answers that depend on each other, as those of people do, with many small groups."""
    found = []
    for _ in range(number):
        area = chance.choices("nsew", (50, 30, 15, 5))[0]
        said: Said = {
            "q": chance.choices("abcd", weights if area != "e" else (1, 8, 1, 1))[0],
            "step": chance.choices((1, 2, 3, 4), (40, 30, 15, 4))[0],
            "area": area,
            "age": chance.choices("yoz", (45, 45, 8))[0],
            "some": chance.choice((["k"], ["k", "l"], ["l"], ["m"], ["k", "m"], ["refused"])),
        }
        if said["q"] == "b":
            said["why"] = chance.choices("xyz", (50, 30, 10))[0]
        kept = {name: one for name, one in said.items() if name in ("q", "why") or chance.random() >= skips}
        found.append((chance.choices(LANGUAGES, (85, 15))[0], kept))
    return found


def chance_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same people at every run


def results_of(everybody: list[Person]) -> Results:
    tally = Tally(make_plan({1: FORM}), LANGUAGES)
    for start in range(0, len(everybody), 100):
        tally.add(
            Counted(1, language, "web", False, said) for language, said in everybody[start : start + 100]
        )
    return tell(tally, {})


def value(person: Person, name: str) -> str:
    language, said = person
    return language if name == "lang" else str(said.get(name, NOTHING))


Event = tuple[tuple[str, str], ...]
"""What is known of somebody: (question, answer) pairs; a choice of several is called ``some:k``."""


class Attacker:
    """Knows the form, everything told and that counts are whole and not negative. Solves for the rest.

    The unknowns are how many people there are of each joint sort (two questions at a time, joined by what
    each question's own counts are), which is every table that is told and all sums that tie them.
    """

    def __init__(self, results: Results) -> None:
        self.results = results
        self.index: dict[Event, int] = {}
        self.rows: list[dict[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.values = {
            "q": [*"abcd"],
            "why": [*"xyz", NOTHING],
            "step": [*"1234", NOTHING],
            "area": [*"nsew", NOTHING],
            "age": [*"yoz", NOTHING],
            "lang": [*LANGUAGES],
        }
        self._lines()
        self._pairs()
        self._why()
        self._several()

    def of(self, *event: tuple[str, str]) -> int:
        return self.index.setdefault(tuple(sorted(event)), len(self.index))

    def know(self, terms: dict[int, float], low: float, high: float | None = None) -> None:
        self.rows.append(terms)
        self.low.append(low)
        self.high.append(low if high is None else high)

    def told(self, event: Event, count: int | None) -> None:
        if count is not None:
            self.know({self.of(*event): 1}, count)

    def sums(self, events: list[Event], to: Event | None) -> None:
        """Events that share out another (None: everybody)."""
        terms = {self.of(*event): 1.0 for event in events}
        if to is None:
            assert self.results.total is not None
            self.know(terms, self.results.total)
        else:
            self.know(terms | {self.of(*to): -1.0}, 0)

    def _lines(self) -> None:
        for name, values in self.values.items():
            self.sums([((name, one),) for one in values], None)
        for cell in self.results.languages:
            self.told((("lang", cell.value),), cell.count)
        for name in ("q", "why", "step", "area", "age"):
            question = self.results.question(name)
            assert question is not None
            for cell in question.cells:
                self.told(((name, cell.value),), cell.count)
            if question.answered is not None and name != "q":
                assert self.results.total is not None
                self.told(((name, NOTHING),), self.results.total - question.answered)
            if question.asked is not None and name == "why":
                self.told((("q", "b"),), question.asked)

    def _pairs(self) -> None:
        names = list(self.values)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                for a in self.values[one]:
                    self.sums([((one, a), (other, b)) for b in self.values[other]], ((one, a),))
                for b in self.values[other]:
                    self.sums([((one, a), (other, b)) for a in self.values[one]], ((other, b),))
        for name in ("q", "why", "step", "area", "age"):
            question = self.results.question(name)
            assert question is not None
            for table in question.crosstabs:
                self._table(name, table)

    def _table(self, name: str, table: Crosstab) -> None:
        by = "lang" if table.by == "@language" else table.by
        rows = [((name, row), table.row_totals[place]) for place, row in enumerate(table.rows)]
        for (row, total), cells in zip(rows, table.cells, strict=True):
            self._table_line([(*sorted([row, (by, c)]),) for c in table.columns], cells, total)
        for place, column in enumerate(table.columns):
            events = [(*sorted([row, (by, column)]),) for row, _total in rows]
            column_cells = [line[place] for line in table.cells]
            self._table_line(events, column_cells, table.column_totals[place])
        if table.total is not None:
            terms = {self.of(row, (by, c)): 1.0 for row, _total in rows for c in table.columns}
            self.know(terms, table.total)

    def _table_line(self, events: list[Any], cells: Any, total: int | None) -> None:
        for event, count in zip(events, cells, strict=True):
            self.told(event, count)
        if total is not None:
            self.know({self.of(*event): 1.0 for event in events}, total)

    def _why(self) -> None:
        """Who said b was asked why, and had to say; nobody else was."""
        self.sums([(("why", one),) for one in "xyz"], (("q", "b"),))
        for name in ("step", "area", "age", "lang"):
            for other in self.values[name]:
                self.sums([(("why", one), (name, other)) for one in "xyz"], (("q", "b"), (name, other)))

    def _several(self) -> None:
        """Everybody who answered made one or two choices, or refused."""
        question = self.results.question("some")
        assert question is not None
        for cell in question.cells:
            self.told((("some:" + cell.value, "yes"),), cell.count)
        if question.answered is not None:
            self.told((("some", "answered"),), question.answered)
        self._of_choices(())
        for table in question.crosstabs:
            self._table_of_choices(table)
        for by in ("area", "age", "lang"):
            self._choices_by(by)

    def _table_of_choices(self, table: Crosstab) -> None:
        by = "lang" if table.by == "@language" else table.by
        for row, line in zip(table.rows, table.cells, strict=True):
            for column, count in zip(table.columns, line, strict=True):
                self.told((("some:" + row, "yes"), (by, column)), count)
        for row, total in zip(table.rows, table.row_totals, strict=True):
            if total is not None:
                event = [(("some:" + row, "yes"), (by, column)) for column in table.columns]
                self.know({self.of(*one): 1.0 for one in event}, total)
        for column, total in zip(table.columns, table.column_totals, strict=True):
            self.told((("some", "answered"), (by, column)), total)

    def _choices_by(self, by: str) -> None:
        for column in self.values[by]:
            self._of_choices(((by, column),))
            self.know({self.of(("some", "answered"), (by, column)): 1, self.of((by, column)): -1}, -np.inf, 0)
        for what in ("some:k", "some:l", "some:m", "some:refused"):
            parts: list[Event] = [((what, "yes"), (by, column)) for column in self.values[by]]
            self.sums(parts, ((what, "yes"),))
        answered: list[Event] = [(("some", "answered"), (by, column)) for column in self.values[by]]
        self.sums(answered, (("some", "answered"),))

    def _of_choices(self, where: Event) -> None:
        answered = self.of(("some", "answered"), *where)
        refused = self.of(("some:refused", "yes"), *where)
        made = {self.of(("some:" + one, "yes"), *where): 1.0 for one in "klm"}
        self.know(made | {answered: -1, refused: 1}, 0, np.inf)
        self.know(made | {answered: -2, refused: 2}, -np.inf, 0)
        self.know({refused: 1, answered: -1}, -np.inf, 0)
        for one in made:
            self.know({one: 1, answered: -1, refused: 1}, -np.inf, 0)

    def system(self) -> LinearConstraint:
        entries = [
            (row, column, factor) for row, terms in enumerate(self.rows) for column, factor in terms.items()
        ]
        rows, columns, factors = zip(*entries, strict=True)
        matrix = csr_array((factors, (rows, columns)), shape=(len(self.rows), len(self.index)))
        return LinearConstraint(matrix, self.low, self.high)

    def most(self, event: Event, system: LinearConstraint, *, least: bool = False) -> float:
        """The most that a count can be."""
        wanted = np.zeros(len(self.index))
        wanted[self.index[tuple(sorted(event))]] = 1 if least else -1
        # Not whole numbers: what is found so is as much as whole ones can be, or a little more, and quick.
        found = milp(wanted, constraints=system, bounds=Bounds(0, np.inf))
        assert found.success, found.message
        return math.floor(abs(float(found.fun)) + 1e-6)


def truth(everybody: list[Person]) -> dict[Event, int]:
    """How many there are of each sort, told or not."""
    found: dict[Event, int] = defaultdict(int)
    for person in everybody:
        known = [(name, value(person, name)) for name in SORTED]
        some = person[1].get("some")
        several = [("some:" + one, "yes") for one in some or ()] + ([("some", "answered")] if some else [])
        for one in (*known, *several):
            found[(one,)] += 1
        for place, one in enumerate(known):
            for other in known[place + 1 :]:
                found[tuple(sorted((one, other)))] += 1
            if one[0] in ("area", "age", "lang"):
                for choice in several:
                    found[tuple(sorted((one, choice)))] += 1
    return found


def small(attacker: Attacker, true: dict[Event, int]) -> Iterator[tuple[Event, int]]:
    """The counts below ten that are to be kept: of answers, alone or two together."""
    told = {"q", "why", "step", "area", "age", "lang", "some:k", "some:l", "some:m", "some:refused"}
    by = {"area", "age", "lang"}
    for event in attacker.index:
        names = {name for name, _value in event}
        kept = names <= told and NOTHING not in {one for _name, one in event}
        # Who did not say b was not asked why: empty by the form itself.
        is_open = names != {"q", "why"} and (len(event) == 1 or bool(names & by))
        if kept and is_open and true.get(event, 0) < K:
            yield event, true.get(event, 0)


def found_by_attack(everybody: list[Person]) -> dict[Event, tuple[int, float]]:
    """The small counts of which an attacker knows that they are small: what they are, and at most can be."""
    attacker = Attacker(results_of(everybody))
    system = attacker.system()
    found = {}
    for event, count in small(attacker, truth(everybody)):
        most = attacker.most(event, system)
        if most < K:
            found[event] = (count, most)
    return found


FORMS = [(1, 60, 0.0), (2, 150, 0.0), (3, 300, 0.03), (4, 700, 0.0), (5, 400, 0.15), (6, 1500, 0.02)]


@pytest.mark.parametrize(("seed", "number", "skips"), FORMS)
def test_all_tables_of_a_form_together_give_no_small_count_away(seed: int, number: int, skips: float) -> None:
    assert found_by_attack(people(chance_of(seed), number, skips)) == {}


@pytest.mark.parametrize(("seed", "number", "skips"), FORMS)
def test_what_the_attacker_takes_for_granted_is_true(seed: int, number: int, skips: float) -> None:
    """Else nothing found would mean nothing."""
    everybody = people(chance_of(seed), number, skips)
    attacker = Attacker(results_of(everybody))
    true = truth(everybody)
    known = np.array([true.get(event, 0) for event in attacker.index], float)

    system = attacker.system()

    sums = system.A @ known
    assert (sums >= np.array(system.lb) - 1e-9).all()
    assert (sums <= np.array(system.ub) + 1e-9).all()


def _only_small_in_line(counts: Sequence[int], **_more: object) -> frozenset[int]:
    return frozenset(place for place, count in enumerate(counts) if count < K)


def _only_small_in_table(table: Any, shut_rows: Any = (), shut_columns: Any = ()) -> frozenset[Any]:
    return frozenset(
        (row, column)
        for row, cells in enumerate(table)
        for column, count in enumerate(cells)
        if count < K or row in shut_rows or column in shut_columns
    )


@pytest.mark.parametrize(
    ("name", "instead", "form"),
    [
        ("hidden_in_line", _only_small_in_line, (1, 60, 0.0)),
        ("hidden_cells", _only_small_in_table, (2, 150, 0.0)),
        ("Hiding._gates_are_told", lambda _self, _asking: True, (1, 100, 0.0, (0, 40, 0, 0))),
        ("Hiding._deciding", lambda _self, _gate, _by: (), (7, 200, 0.0, (3, 40, 1, 1))),
        ("_is_tight", lambda *_all: False, (31, 60, 0.0, (50, 20, 0, 0))),
    ],
)
def test_the_attacker_finds_what_a_rule_less_would_give_away(
    name: str, instead: Any, form: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each rule is needed, and the attack is strong enough to tell."""
    seed, *size = form
    assert found_by_attack(people(chance_of(seed), *size)) == {}

    monkeypatch.setattr(f"engage.feedback.counting.hiding.{name}", instead)

    assert found_by_attack(people(chance_of(seed), *size))


def test_something_is_told_of_a_form_with_many_answers() -> None:
    """Hiding everything would be safe too."""
    results = results_of(people(chance_of(6), 1500, 0.02))
    cells = [
        count
        for question in results.questions
        for table in question.crosstabs
        for line in table.cells
        for count in line
    ]

    assert sum(count is not None for count in cells) > 60
    told_alone = [cell.count for question in results.questions for cell in question.cells]
    assert sum(count is not None for count in told_alone) >= 14
