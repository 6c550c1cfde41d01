"""When a day is unusual: a plain rule over daily counts. Pure: no words, no positions, no names of anybody.

A count is unusual if it is at least `FEWEST`, and above the median of the period's other days by more than
`TIMES` robust standard deviations (1.4826 × the median absolute deviation: Leys et al. 2013,
doi:10.1016/j.jesp.2013.03.013, who propose 2.5 or 3; six keeps ordinary busy days out). Days without a
comment are days too. Nothing follows from a warning by itself: a burst may be a school that wrote together.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engage.campaigns.models import BurstKind

FEWEST = 20
FEWEST_FLAGGED = 10
TIMES = 6
ENOUGH_DAYS = 5
"""With fewer other days nobody can say what is usual for the days of a period as a whole."""

GROWN = 1.5
"""A warning that was dismissed comes back when its count is this many times what it was then."""

_TO_DEVIATION = 1.4826

Counts = Mapping[date, int]


@dataclass(frozen=True, slots=True, order=True)
class Burst:
    """Something unusual on one day: how many comments, and how many a usual day has (the median)."""

    day: date
    kind: BurstKind
    subject_id: int
    count: int
    usual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What came in on each day from ``first`` to ``last``: in all, by campaign, by equal text without a name,
    and with a flag of the protection against spam.
    """

    first: date
    last: date
    all: Counts
    letters: Mapping[int, Counts]
    unnamed_copies: Mapping[int, Counts]
    flagged: Counts


def find_bursts(days: Days) -> list[Burst]:
    """All that is unusual, the newest day first."""
    span = [days.first + timedelta(number) for number in range((days.last - days.first).days + 1)]
    found = [
        *_unusual(BurstKind.BUSY_DAY, 0, days.all, span, least=FEWEST, needs=ENOUGH_DAYS),
        *_unusual(BurstKind.FLAGGED_DAY, 0, days.flagged, span, least=FEWEST_FLAGGED),
    ]
    for kind, subjects in (
        (BurstKind.LETTER_IN_A_DAY, days.letters),
        (BurstKind.UNNAMED_COPIES, days.unnamed_copies),
    ):
        for subject_id, counts in subjects.items():
            found += _unusual(kind, subject_id, counts, span, least=FEWEST)
    return sorted(
        found, key=lambda burst: (-burst.day.toordinal(), burst.kind, -burst.count, burst.subject_id)
    )


def limit(others: Sequence[int]) -> float:
    """The count above which a day is unusual beside these other days; 0 without any."""
    if not others:
        return 0.0
    median = statistics.median(others)
    spread = statistics.median(abs(count - median) for count in others)
    return median + TIMES * _TO_DEVIATION * spread


def _unusual(
    kind: BurstKind, subject_id: int, counts: Counts, span: Sequence[date], *, least: int, needs: int = 0
) -> Iterator[Burst]:
    for day in sorted(day for day, count in counts.items() if count >= least):
        others = [counts.get(other, 0) for other in span if other != day]
        if len(others) >= needs and counts[day] > limit(others):
            yield Burst(day, kind, subject_id, counts[day], statistics.median(others or [0]))
