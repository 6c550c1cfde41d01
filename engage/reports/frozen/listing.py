"""The list of the comments that a published report counts: who they are, and what is counted of each.

The order is that of the tracking numbers, which are random: it tells nothing of who wrote first. Nothing here
is a word of a comment, a name, or what could be compared with one. How often texts and names come is kept as
a heap of sizes that belong to no comment: it makes the same numbers, and nobody can find out by it that a
comment which was withdrawn had the name of one that still stands.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engage.reports.frozen.columns import Column, Numbers, small
from engage.reports.measures import Facts, values_of
from engage.reports.models import DistinctKind

PIECE = 10_000
"""So many tracking numbers are kept together."""

TRACKING = "tracking"
TEXT = "text"
"""The dimension of the texts that the report names, and of no other text."""

SIZES = {kind: f"sizes_of_{kind.value}s" for kind in DistinctKind}
"""The columns of how many comments share a text, and a name with an organisation: one size a text or name."""

_FLUSH = 50_000
_KEY = "<u8"
_NO_KEY = 0


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list: tracking numbers in their order, columns by name, sizes by kind.

    ``keys`` are there only while a report is published: for each comment a key of its text and one of its
    submitter, which only tell whether two are the same (0: there is none). They are never stored.
    """

    tracking: Numbers
    columns: Mapping[str, Column]
    sizes: Mapping[DistinctKind, Numbers]
    keys: Mapping[DistinctKind, Numbers]

    def __len__(self) -> int:
        return len(self.tracking)

    def pieces(self) -> Iterator[tuple[int, list[str]]]:
        """The tracking numbers in pieces."""
        for piece, start in enumerate(range(0, len(self.tracking), PIECE)):
            yield piece, [number.decode() for number in self.tracking[start : start + PIECE].tolist()]

    def digest(self) -> str:
        """The name of this list: SHA-256 of all that is in it, before it is compressed."""
        return digest_of_list(self.columns, self.sizes, (numbers for _, numbers in self.pieces()))


class ListBuilder:
    """Takes facts in any order, in as little memory as can be."""

    def __init__(self, told_texts: Collection[str]) -> None:
        self._told = frozenset(told_texts)
        self._growing: dict[str, _Growing] = {}
        self._tracking: list[Numbers] = []
        self._numbers: list[str] = []
        self._keys = {kind: array("Q") for kind in DistinctKind}

    def add(self, tracking_number: str, facts: Facts) -> None:
        """One posted comment more."""
        self._numbers.append(tracking_number)
        present = values_of(facts) | {TEXT: (facts.text,) if facts.text in self._told else ()}
        for name, values in present.items():
            growing = self._growing.get(name)
            if growing is None:
                growing = self._growing[name] = _Growing()
            growing.add(values)
        self._keys[DistinctKind.TEXT].append(_key(facts.text))
        self._keys[DistinctKind.SUBMITTER].append(_key(facts.submitter))
        if len(self._numbers) == _FLUSH:
            self._flush()

    def finish(self) -> Listing:
        """The list, in its order."""
        self._flush()
        tracking = np.concatenate(self._tracking) if self._tracking else np.array([], dtype="S13")
        order = np.argsort(tracking)
        columns = {}
        for name in sorted(self._growing):
            columns[name] = self._growing.pop(name).column().sorted().take(order)
        keys = {kind: np.array(self._keys.pop(kind), dtype=_KEY)[order] for kind in DistinctKind}
        return Listing(tracking[order], columns, {kind: sizes_of(keys[kind]) for kind in DistinctKind}, keys)

    def _flush(self) -> None:
        if self._numbers:
            self._tracking.append(np.array([number.encode() for number in self._numbers]))
            self._numbers = []
        for growing in self._growing.values():
            growing.flush()


class _Growing:
    """A column that grows."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._counts: list[int] = []
        self._codes: list[int] = []
        self._done: list[tuple[Numbers, Numbers]] = []

    def add(self, values: tuple[str, ...]) -> None:
        if len(values) == 1:
            places = self._places
            self._codes.append(places.setdefault(values[0], len(places)))
            self._counts.append(1)
            return
        # In their order, and not in that of a set: the same list has one name, whichever process makes it.
        different = dict.fromkeys(values)
        self._counts.append(len(different))
        self._codes += [self._places.setdefault(value, len(self._places)) for value in different]

    def flush(self) -> None:
        if self._counts:
            self._done.append(
                (small(np.array(self._counts, dtype=np.int64)), small(np.array(self._codes, dtype=np.int64)))
            )
            self._counts, self._codes = [], []

    def column(self) -> Column:
        none = small(np.array([], dtype=np.int64))
        return Column(
            tuple(self._places),
            np.concatenate([none, *(counts for counts, _ in self._done)]),
            np.concatenate([none, *(codes for _, codes in self._done)]),
        )


def digest_of_list(
    columns: Mapping[str, Column], sizes: Mapping[DistinctKind, Numbers], pieces: Iterable[Sequence[str]]
) -> str:
    """SHA-256 over the columns by their names, the sizes, and the tracking numbers."""
    whole = hashlib.sha256()

    def add(name: str, values: Sequence[str], content: bytes) -> None:
        head = json.dumps([name, values, len(content)], ensure_ascii=False, separators=(",", ":"))
        whole.update(head.encode() + b"\n" + content)

    for name, column in sorted(columns.items()):
        add(name, column.values, column.to_bytes())
    for kind in DistinctKind:
        add(SIZES[kind], [], as_column(sizes[kind]).to_bytes())
    for piece, numbers in enumerate(pieces):
        add(f"{TRACKING}:{piece}", [], "\n".join(numbers).encode())
    return whole.hexdigest()


def list_of(facts: Iterable[tuple[str, Facts]], told_texts: Collection[str] = ()) -> Listing:
    """The list of these posted comments: tracking number and facts of each."""
    builder = ListBuilder(told_texts)
    for tracking_number, of_comment in facts:
        builder.add(tracking_number, of_comment)
    return builder.finish()


def sizes_of(keys: Numbers) -> Numbers:
    """How many comments have each of these keys, the largest first; those without a key are left out."""
    known, counts = np.unique(keys, return_counts=True)
    return small(np.sort(counts[known != _NO_KEY].astype(np.int64))[::-1])


def as_column(numbers: Numbers) -> Column:
    """Plain numbers in the form of a column, to be stored like one."""
    return Column((), numbers, small(np.array([], dtype=np.int64)))


def _key(value: str | None) -> int:
    """What equal values share: so much of SHA-256 that among millions no two others do, and never nothing."""
    if value is None:
        return _NO_KEY
    return int.from_bytes(hashlib.sha256(value.encode()).digest()[:8]) | 1
