"""Facts of many comments as columns of small numbers: a million comments in some megabytes.

A column holds one dimension of the facts. Comment number i of the list (its ordinal) has ``counts[i]`` values
there, none or one or many, one after the other in ``codes``; a code is the place of its value in ``values``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engage.reports.frozen.codec import pack, unpack

Numbers = NDArray[Any]
"""Whole numbers, as small as they can be kept."""

_HEAD = struct.Struct("<BBQ")
_PLACE = np.int32
"""Places in a list, or in the codes of a column: up to two thousand million."""
_SIZES = {1: "<u1", 2: "<u2", 4: "<u4"}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One dimension of every comment of a list. ``values`` are in their order as texts."""

    values: tuple[str, ...]
    counts: Numbers
    codes: Numbers

    @property
    def rows(self) -> Numbers:
        """For each code the ordinal of the comment that has it."""
        return np.repeat(np.arange(len(self.counts), dtype=_PLACE), self.counts)

    def has(self, wanted: Iterable[str]) -> NDArray[np.bool_]:
        """For each comment whether it has one of these values."""
        asked = frozenset(wanted)
        places = [place for place, value in enumerate(self.values) if value in asked]
        found = np.zeros(len(self.counts), dtype=bool)
        if places:
            found[self.rows[np.isin(self.codes, places)]] = True
        return found

    def take(self, order: Numbers) -> Column:
        """The same comments in another order."""
        counts = self.counts[order]
        starts = np.concatenate(([0], np.cumsum(self.counts, dtype=np.int64)))[:-1][order]
        return Column(self.values, counts, self.codes[_ranges(starts, counts)])

    def sorted(self) -> Column:
        """With the values in their order, and with the numbers as small as can be."""
        order = sorted(range(len(self.values)), key=self.values.__getitem__)
        place = np.zeros(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        codes = place[self.codes] if len(order) else self.codes
        return Column(tuple(self.values[old] for old in order), small(self.counts), small(codes))

    def to_bytes(self) -> bytes:
        """As it is digested and, packed, stored: equal columns are equal bytes."""
        head = _HEAD.pack(self.counts.dtype.itemsize, self.codes.dtype.itemsize, len(self.counts))
        return head + self.counts.tobytes() + self.codes.tobytes()

    @classmethod
    def from_stored(cls, values: Sequence[str], stored: bytes) -> Column:
        """Read what was stored."""
        content = unpack(stored)
        count_size, code_size, n = _HEAD.unpack_from(content)
        middle = _HEAD.size + count_size * n
        return cls(
            tuple(values),
            np.frombuffer(content[_HEAD.size : middle], dtype=_SIZES[count_size]),
            np.frombuffer(content[middle:], dtype=_SIZES[code_size]),
        )


def column_of(rows: Iterable[Sequence[str]]) -> Column:
    """A column of what each comment has, for few of them."""
    values: dict[str, int] = {}
    counts, codes = [], []
    for row in rows:
        counts.append(len(row))
        codes += [values.setdefault(value, len(values)) for value in row]
    return Column(
        tuple(values), np.asarray(counts, dtype=np.int64), np.asarray(codes, dtype=np.int64)
    ).sorted()


def small(numbers: Numbers) -> Numbers:
    """The same numbers in the fewest bytes."""
    largest = int(numbers.max()) if len(numbers) else 0
    size = 1 if largest < 1 << 8 else 2 if largest < 1 << 16 else 4
    smaller: Numbers = numbers.astype(_SIZES[size])
    return smaller


def packed(column: Column) -> bytes:
    """A column as it is stored."""
    return pack(column.to_bytes())


def joined(first: Column, second: Column) -> Column:
    """Two dimensions as one: every pair of values that a comment has, named ``a|b`` as in measures."""
    rows = first.rows
    counts = second.counts[rows]
    starts = np.concatenate(([0], np.cumsum(second.counts, dtype=_PLACE)))[:-1][rows].astype(_PLACE)
    pairs = np.repeat(first.codes.astype(np.int64), counts) * max(1, len(second.values))
    pairs += second.codes[_ranges(starts, counts)]
    # Where all pairs together are few, counting them is quicker than sorting and needs no copies.
    every = len(first.values) * len(second.values)
    known: Numbers
    codes: Numbers
    if every <= max(1_000, len(pairs)):
        known = np.flatnonzero(np.bincount(pairs, minlength=every))
        place = np.zeros(every, dtype=_PLACE)
        place[known] = np.arange(len(known))
        codes = place[pairs]
    else:
        known, codes = np.unique(pairs, return_inverse=True)
    values = tuple(
        f"{first.values[pair // len(second.values)]}|{second.values[pair % len(second.values)]}"
        for pair in known.tolist()
    )
    of_comment = np.bincount(np.repeat(rows, counts), minlength=len(first.counts))
    return Column(values, of_comment, codes.reshape(-1))


def _ranges(starts: Numbers, counts: Numbers) -> Numbers:
    """start, start + 1, … for each start, as many as counted."""
    ends = np.cumsum(counts, dtype=_PLACE)
    total = int(ends[-1]) if len(ends) else 0
    places: Numbers = np.repeat((starts - (ends - counts)).astype(_PLACE), counts)
    places += np.arange(total, dtype=_PLACE)
    return places
