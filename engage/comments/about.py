"""What a comment can be about beside its period, such as an item of a meeting's agenda.

Rooms above tell what there is and hang it in here: the form shows it, sends one hidden value with the words,
and the comment and its tie are written in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.errors import RuleBroken


class About(Protocol):
    """One thing that a comment is about. ``argument`` and ``value`` stand in the form's address and in it."""

    @property
    def argument(self) -> str:
        """The name of the argument."""

    @property
    def value(self) -> str:
        """What it says."""

    def refusal(self, now: datetime) -> str:
        """Why it takes no comments at this instant, as a sentence; empty where it takes them."""

    def until(self) -> datetime | None:
        """When that begins; None where its period alone decides."""

    def notice(self, now: datetime) -> str:
        """What the form says of it on top, as HTML."""

    def tie(self, session: Session, comment: Comment) -> None:
        """Write down that a new comment, which is flushed, is about it."""

    def has(self, session: Session, comment: Comment) -> bool:
        """Whether a comment is about it already."""


FindAbout = Callable[[Session, CommentPeriod, str, datetime], About | None]
"""What a value names in a period; None where it names nothing that residents may see there."""

_KEY = "comments_about"


class AboutClosed(RuleBroken):
    """What the comment is about takes no comments any more. The period itself may still take it."""


def add_about(app: Flask, argument: str, find: FindAbout) -> None:
    """Let comments be about what ``find`` finds for this argument of the form's address."""
    app.extensions.setdefault(_KEY, {})[argument] = find


def about_of(
    session: Session, period: CommentPeriod, given: Mapping[str, str], now: datetime
) -> About | None:
    """What the arguments or the form say that a comment is about.

    A value that names nothing, or something of another period, is ignored: the words are still welcome.
    """
    finders: dict[str, FindAbout] = current_app.extensions.get(_KEY, {})
    for argument, find in finders.items():
        if given.get(argument) and (found := find(session, period, given[argument], now)):
            return found
    return None


def tie(session: Session, comment: Comment, about: About | None) -> None:
    """Write down what a new comment is about."""
    if about is not None:
        about.tie(session, comment)


def refuse_closed(about: About | None, now: datetime) -> None:
    """Raise AboutClosed where it takes no comments at this instant."""
    if about is not None and (refusal := about.refusal(now)):
        raise AboutClosed(refusal)
