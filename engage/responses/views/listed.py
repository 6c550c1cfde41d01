"""Long lists of this room: a page by its number, or the one on which something stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import request

from engage.web.paging import PAGE_SIZE, Page, page_number, page_of

Row = TypeVar("Row")


def page_at(rows: Sequence[Row], key: Callable[[Row], object]) -> Page[Row]:
    """The page that the address asks for: with ``at`` the one of the row with this key, else by its number.

    Where something stands in a list moves with the days; a link to it says what it is.
    """
    wanted = request.args.get("at")
    places = (place for place, row in enumerate(rows) if wanted and str(key(row)) == wanted)
    place = next(places, None)
    return page_of(rows, number=page_number() if place is None else place // PAGE_SIZE + 1)
