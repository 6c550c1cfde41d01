"""Somebody who solves for all that is told of a record, with its corrections, finds no count below ten."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import pytest
from scipy.optimize import linprog

from engage.db.types import Localised
from engage.oversight import told as telling
from engage.oversight.models import Unit
from engage.oversight.told import REST, TOTAL, State, ToldVersion, Version, hidden_keys, tell, with_rest
from engage.oversight.values import Below, Value
from engage.survey.suppression import K
from tests.oversight.makers import NOW

KEYS = ("felony", "misdemeanor", "traffic", "other")
Values = dict[str, Value]


def version(number: int, values: Mapping[str, Value]) -> Version:
    hundred = {key: value * 100 if isinstance(value, int) else value for key, value in values.items()}
    return Version(hundred, 1, Localised(), NOW + timedelta(days=number))


def histories(seed: int, number: int) -> list[list[Version]]:
    """Stretches with up to three versions each, most of them with small counts and small corrections."""
    chance = random.Random(seed)  # noqa: S311 - the same figures at every run
    return [_history(chance) for _ in range(number)]


def _history(chance: random.Random) -> list[Version]:
    keys = KEYS[: chance.randint(0, 4)]
    parts = {key: chance.choice((0, 1, 3, 8, 9, 10, 12, 25, 60)) for key in keys}
    rest = chance.choice((0, 0, 2, 15)) if keys else chance.choice((0, 4, 9, 10, 40))
    found = []
    for number in range(chance.randint(1, 3)):
        found.append(version(number, {TOTAL: sum(parts.values()) + rest, **parts}))
        for key in keys:
            if chance.random() < 0.4:
                parts[key] = max(0, parts[key] + chance.choice((-12, -10, -2, -1, 1, 3, 10, 11)))
        rest = max(0, rest + chance.choice((0, 0, 1, 12)))
    return found


class Attacker:
    """Knows what is told of the versions of a stretch, and that counts are not negative and add up.

    With ``believes`` also that a number that was hidden before and after a correction was not corrected: it
    need not be so, but it often is.
    """

    def __init__(self, told: Sequence[ToldVersion], *, believes: bool) -> None:
        self.index: dict[tuple[int, str], int] = {}
        self.tops: dict[int, int] = {}
        self.rows: list[dict[int, float]] = []
        self.sums: list[float] = []
        shown = [(number, one) for number, one in enumerate(told) if not one.is_kept_back]
        for number, one in shown:
            self._version(number, one)
        if believes:
            for (first, one), (second, other) in pairwise(shown):
                self._unchanged(first, one, second, other)

    def of(self, number: int, key: str) -> int:
        return self.index.setdefault((number, key), len(self.index))

    def know(self, terms: dict[int, float], is_: float) -> None:
        self.rows.append(terms)
        self.sums.append(is_)

    def _version(self, number: int, one: ToldVersion) -> None:
        for key, cell in one.cells.items():
            place = self.of(number, key)
            if cell.hundredths is not None:
                self.know({place: 1}, cell.hundredths / 100)
            if cell.below is not None:
                self.tops[place] = cell.below - 1
        parts = {
            key for key, cell in one.cells.items() if key != TOTAL and cell.state is not State.NOT_COLLECTED
        }
        if parts:
            terms = {self.of(number, key): 1.0 for key in parts}
            self.know(terms | {self.of(number, TOTAL): -1.0}, 0)

    def _unchanged(self, first: int, one: ToldVersion, second: int, other: ToldVersion) -> None:
        unknown = (State.HIDDEN, State.BELOW)
        hidden = [key for key, cell in one.cells.items() if cell.state in unknown and key != TOTAL]
        if not all(cell.state in unknown for key, cell in other.cells.items() if key in hidden):
            return
        # All but one of them: the told sums say that something changed.
        for key in hidden[:-1]:
            self.know({self.of(first, key): 1.0, self.of(second, key): -1.0}, 0)

    def most(self, number: int, key: str) -> float:
        """The most that a count can be; infinite where nothing bounds it."""
        matrix = np.zeros((len(self.rows), len(self.index)))
        for row, terms in enumerate(self.rows):
            for column, factor in terms.items():
                matrix[row, column] = factor
        wanted = np.zeros(len(self.index))
        wanted[self.index[number, key]] = -1
        bounds = [(0, self.tops.get(place)) for place in range(len(self.index))]
        found = linprog(wanted, A_eq=matrix if self.rows else None, b_eq=self.sums or None, bounds=bounds)
        if found.status == 3:
            return float("inf")
        if found.status == 2:
            return float("inf")  # What was believed is not so.
        return float(-found.fun)


def small(versions: Sequence[Version], told: Sequence[ToldVersion]) -> list[tuple[int, str]]:
    """The counts below ten of every version of which anything is told."""
    return [
        (number, key)
        for number, (one, other) in enumerate(zip(versions, told, strict=True))
        if not other.is_kept_back
        for key, value in with_rest(one.values, Unit.PEOPLE).items()
        if isinstance(value, int) and value < 100 * K
    ]


def found_by_attack(versions: Sequence[Version]) -> list[tuple[int, str, float]]:
    told = tell(versions, Unit.PEOPLE)
    found = []
    for believes in (False, True):
        attacker = Attacker(told, believes=believes)
        for number, key in small(versions, told):
            most = attacker.most(number, key)
            if most < K - 1e-6:
                found.append((number, key, most))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_no_small_count_can_be_worked_out_of_a_stretch_and_its_corrections(seed: int) -> None:
    assert [found for one in histories(seed, 60) if (found := found_by_attack(one))] == []


def _bounded(chance: random.Random, first: Version) -> list[Version]:
    """A stretch with a small count, of which its source then says no more than that it is below ten."""
    small_keys = [key for key in KEYS if (first.values.get(key, 100 * K) or 0) < 100 * K]  # type: ignore[operator]
    if not small_keys:
        return [first]
    values: Values = {**first.values, chance.choice(small_keys): Below(K)}
    return [first, Version(values, 1, Localised(), NOW + timedelta(days=9))]


def test_a_number_beside_a_later_bound_of_it_tells_no_more_than_the_bound_alone() -> None:
    chance = random.Random(5)  # noqa: S311 - the same figures at every run
    told_both = 0
    for first, *_later in histories(5, 200):
        versions = _bounded(chance, first)
        told_both += len(versions) == 2 and not any(one.is_kept_back for one in tell(versions, Unit.PEOPLE))
        known = {key for key, value in versions[-1].values.items() if isinstance(value, Below)}
        known |= {key for _number, key, _most in found_by_attack(versions[-1:])}
        assert {key for _number, key, _most in found_by_attack(versions)} <= known
    assert told_both > 20


@pytest.mark.parametrize("seed", range(4))
def test_two_told_versions_of_a_stretch_differ_by_ten_people_or_not_at_all(seed: int) -> None:
    for versions in histories(seed, 200):
        shown = [one for one in tell(versions, Unit.PEOPLE) if not one.is_kept_back]
        for one in shown:
            for other in shown:
                apart = [abs(difference) for difference in _apart(one, other)]
                assert all(difference == 0 or difference >= 100 * K for difference in apart)


def _apart(one: ToldVersion, other: ToldVersion) -> list[int]:
    """By how much numbers differ that are told of both, and the sums of those that are told of neither."""
    both_told = [
        key
        for key in one.cells
        if key in other.cells and None not in (one.cells[key].hundredths, other.cells[key].hundredths)
    ]
    apart = [(one.cells[key].hundredths or 0) - (other.cells[key].hundredths or 0) for key in both_told]
    if TOTAL in both_told:
        parts = [key for key in both_told if key != TOTAL]
        apart.append(apart[both_told.index(TOTAL)] - sum(apart[both_told.index(key)] for key in parts))
    return apart


def test_something_is_told_all_the_same() -> None:
    """Hiding everything would be safe too."""
    told = [one for versions in histories(9, 200) for one in tell(versions, Unit.PEOPLE)]
    cells = [cell for one in told for cell in one.cells.values()]

    assert sum(cell.state is State.TOLD for cell in cells) > len(cells) / 3
    assert sum(not one.is_kept_back for one in told) > len(told) / 2


def _only_small(values: Mapping[str, Value], unit: Unit) -> frozenset[str]:
    return frozenset(
        key for key, value in with_rest(values, unit).items() if isinstance(value, int) and value < 1000
    )


def _without_rest(values: Mapping[str, Value], _unit: Unit) -> dict[str, Value]:
    return dict(values)


class TestEachRuleIsNeeded:
    """The control: the attack is strong enough to tell."""

    def test_that_more_than_the_small_ones_are_hidden(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(telling, "hidden_keys", _only_small)

        assert any(found_by_attack(one) for one in histories(0, 60))

    def test_that_the_total_is_hidden_with_its_parts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def without_total(values: Mapping[str, Value], unit: Unit) -> frozenset[str]:
            return hidden_keys(values, unit) - {TOTAL}

        monkeypatch.setattr(telling, "hidden_keys", without_total)

        assert any(found_by_attack(one) for one in histories(0, 60))

    def test_that_versions_are_kept_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(telling, "_may_stand_beside", lambda *_all: True)
        shown = [tell(versions, Unit.PEOPLE) for versions in histories(0, 60)]

        assert any(0 < abs(difference) < 1000 for told in shown for difference in _apart(told[0], told[-1]))


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ({TOTAL: 9}, {TOTAL}),
        ({TOTAL: 0}, {TOTAL}),
        ({TOTAL: 10}, set()),
        ({TOTAL: 40, "felony": 12, "misdemeanor": 20, "traffic": 8}, {"felony", "traffic"}),
        ({TOTAL: 40, "felony": 20, "misdemeanor": 20, "traffic": 0}, {"felony", "traffic"}),
        ({TOTAL: 40, "felony": 20, "misdemeanor": 17}, {REST, "misdemeanor"}),
        ({TOTAL: 9, "felony": 9, "misdemeanor": 0}, {TOTAL, "felony", "misdemeanor"}),
        ({TOTAL: 60, "felony": 30, "misdemeanor": 30}, set()),
        ({TOTAL: 60, "felony": 52, "misdemeanor": None}, {"felony", REST}),
        ({TOTAL: 60, "felony": 52, "misdemeanor": Below(10)}, {"felony", REST}),
        ({TOTAL: 60, "felony": 60, "misdemeanor": None}, {"felony", REST}),
        ({TOTAL: 60, "felony": 45, "misdemeanor": Below(10), "traffic": Below(20)}, set()),
        ({TOTAL: Below(10), "felony": None}, set()),
        ({TOTAL: None, "felony": None}, set()),
    ],
)
def test_the_small_and_what_gives_them_away_are_hidden(values: Values, hidden: set[str]) -> None:
    kept = version(0, values).values

    assert hidden_keys(kept, Unit.PEOPLE) == hidden
    assert hidden_keys(kept, Unit.CASES) == hidden


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit not in (Unit.PEOPLE, Unit.CASES)])
def test_what_is_not_about_people_is_told_exactly(unit: Unit) -> None:
    values: dict[str, Any] = {TOTAL: 300, "felony": 100, "misdemeanor": 200}

    cells = telling.cells_of(values, unit)

    assert {key: cell.hundredths for key, cell in cells.items()} == values


class TestCorrections:
    FIRST: ClassVar[Values] = {TOTAL: 60, "felony": 30, "misdemeanor": 30}

    def told(self, *all_values: Values) -> list[bool]:
        versions = [version(number, values) for number, values in enumerate(all_values)]
        return [not one.is_kept_back for one in tell(versions, Unit.PEOPLE)]

    def test_an_earlier_version_stays_where_ten_people_are_between_them(self) -> None:
        assert self.told(self.FIRST, {TOTAL: 72, "felony": 42, "misdemeanor": 30}) == [True, True]

    def test_an_earlier_version_goes_where_one_person_is_between_them(self) -> None:
        assert self.told(self.FIRST, {TOTAL: 61, "felony": 31, "misdemeanor": 30}) == [False, True]

    def test_moving_a_few_from_one_category_to_another_tells_of_them_too(self) -> None:
        assert self.told(self.FIRST, {TOTAL: 60, "felony": 28, "misdemeanor": 32}) == [False, True]

    def test_an_earlier_version_goes_where_something_else_is_hidden_in_it(self) -> None:
        later: Values = {TOTAL: 60, "felony": 8, "misdemeanor": 52}

        assert self.told(self.FIRST, later) == [False, True]

    def test_a_version_that_only_has_another_note_stays(self) -> None:
        assert self.told(self.FIRST, self.FIRST) == [True, True]

    def test_that_nothing_was_collected_stands_beside_anything(self) -> None:
        nothing: Values = {TOTAL: None, "felony": None, "misdemeanor": None}

        assert self.told(nothing, self.FIRST) == [True, True]
        assert self.told(self.FIRST, nothing, {TOTAL: 61, "felony": 31, "misdemeanor": 30}) == [
            False,
            True,
            True,
        ]

    def test_a_number_that_is_not_told_and_a_bound_read_the_same(self) -> None:
        first: Values = {TOTAL: 82, "felony": 41, "misdemeanor": 22, "traffic": 7, "other": 12}

        assert self.told(first, first | {"traffic": Below(10)}) == [True, True]
        assert self.told(first, first | {"traffic": None}) == [False, True]
        assert self.told(first, first | {"traffic": Below(10), "felony": 42}) == [False, True]
        assert self.told(first, first | {"traffic": Below(10), TOTAL: 83}) == [False, True]
        assert self.told(first, first | {"felony": Below(50)}) == [False, True]

    def test_small_totals_that_differ_by_few_are_both_hidden_and_the_earlier_one_goes(self) -> None:
        assert self.told({TOTAL: 3}, {TOTAL: 5}) == [False, True]

    def test_events_are_all_told(self) -> None:
        versions = [version(number, {TOTAL: number}) for number in range(3)]

        assert all(not one.is_kept_back for one in tell(versions, Unit.EVENTS))
