"""One page of a list of comments, in a time that does not grow with the list.

The list is in the order of an index. Where a page is soon full, comments are walked through in that order
and each is asked; where few comments fit, these are found first and put in order. Which of the two is quicker
follows from numbers that are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.counted import Counts
from engage.comments.filters import CommentFilter
from engage.comments.finding import LISTED, is_rare_channel, is_rare_language, narrowed
from engage.comments.models import Comment

_ORDERED = frozenset({"position", "day", "month"})
"""The arguments by which an index has the comments in the order of a list."""

_TOGETHER = tuple(
    frozenset(names)
    for names in (
        {"concern", "denied"}, {"clause", "stance"}, {"campaign", "part"}, {"theme"}, {"district"},
        {"channel"}, {"text"}, {"named"}, {"read_by"}, {"language"}, {"tone"}, {"tone_reason"}, {"analyser"},
    )
)  # fmt: skip
"""The arguments by which comments can be found first; those that one look-up takes stand together."""

_SCANNED = frozenset({"tone", "tone_reason", "analyser"})
_SCAN = 5
"""For these, and for languages that many write in, all that was measured is looked through, which is so much
quicker than to ask each comment.
"""

_INDEXES = {
    "district": "ix_comment_district_id", "channel": "ix_comment_channel", "text": "ix_comment_period_text",
}  # fmt: skip
"""SQLite would rather walk: it does not know what is rare."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The days within which a page lies, and where it begins in them."""

    first: date | None
    last: date | None
    offset: int


def page_ids(
    session: Session,
    public: sa.Select[Any],
    criteria: CommentFilter,
    counts: Counts | None,
    *,
    total: int,
    size: int,
    offset: int,
) -> Sequence[int]:
    """The ids of the comments of one page, the newest day first. ``public`` selects what may be listed at
    all; ``total`` is how many comments of it fit.
    """
    if offset >= total:
        return []
    stretch = _stretch(counts, criteria, size, offset)
    found = _quickest(counts, criteria, total, size + stretch.offset)
    wanted = narrowed(public, criteria, listed=found).with_only_columns(Comment.id)
    if stretch.first is not None:
        wanted = wanted.where(Comment.received_on.between(stretch.first, stretch.last))
    if index := _index(criteria, found):
        wanted = wanted.with_hint(Comment, f"INDEXED BY {index}", "sqlite")
    wanted = wanted.order_by(Comment.received_on.desc(), Comment.id.desc())
    return session.scalars(wanted.limit(size).offset(stretch.offset)).all()


def _stretch(counts: Counts | None, criteria: CommentFilter, size: int, offset: int) -> _Stretch:
    """Pass over the newer days of which it is known how many comments fit."""
    days = counts.days(criteria) if counts else None
    if not days:
        return _Stretch(None, None, offset)
    last, passed = None, 0
    for day in sorted(days, reverse=True):
        if last is None and passed + days[day] > offset:
            last, left = day, offset - passed
        passed += days[day]
        if last is not None and passed >= offset + size:
            break
    return _Stretch(day, last, left) if last is not None else _Stretch(None, None, offset)


def _quickest(counts: Counts | None, criteria: CommentFilter, total: int, wanted: int) -> frozenset[str]:
    """The arguments whose comments are to be found first; none where walking is quicker."""
    asked = {field.name for field in fields(criteria) if getattr(criteria, field.name) is not None}
    if not asked - _ORDERED:
        return frozenset()
    every = counts.number(_only(criteria, asked & _ORDERED)) if counts else None
    ways = dict(_ways(counts, criteria, asked, every)) if counts and every is not None else {}
    if every is None or not ways:
        return LISTED
    walk = wanted * every // max(1, total)
    names = min(ways, key=ways.__getitem__)
    return frozenset() if walk <= ways[names] else names


def _ways(
    counts: Counts, criteria: CommentFilter, asked: set[str], every: int
) -> Iterator[tuple[frozenset[str], int]]:
    """What can be found first, and how many comments are to be looked at then."""
    for names in _TOGETHER:
        here = names & asked
        is_by_web = "channel" in here and not is_rare_channel(criteria.channel)
        number = counts.number(_only(criteria, here)) if here and not is_by_web else None
        if number is not None:
            is_scanned = here & _SCANNED or ("language" in here and not is_rare_language(criteria.language))
            yield here, number + (every // _SCAN if is_scanned else 0)


def _only(criteria: CommentFilter, names: Collection[str]) -> CommentFilter:
    return CommentFilter(**{name: getattr(criteria, name) for name in names})


def _index(criteria: CommentFilter, found: Collection[str]) -> str | None:
    if not found:
        return "ix_comment_queue" if criteria.position is None else "ix_comment_position"
    return next((_INDEXES[name] for name in found if name in _INDEXES), None)
