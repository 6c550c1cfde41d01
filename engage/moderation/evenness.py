"""Whether one group of comments fares otherwise than the rest. Pure, and the same for every group.

Each group is compared with all the others by Fisher's exact test, two-sided (Fisher 1922). Because many are
compared, chance alone would make some look uneven; Holm's correction (Holm 1979) keeps the chance of even one
false warning on a page at `LEVEL`. A warning also needs a difference that matters: `TIMES` as often. With
fewer than `FEWEST` comments on either side nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

FEWEST = 30
LEVEL = 0.01
TIMES = 1.25

_SAME = 1e-7


@dataclass(frozen=True, slots=True)
class Comparison:
    """How often an outcome met a group, and how often the others: ``hits`` of ``base`` comments.

    ``against`` names the others; None: all that are not in the group. ``p`` is of Fisher's test,
    ``corrected`` after Holm's correction.
    """

    dimension: str
    group: str
    against: str | None
    outcome: str
    hits: int
    base: int
    other_hits: int
    other_base: int
    p: float = 1.0
    corrected: float = 1.0

    @property
    def is_enough(self) -> bool:
        """Whether there are enough comments to say anything."""
        return min(self.base, self.other_base) >= FEWEST

    @property
    def ratio(self) -> float:
        """How many times as often as the others; infinite where it never met those, 1 where it met nobody."""
        share, other = self.hits / self.base, self.other_hits / self.other_base
        if other == 0:
            return math.inf if share else 1.0
        return share / other

    @property
    def is_more(self) -> bool:
        """Whether it met the group more often than the others."""
        return self.hits * self.other_base > self.other_hits * self.base

    @property
    def is_lopsided(self) -> bool:
        """Whether chance is no good explanation, and the difference matters."""
        far = self.ratio >= TIMES or self.ratio <= 1 / TIMES
        return self.is_enough and self.corrected < LEVEL and far


def judge(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Test all that have enough comments, and correct for how many those are; the others are left out."""
    tested = [
        replace(one, p=fisher(one.hits, one.base, one.other_hits, one.other_base))
        for one in comparisons
        if one.is_enough
    ]
    corrected = holm([one.p for one in tested])
    return [replace(one, corrected=p) for one, p in zip(tested, corrected, strict=True)]


def fisher(hits: int, base: int, other_hits: int, other_base: int) -> float:
    """The two-sided exact probability of a table at least as unlikely as this one, were both shares one."""
    all_hits, everything = hits + other_hits, base + other_base
    least, most = max(0, all_hits - other_base), min(base, all_hits)
    if least == most:
        return 1.0
    at = np.arange(least, most, dtype=np.float64)
    # From each table to the next the probability changes by a factor that is known exactly.
    steps = (
        np.log(base - at)
        + np.log(all_hits - at)
        - np.log(at + 1)
        - np.log(everything - base - all_hits + at + 1)
    )
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    as_unlikely = chances[chances <= chances[hits - least] * (1 + _SAME)]
    return min(1.0, float(as_unlikely.sum()))


def holm(chances: Sequence[float]) -> list[float]:
    """Corrected probabilities, in the order given."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    corrected = [1.0] * len(chances)
    highest = 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - rank) * chances[at]))
        corrected[at] = highest
    return corrected
