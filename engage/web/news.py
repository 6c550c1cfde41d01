"""What happens on the site that people may want to hear of, told by the rooms where it happens.

A source reads facts that stand in the database, so that nothing can happen without being told, and nothing is
told because somebody remembered to say so. Followers' mails and feeds are made of the same happenings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy.orm import Session

DOCKET, PERIOD, MEETING = "docket", "period", "meeting"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that can be followed: its kind, such as DOCKET, and its row's id."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """A happening in one language: what it is ``about``, one sentence, and the path of the page to read."""

    about: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One public fact. ``key`` (at most 160 characters) is the same for ever and for nothing else.

    ``subjects`` are what it belongs to, the nearest first. ``tell`` words it in a language of the site, from
    a job too: it may not ask which language a request has. ``is_reminder``: only for followers who want
    reminders, and never in a feed. ``needed_by``: when it is too late to hear of it, such as the start of a
    meeting that was called off.
    """

    key: str
    subjects: tuple[Subject, ...]
    happened_at: datetime
    tell: Callable[[str], Told]
    is_reminder: bool = False
    needed_by: datetime | None = None


Source = Callable[[Session, datetime, datetime], Iterable[Happening]]
"""All that happened from one instant up to another, and that everybody may know at the latter."""


@dataclass(frozen=True, slots=True)
class CommentHappening:
    """One public fact about posted comments, for those who follow their own. ``key`` is as above.

    ``comments`` finds the ids of the comments, which may be many; the mail names neither them nor the fact.
    """

    key: str
    happened_at: datetime
    comments: Callable[[Session], Iterable[int]]


CommentSource = Callable[[Session, datetime, datetime], Iterable[CommentHappening]]
"""The same for comments: all that happened from one instant up to another."""

_KEY = "news_sources"
_COMMENT_KEY = "comment_news_sources"


def add_source(app: Flask, source: Source) -> None:
    """Let followers and feeds know what this source finds."""
    app.extensions.setdefault(_KEY, []).append(source)


def happenings(session: Session, since: datetime, now: datetime) -> list[Happening]:
    """What every source finds in ``since <= happened_at <= now``, the oldest first."""
    sources: list[Source] = current_app.extensions.get(_KEY, [])
    found = [happening for source in sources for happening in source(session, since, now)]
    wanted = (happening for happening in found if since <= happening.happened_at <= now)
    return sorted(wanted, key=lambda happening: (happening.happened_at, happening.key))


def add_comment_source(app: Flask, source: CommentSource) -> None:
    """Let those who follow their own comment know what this source finds."""
    app.extensions.setdefault(_COMMENT_KEY, []).append(source)


def comment_happenings(session: Session, since: datetime, now: datetime) -> list[CommentHappening]:
    """What every source finds in ``since <= happened_at <= now``, the oldest first."""
    sources: list[CommentSource] = current_app.extensions.get(_COMMENT_KEY, [])
    found = [happening for source in sources for happening in source(session, since, now)]
    wanted = (happening for happening in found if since <= happening.happened_at <= now)
    return sorted(wanted, key=lambda happening: (happening.happened_at, happening.key))
