"""Pages of long lists: a number in the address, one query for the rows and one for the count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request, url_for
from sqlalchemy.orm import Session

Row = TypeVar("Row")

PAGE_SIZE = 25
_LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows ``first`` to ``last`` (from 1) of ``total``."""

    rows: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first row on this page, 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row on this page."""
        return (self.number - 1) * self.size + len(self.rows)

    def url(self, number: int) -> str:
        """The address of another page of the list that this request shows."""
        arguments: dict[str, Any] = request.args.to_dict(flat=False) | dict(request.view_args or {})
        return url_for(request.endpoint or "", **arguments | {"page": number})


def page_number() -> int:
    """The page that the address asks for; 1 where it asks for nonsense."""
    wanted = request.args.get("page", 1, type=int)
    return min(max(wanted, 1), _LAST_PAGE)


def page_of(rows: Sequence[Row], *, number: int, size: int = PAGE_SIZE) -> Page[Row]:
    """One page of rows that are there already; a number beyond the last page is the last one."""
    number = min(number, max(1, -(-len(rows) // size)))
    return Page(rows=rows[(number - 1) * size : number * size], number=number, size=size, total=len(rows))


def page_with(row: Row, rows: Sequence[Row], *, size: int = PAGE_SIZE) -> int:
    """The number of the page on which one of these rows stands."""
    return rows.index(row) // size + 1


def paginate(session: Session, statement: sa.Select[Any], *, number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Run an ordered SELECT of one entity for one page."""
    total = session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows=rows, number=number, size=size, total=total)
