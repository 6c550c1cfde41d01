"""How many comments a filter finds, where a room above counts them anyway.

To count the comments of a list takes as long as there are comments; a number that is kept takes no time. The
room that keeps numbers hangs itself in here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from flask import Flask, current_app, has_app_context
from sqlalchemy.orm import Session

from engage.comments.filters import CommentFilter
from engage.comments.models import CommentPeriod

_KEY = "counted_comments"


class Counts(Protocol):
    """The posted comments of one period, by numbers that are kept. None: this is not among them."""

    def number(self, criteria: CommentFilter) -> int | None:
        """How many comments a filter finds, exactly."""

    def days(self, criteria: CommentFilter) -> Mapping[date, int] | None:
        """How many of them came on each day, without the days on which none did."""


Counter = Callable[[Session, CommentPeriod], Counts | None]
"""None: the numbers of this period are not kept up at the moment."""


def count_with(app: Flask, counter: Counter) -> None:
    """Let lists take their numbers from here. Said once, by the room that keeps them."""
    app.extensions[_KEY] = counter


def counts_of(session: Session, period: CommentPeriod) -> Counts | None:
    """The numbers that are kept of a period; None where there are none."""
    counter: Counter | None = current_app.extensions.get(_KEY) if has_app_context() else None
    return counter(session, period) if counter else None
