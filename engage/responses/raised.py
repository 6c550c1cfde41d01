"""How many comments raise a concern, told by the room above that counts them anyway.

Counting them here would read every comment of a period for each page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod

_KEY = "raised_concerns"


@dataclass(frozen=True, slots=True)
class Raised:
    """The posted comments that raise one concern: how many, and by declared position (or ``unstated``)."""

    concern: str
    comments: int
    positions: Mapping[str, int]


Provider = Callable[[Session, CommentPeriod], list[Raised]]


def count_raised_with(app: Flask, provider: Provider) -> None:
    """Let ``provider`` tell the concerns that posted comments of a period raise, in whatever order."""
    app.extensions[_KEY] = provider


def raised_in(session: Session, period: CommentPeriod) -> list[Raised]:
    """The concerns that posted comments of a period raise."""
    provider: Provider | None = current_app.extensions.get(_KEY)
    return provider(session, period) if provider else []
