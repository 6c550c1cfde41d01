"""The order of rows that staff set, one docket's rows changed by one request at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from engage.dockets.models import Docket
from engage.errors import NotFound


class Placed(Protocol):
    """A row with a place in a list."""

    position: int


class Held(Protocol):
    """A row of a docket."""

    @property
    def docket(self) -> Docket:
        """The docket that it belongs to."""


def lock(session: Session, docket: Docket) -> None:
    """Let no other request write this docket's lists until this transaction ends."""
    session.scalars(sa.select(Docket.id).where(Docket.id == docket.id).with_for_update()).one()


def hold(session: Session, row: Held) -> None:
    """Read a row of a docket as it is now, and let no other request change it until this transaction ends.

    Raises NotFound where another request has just deleted it.
    """
    hold_in(session, row.docket, row)


def hold_in(session: Session, docket: Docket, row: object) -> None:
    """The same for a row that belongs to a docket by way of another one. Raises NotFound."""
    lock(session, docket)
    try:
        session.refresh(row)
    except InvalidRequestError:
        raise NotFound(_l("Somebody else has just deleted this.")) from None


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
