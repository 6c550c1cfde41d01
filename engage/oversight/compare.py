"""What comments spoke of in one comment period and in another, side by side. Pure.

Comments are no sample: nobody was drawn, and those who write before a decision are others than those who
write after it. So nothing here is tested for significance and no interval is given; shares of the comments
and their order stand beside each other, and what the difference means is left to the reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIN_COMMENTS = 50
"""Of fewer comments one alone is more than two percentage points: no differences are told then."""


@dataclass(frozen=True, slots=True)
class Counted:
    """``n`` of the ``base`` comments of a period raise this concern."""

    code: str
    n: int
    base: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent, rounded half up; None without a base."""
        return (200 * self.n + self.base) // (2 * self.base) if self.base else None


@dataclass(frozen=True, slots=True)
class Compared:
    """A concern in both periods; ``places`` are its ranks (1 is the most frequent), equal ones share one.

    A place is None where no comment raised it. ``points`` is the difference of the rounded shares.
    """

    code: str
    before: Counted
    after: Counted
    places: tuple[int | None, int | None]

    @property
    def points(self) -> int | None:
        """Percentage points by which the share after is larger (negative: smaller); None of few comments."""
        if self.before.percent is None or self.after.percent is None:
            return None
        if min(self.before.base, self.after.base) < MIN_COMMENTS:
            return None
        return self.after.percent - self.before.percent


def compare(
    before: Sequence[Counted], after: Sequence[Counted], *, bases: tuple[int, int], last: str = ""
) -> tuple[Compared, ...]:
    """Every concern that either period has, those most frequent after first; the code ``last`` comes last."""
    one, other = {row.code: row for row in before}, {row.code: row for row in after}
    found = []
    for code in dict.fromkeys([*other, *one]):
        pair = one.get(code, Counted(code, 0, bases[0])), other.get(code, Counted(code, 0, bases[1]))
        if pair[0].n or pair[1].n:
            places = _place(pair[0], one.values()), _place(pair[1], other.values())
            found.append(Compared(code, *pair, places=places))
    return tuple(sorted(found, key=lambda row: (row.code == last, -row.after.n, -row.before.n, row.code)))


def _place(row: Counted, rows: Iterable[Counted]) -> int | None:
    return 1 + sum(other.n > row.n for other in rows) if row.n else None
