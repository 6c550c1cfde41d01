"""What people said of a concern, as far as it is printed: of each list the first sentence of each side.

The same number for either side, by the order that the list has for both; what is left out is counted, and
stands on the page of the concern. A sentence that nobody may read now gives its place to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from engage.comments.models import Position
from engage.reports.document.blocks import Quote, Section

_SIDES = (Position.SUPPORT, Position.OPPOSE)
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Extract:
    """What is printed of one list: the first of support and of opposition, and what stands below both.

    ``below`` is the first of all who took no side, or the first two statements that do not go together.
    """

    title: str
    support: Quote | None
    oppose: Quote | None
    below: tuple[Quote, ...]
    left_out: int
    gone: int

    @property
    def has_sides(self) -> bool:
        """Whether a side says something in it."""
        return self.support is not None or self.oppose is not None


def is_of_lists(section: Section) -> bool:
    """Whether a section tells what is said of one concern: lists of quotes and nothing else."""
    return bool(section.sections) and not section.blocks and all(map(_is_list, section.sections))


def extract(section: Section) -> Extract:
    """What is printed of a list."""
    quotes = [block for block in section.blocks if isinstance(block, Quote)]
    readable = [quote for quote in quotes if quote.text is not None]
    if section.id.endswith("-pairs"):
        support, oppose, below = None, None, tuple(_first_pair(quotes))
    else:
        support, oppose = (_first(readable, {side}) for side in _SIDES)
        other = _first(readable, {each.position for each in readable} - set(_SIDES))
        below = (other,) if other else ()
    printed = [quote for quote in (support, oppose, *below) if quote]
    return Extract(
        section.title, support, oppose, below, len(readable) - len(printed), len(quotes) - len(readable)
    )


def by_sides(quotes: Iterable[Quote]) -> list[tuple[Quote | None, Quote | None]]:
    """Quotes in two columns, support to the left and opposition to the right; below them all others."""
    found = list(quotes)
    left, right = ([quote for quote in found if quote.position == side] for side in _SIDES)
    others = [quote for quote in found if quote.position not in _SIDES]
    return [*zip_longest(left, right), *zip_longest(others[::2], others[1::2])]


def _is_list(section: Section) -> bool:
    return bool(section.blocks) and all(isinstance(block, Quote) for block in section.blocks)


def _first(quotes: Sequence[Quote], positions: set[str]) -> Quote | None:
    return next((quote for quote in quotes if quote.position in positions), None)


def _first_pair(quotes: Sequence[Quote]) -> Sequence[Quote]:
    """The first two that belong together and can both be read; none where there is no such pair."""
    pairs = (quotes[place : place + _PAIR] for place in range(0, len(quotes), _PAIR))
    return next((pair for pair in pairs if all(quote.text is not None for quote in pair)), ())
