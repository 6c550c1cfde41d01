"""The order of rows that staff set, one docket's rows changed by one request at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.dockets.models import Docket


class Placed(Protocol):
    """A row with a place in a list."""

    position: int


def lock(session: Session, docket: Docket) -> None:
    """Let no other request write this docket's lists until this transaction ends."""
    session.scalars(sa.select(Docket.id).where(Docket.id == docket.id).with_for_update()).one()


def next_position(rows: Sequence[Placed]) -> int:
    """The place after all of these."""
    return max((row.position for row in rows), default=-1) + 1


def move(rows: Sequence[Placed], row: Placed, *, up: bool) -> None:
    """Let a row change places with its neighbour among ``rows``; at the end of the list nothing moves."""
    ordered = list(rows)
    at = ordered.index(row)
    other = at + (-1 if up else 1)
    if 0 <= other < len(ordered):
        neighbour = ordered[other]
        row.position, neighbour.position = neighbour.position, row.position
