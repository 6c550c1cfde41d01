"""Numbers made anew from the list of a published report: they must be those that it tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce

import numpy as np

from engage.comments.models import Disposition
from engage.reports.frozen.columns import Column, joined
from engage.reports.frozen.columns import Numbers as Sizes
from engage.reports.inputs import Numbers
from engage.reports.measures import DISPOSITION, MEASURES, OF_DISTINCT, TallyKey, of_distinct, tally_key
from engage.reports.models import DistinctKind


def numbers_from(
    columns: Mapping[str, Column], sizes: Mapping[DistinctKind, Sizes], comments: int
) -> dict[TallyKey, int]:
    """All numbers of posted comments, from the columns of a list."""
    numbers: Counter[TallyKey] = Counter()
    if comments:
        numbers[tally_key((DISPOSITION,), (Disposition.POSTED,))] = comments
    for dimensions in MEASURES:
        if all(dimension in columns for dimension in dimensions):
            column = reduce(joined, (columns[dimension] for dimension in dimensions))
            measure = tally_key(dimensions, ()).measure
            for key, n in _counted(column):
                numbers[TallyKey(measure, key)] = n
    for kind, of_kind in sizes.items():
        for size, times in zip(*np.unique(of_kind, return_counts=True), strict=True):
            for name, n in of_distinct(kind, int(size)).items():
                numbers[name] += n * int(times)
    return dict(numbers)


def differences(told: Numbers, counted: Numbers, *, only_told: bool = False) -> list[TallyKey]:
    """The numbers of posted comments in which the two differ, in their order.

    Comments that are not posted are in no list: their dispositions are told and cannot be counted here. With
    ``only_told`` a measure that the report does not tell at all is left out: it may be a later one.
    """
    posted = TallyKey(DISPOSITION, Disposition.POSTED)
    names = {name for name in told if name.measure in _COUNTED or name == posted} | set(counted)
    if only_told:
        measures = {name.measure for name in told}
        names = {name for name in names if name.measure in measures}
    return sorted(name for name in names if told.get(name, 0) != counted.get(name, 0))


def uncheckable(told: Numbers) -> list[str]:
    """The measures among the numbers that no list can be counted by."""
    return sorted({name.measure for name in told} - _COUNTED - {DISPOSITION})


_COUNTED = frozenset({tally_key(dimensions, ()).measure for dimensions in MEASURES} | {OF_DISTINCT})


def _counted(column: Column) -> Iterable[tuple[str, int]]:
    counts: list[int] = []
    if column.values:
        counts = np.bincount(column.codes, minlength=len(column.values)).tolist()
    return ((value, n) for value, n in zip(column.values, counts, strict=True) if n)
