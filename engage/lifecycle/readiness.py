"""What is known before a decision, what is not, and what the known part costs. No database, no words of a
page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engage.lifecycle.models import ReadinessArea, ReadinessItem, ReadinessState


@dataclass(frozen=True, slots=True)
class Costs:
    """The points that have a price and the points about cost that have none; ``total`` adds up the former.

    In dollars a year; a saving is negative.
    """

    priced: tuple[ReadinessItem, ...]
    unpriced: tuple[ReadinessItem, ...]

    @property
    def total(self) -> int:
        """The sum of what is known."""
        return sum(item.amount or 0 for item in self.priced)

    def __bool__(self) -> bool:
        return bool(self.priced or self.unpriced)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The published points of a docket in the staff's order.

    ``taken_back``: how many more were shown once and are not any more.
    """

    items: tuple[ReadinessItem, ...]
    taken_back: int = 0

    @property
    def known(self) -> int:
        """How many points are known."""
        return sum(item.state is ReadinessState.KNOWN for item in self.items)

    @property
    def unknown(self) -> tuple[ReadinessItem, ...]:
        """The points that are not: what the county itself calls an open question first."""
        open_first = sorted(self.items, key=lambda item: item.area is not ReadinessArea.OPEN_QUESTION)
        return tuple(item for item in open_first if item.state is not ReadinessState.KNOWN)

    @property
    def by_area(self) -> tuple[tuple[ReadinessArea, tuple[ReadinessItem, ...]], ...]:
        """The areas that have points, each with them."""
        areas = ((area, tuple(item for item in self.items if item.area is area)) for area in ReadinessArea)
        return tuple((area, items) for area, items in areas if items)

    @property
    def costs(self) -> Costs:
        """What it costs as far as it is known, and what of it is not."""
        priced = tuple(item for item in self.items if item.amount is not None)
        unpriced = (
            item
            for item in self.items
            if item.amount is None and item.area is ReadinessArea.COST and not _says_free(item)
        )
        return Costs(priced, tuple(unpriced))

    def __bool__(self) -> bool:
        return bool(self.items)


def checklist(items: Sequence[ReadinessItem], taken_back: int = 0) -> Checklist:
    """A checklist of points that may be shown."""
    return Checklist(tuple(items), taken_back)


def _says_free(item: ReadinessItem) -> bool:
    """Whether a point about cost is known and still has no price: what it says is no price then."""
    return item.state is ReadinessState.KNOWN
