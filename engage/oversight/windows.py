"""Long records by pages of whole years, the newest first: no page costs more because a record grows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engage.oversight.models import Frequency
from engage.oversight.stretches import Stretch

PAGE_YEARS: Mapping[Frequency, int] = {Frequency.MONTH: 3, Frequency.QUARTER: 9, Frequency.YEAR: 36}
"""The years of a page: thirty-six stretches, and one more for each method that began inside of one."""

CARD_YEARS: Mapping[Frequency, int] = {Frequency.MONTH: 2, Frequency.QUARTER: 6, Frequency.YEAR: 24}
"""The years of a small chart, where many indicators stand on one page."""


@dataclass(frozen=True, slots=True)
class Window:
    """The stretches of some years, the earliest first: page ``number`` of ``pages``; 1 is the newest.

    ``years`` are the first and the last of them; None before the first stretch is over.
    """

    stretches: tuple[Stretch, ...]
    number: int = 1
    pages: int = 1
    years: tuple[int, int] | None = None

    def has_year(self, year: int) -> bool:
        """Whether all figures of a year are on this page; one that has just begun is on the newest."""
        if self.years is None:
            return True
        return self.years[0] <= year and (self.number == 1 or year <= self.years[1])


def window(
    stretches: Sequence[Stretch],
    years: int,
    number: int = 1,
    *,
    year_of: Callable[[date], int] = lambda day: day.year,
) -> Window:
    """One page of these stretches; a number beyond the last page is the last one. ``year_of`` tells the year
    of a day, which may be a fiscal one.
    """
    if not stretches:
        return Window(())
    oldest, newest = year_of(stretches[0].last_on), year_of(stretches[-1].last_on)
    pages = (newest - oldest) // years + 1
    number = min(max(number, 1), pages)
    last = newest - (number - 1) * years
    first = last - years + 1
    own = tuple(stretch for stretch in stretches if first <= year_of(stretch.last_on) <= last)
    return Window(own, number, pages, (first, last))
