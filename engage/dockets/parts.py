"""What other rooms show on a docket's page. They stand above this room and hang themselves in here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from engage.db.types import Localised
from engage.dockets.clauses import Clause
from engage.dockets.models import Docket

_KEY = "docket_periods"
_MEASURED_KEY = "docket_measured"
_TALK_KEY = "clause_talk"


@dataclass(frozen=True, slots=True)
class PeriodLink:
    """A comment period as a docket lists it; all but ``url`` is shown, ``tag`` as the kind of a tag."""

    title: Localised
    url: str
    state: str
    tag: str
    deadline: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """How many comments a docket has, and how many of them the analyser in force has measured."""

    comments: int
    by_this: int


@dataclass(frozen=True, slots=True)
class CommentList:
    """The posted comments on a clause: how many, and where. ``title`` where there are several lists.

    ``wants`` are those of them that say what to do with it: what, how many, and where.
    """

    url: str
    count: int
    title: str = ""
    wants: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseTalk:
    """What can be done and read about one clause; without ``comment_url`` nobody can comment on it now."""

    comment_url: str | None
    lists: tuple[CommentList, ...]


TalkProvider = Callable[[Docket, Sequence[Clause], datetime], dict[str, ClauseTalk]]
MeasuredProvider = Callable[[Docket, str], Measured]
Provider = Callable[[Docket, datetime], list[PeriodLink]]


def show_periods_on_dockets(app: Flask, provider: Provider) -> None:
    """Let ``provider`` list a docket's published comment periods, open ones first."""
    app.extensions[_KEY] = provider


def periods_of(docket: Docket, now: datetime) -> list[PeriodLink]:
    """The comment periods of a docket."""
    provider: Provider | None = current_app.extensions.get(_KEY)
    return provider(docket, now) if provider else []


def count_measured_with(app: Flask, provider: MeasuredProvider) -> None:
    """Let ``provider`` count a docket's comments, and those that an analyser's version has measured."""
    app.extensions[_MEASURED_KEY] = provider


def measured_of(docket: Docket, version: str) -> Measured:
    """The comments of a docket, and those that ``version`` has measured."""
    provider: MeasuredProvider | None = current_app.extensions.get(_MEASURED_KEY)
    return provider(docket, version) if provider else Measured(0, 0)


def show_talk_on_clauses(app: Flask, provider: TalkProvider) -> None:
    """Let ``provider`` say for each clause, by its key, what can be done and read about it."""
    app.extensions[_TALK_KEY] = provider


def talk_of(docket: Docket, clauses: Sequence[Clause], now: datetime) -> dict[str, ClauseTalk]:
    """What can be done and read about clauses of a docket's documents, by key."""
    provider: TalkProvider | None = current_app.extensions.get(_TALK_KEY)
    return provider(docket, clauses, now) if provider and clauses else {}
