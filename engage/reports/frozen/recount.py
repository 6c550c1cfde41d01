"""Numbers made anew from the list of a published report: they must be those that it tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce

import numpy as np

from engage.comments.models import Disposition
from engage.reports.campaigns import letters_together
from engage.reports.frozen.columns import Column, joined, parts_of
from engage.reports.frozen.columns import Numbers as Sizes
from engage.reports.inputs import Numbers
from engage.reports.measures import (
    CAMPAIGN,
    DAILY,
    DISPOSITION,
    MEASURES,
    MONTHLY,
    OF_CONCERN,
    OF_DISTINCT,
    OF_EACH_LETTER,
    OF_LETTERS,
    TallyKey,
    factors_of,
    of_concern,
    of_distinct,
    tally_key,
)
from engage.reports.models import DistinctKind
from engage.reports.tables import is_told_by_day

_AT_ONCE = 100_000
"""So many comments are counted together."""


def numbers_from(
    columns: Mapping[str, Column], sizes: Mapping[DistinctKind, Sizes], comments: int
) -> dict[TallyKey, int]:
    """All numbers of posted comments, from the columns of a list."""
    numbers: Counter[TallyKey] = Counter()
    if comments:
        numbers[tally_key((DISPOSITION,), (Disposition.POSTED,))] = comments
    # Some at a time: what two dimensions make together takes many times the memory of either.
    for some in parts_of(columns, _AT_ONCE):
        for measure, dimensions in map(factors_of, MEASURES):
            if all(dimension in some for dimension in dimensions):
                column = reduce(joined, (some[dimension] for dimension in dimensions))
                for key, n in _counted(column):
                    numbers[TallyKey(measure, key)] += n
    numbers.update(_of_distincts(sizes))
    return dict(numbers)


def _of_distincts(sizes: Mapping[DistinctKind, Sizes]) -> Counter[TallyKey]:
    numbers: Counter[TallyKey] = Counter()
    for kind, of_kind in sizes.items():
        for size, times in zip(*np.unique(of_kind, return_counts=True), strict=True):
            for name, n in of_distinct(kind, int(size)).items():
                numbers[name] += n * int(times)
    return numbers


def of_concerns(concerns: Column, keys: Mapping[DistinctKind, Sizes]) -> dict[TallyKey, int]:
    """How many texts and submitters raise each concern. Only while the keys are there: they are not kept."""
    numbers = {}
    rows = concerns.rows
    for place, value in enumerate(concerns.values):
        raising = rows[concerns.codes == place]
        for kind, of_kind in keys.items():
            known = np.unique(of_kind[raising])
            if n := int(np.count_nonzero(known)):
                numbers[of_concern(value, kind)] = n
    return numbers


def differences(told: Numbers, counted: Numbers, *, only_told: bool = False) -> list[TallyKey]:
    """The numbers of posted comments in which the two differ, in their order.

    Of form letters only those are compared that the report tells, and what all add up to.
    Comments that are not posted are in no list: their dispositions are told and cannot be counted here. Of
    crosses with time a report tells those with days or those with months. With ``only_told`` a measure that
    the report does not tell at all is left out: it may be a later one, or one that needs keys.
    """
    posted = TallyKey(DISPOSITION, Disposition.POSTED)
    if any(name.measure == OF_LETTERS for name in told):
        counted = {**counted, **letters_together(counted)}
    names = {name for name in told if name.measure in _COUNTED or name == posted} | set(counted)
    unwanted = _unwanted_spans(told)
    names = {name for name in names if name.measure not in unwanted} - _untold_letters(told, names)
    if only_told:
        measures = {name.measure for name in told}
        names = {name for name in names if name.measure in measures and name.measure != OF_CONCERN}
    return sorted(name for name in names if told.get(name, 0) != counted.get(name, 0))


def uncheckable(told: Numbers) -> list[str]:
    """The measures among the numbers that no list can be counted by."""
    return sorted({name.measure for name in told} - _COUNTED - {DISPOSITION})


def _unwanted_spans(told: Numbers) -> frozenset[str]:
    """The crosses with time that this report does not need: see gather.numbers_of."""
    return MONTHLY if is_told_by_day(told) else DAILY


def _untold_letters(told: Numbers, names: Iterable[TallyKey]) -> set[TallyKey]:
    """The numbers of form letters of which the report tells only what all of them add up to."""
    letters = {name.key for name in told if name.measure == CAMPAIGN}
    return {
        name
        for name in names
        if name.measure in OF_EACH_LETTER and name not in told and name.key.partition("|")[0] not in letters
    }


_COUNTED = frozenset(
    {factors_of(dimensions)[0] for dimensions in MEASURES} | {OF_DISTINCT, OF_CONCERN, OF_LETTERS}
)


def _counted(column: Column) -> Iterable[tuple[str, int]]:
    counts: list[int] = []
    if column.values:
        counts = np.bincount(column.codes, minlength=len(column.values)).tolist()
    return ((value, n) for value, n in zip(column.values, counts, strict=True) if n)
