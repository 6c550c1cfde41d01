"""The form letters of a report: what its tallies say of them. Pure: no words and no addresses, only numbers.

To count a letter once is a way to read; it is no way to count people. So submissions, different texts and own
words stand side by side, and every other number of the report counts every submission.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engage.comments.filters import CHANGED, COPY, OWN_WORDS, CommentFilter
from engage.reports.inputs import Numbers
from engage.reports.measures import (
    CAMPAIGN,
    FEWEST,
    IN_LETTERS,
    LETTERS,
    OF_LETTERS,
    WITH_OWN_WORDS,
    TallyKey,
)
from engage.reports.summary import POSITIONS, Line

MOST_LISTED = 10
PARTS = (COPY, CHANGED, OWN_WORDS)
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A letter: its posted versions, by what they have beside it and by declared position."""

    line: Line
    copies: Line
    changed: Line
    with_own_words: Line
    by_position: tuple[Line, ...]
    texts: int | None = None

    @property
    def id(self) -> int:
        """The campaign."""
        return int(self.line.key)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All letters of a period: how many, how many comments are versions of one, and the largest letters."""

    letters: int
    members: int
    with_own_words: int
    posted: int
    largest: tuple[CampaignLine, ...]

    @property
    def alone(self) -> int:
        """The posted comments that are versions of no letter."""
        return self.posted - self.members

    @property
    def in_letters(self) -> Line:
        """The comments that are versions of some letter, as a share of all."""
        return Line("in_letters", self.members, CommentFilter(), self.posted)

    def with_texts(self, texts: Mapping[int, int]) -> Campaigns:
        """With what the tallies do not know: how many different texts a letter has."""
        return replace(self, largest=tuple(replace(row, texts=texts.get(row.id)) for row in self.largest))


def campaigns_of(numbers: Numbers, posted: int) -> Campaigns:
    """Put the numbers of letters in order, the largest first.

    What is told of all letters together is among the numbers already where these have only the largest.
    """
    sizes: dict[str, int] = {}
    parts: dict[str, dict[str, int]] = defaultdict(dict)
    positions: dict[str, dict[str, int]] = defaultdict(dict)
    by_measure = {f"{CAMPAIGN}{_BETWEEN}part": parts, f"{CAMPAIGN}{_BETWEEN}position": positions}
    for (measure, key), n in numbers.items():
        if measure == CAMPAIGN and n >= FEWEST:
            sizes[key] = n
        elif measure in by_measure:
            campaign, _, value = key.partition(_BETWEEN)
            by_measure[measure][campaign][value] = n
    order = sorted(sizes, key=lambda key: (-sizes[key], int(key)))
    together = _counted(sizes, parts) | {name: n for name, n in numbers.items() if name.measure == OF_LETTERS}
    return Campaigns(
        letters=together[TallyKey(OF_LETTERS, LETTERS)],
        members=together[TallyKey(OF_LETTERS, IN_LETTERS)],
        with_own_words=together[TallyKey(OF_LETTERS, WITH_OWN_WORDS)],
        posted=posted,
        largest=tuple(
            _line(key, sizes[key], posted, parts[key], positions[key]) for key in order[:MOST_LISTED]
        ),
    )


def letters_together(numbers: Numbers) -> dict[TallyKey, int]:
    """What is told of all letters together, from the numbers of every one of them."""
    own_words = f"{_BETWEEN}{OWN_WORDS}"
    sizes = {name.key: n for name, n in numbers.items() if name.measure == CAMPAIGN and n >= FEWEST}
    parts = {
        key: {OWN_WORDS: numbers.get(TallyKey(f"{CAMPAIGN}{_BETWEEN}part", f"{key}{own_words}"), 0)}
        for key in sizes
    }
    return _counted(sizes, parts)


def _counted(sizes: Mapping[str, int], parts: Mapping[str, Mapping[str, int]]) -> dict[TallyKey, int]:
    return {
        TallyKey(OF_LETTERS, LETTERS): len(sizes),
        TallyKey(OF_LETTERS, IN_LETTERS): sum(sizes.values()),
        TallyKey(OF_LETTERS, WITH_OWN_WORDS): sum(parts.get(key, {}).get(OWN_WORDS, 0) for key in sizes),
    }


def _line(
    key: str, n: int, posted: int, parts: Mapping[str, int], positions: Mapping[str, int]
) -> CampaignLine:
    number = int(key)

    def part(name: str) -> Line:
        return Line(name, parts.get(name, 0), CommentFilter(campaign=number, part=name), n)

    return CampaignLine(
        line=Line(key, n, CommentFilter(campaign=number), posted),
        copies=part(COPY),
        changed=part(CHANGED),
        with_own_words=part(OWN_WORDS),
        by_position=tuple(
            Line(name, positions[name], CommentFilter(campaign=number, position=name), n)
            for name in POSITIONS
            if positions.get(name)
        ),
    )
