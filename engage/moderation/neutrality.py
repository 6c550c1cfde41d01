"""What became of comments, by declared position, by concern and by language: read, put together, compared."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import OTHER, UNKNOWN
from engage.comments.filters import UNMEASURED, UNSTATED
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentConcern,
    Disposition,
    ModerationReason,
    Position,
)
from engage.moderation.evenness import Comparison, judge
from engage.moderation.small_cells import K, Place, fold_small, hidden_cells

POSITION, CONCERN, LANGUAGE = "position", "concern", "language"
NOT_POSTED, WAITS_LONG = "not_posted", "waits_long"
SMALLER = "smaller"
"""The groups with fewer than ten comments each, together."""

LONG_DAYS = 7


class Fate(NamedTuple):
    """What has become of some comments that came on one day."""

    disposition: Disposition
    reason: ModerationReason | None
    received_on: date


Fates = Counter[Fate]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row: what became of a group's comments. None: not shown, because too few people are behind it.

    Everybody can count the posted ones, so ``received`` is hidden with any of the others: it would give them
    away. ``waiting_days`` is the median of the days since the receipt of those that wait; None too where
    fewer than K wait, because it would tell of single comments.
    """

    key: str
    received: int | None
    posted: int
    not_posted: int | None
    waiting: int | None
    waiting_days: float | None

    @property
    def share_not_posted(self) -> float | None:
        """Of those that were decided."""
        if self.not_posted is None or not self.posted + self.not_posted:
            return None
        return self.not_posted / (self.posted + self.not_posted)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason, and how many comments of each declared position were not posted for it.

    Nothing is hidden by position: the moderation log tells the position and the reason line by line.
    """

    reason: ModerationReason
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of all positions."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Table:
    """The outcomes of the groups of one dimension."""

    dimension: str
    rows: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """All that the page says. Withdrawn comments are in none of it: nobody but their authors decided."""

    received: int
    posted: int
    not_posted: int
    waiting: int
    tables: tuple[Table, ...]
    reason_columns: tuple[str, ...]
    reasons: tuple[ReasonRow, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def warnings(self) -> list[Comparison]:
        """What is lopsided."""
        return [one for one in self.comparisons if one.is_lopsided]


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: by position and by language every comment once, by concern as often as it has one.

    ``with_concern`` are those that have a concern with a name.
    """

    positions: Mapping[str, Fates]
    languages: Mapping[str, Fates]
    concerns: Mapping[str, Fates]
    with_concern: Fates


def read(session: Session, period_ids: Collection[int]) -> Read:
    """Count the comments of some periods."""
    of_periods = (Comment.period_id.in_(period_ids), Comment.disposition != Disposition.WITHDRAWN)
    positions: dict[str, Fates] = {}
    languages: dict[str, Fates] = {}
    statement = _fates(Comment.position, CommentAnalysis.language).outerjoin(Comment.analysis)
    for position, language, *fate, n in session.execute(statement.where(*of_periods)):
        positions.setdefault(position or UNSTATED, Counter())[Fate(*fate)] += n
        languages.setdefault(language or UNMEASURED, Counter())[Fate(*fate)] += n
    concerns: dict[str, Fates] = {}
    statement = _fates(CommentConcern.code).join(CommentConcern, CommentConcern.comment_id == Comment.id)
    for code, *fate, n in session.execute(statement.where(*of_periods)):
        concerns.setdefault(code, Counter())[Fate(*fate)] += n
    has_one = sa.exists().where(CommentConcern.comment_id == Comment.id, CommentConcern.code != OTHER)
    rows = session.execute(_fates().where(*of_periods, has_one))
    return Read(positions, languages, concerns, Counter({Fate(*fate): n for *fate, n in rows}))


def audit(found: Read, today: date) -> Audit:
    """Put what was read into tables without small cells, and compare every group with the rest."""
    whole: Fates = sum(found.positions.values(), Counter())
    order = [*Position, UNSTATED]
    positions = {key: found.positions[key] for key in order if key in found.positions}
    languages = dict(sorted(found.languages.items(), key=lambda item: (-item[1].total(), item[0])))
    concerns = dict(sorted(found.concerns.items(), key=lambda item: (-item[1].total(), item[0])))
    columns, reasons = _reasons(positions)
    return Audit(
        received=whole.total(),
        posted=_count(whole, Disposition.POSTED),
        not_posted=_count(whole, Disposition.RESTRICTED),
        waiting=_count(whole, Disposition.RECEIVED),
        tables=(
            Table(POSITION, _rows(positions, set(), today)),
            Table(LANGUAGE, _shares(languages, today)),
            Table(CONCERN, _overlapping(concerns, today)),
        ),
        reason_columns=columns,
        reasons=reasons,
        comparisons=tuple(judge(_comparisons(positions, languages, concerns, found.with_concern, today))),
    )


def _fates(*groups: Any) -> sa.Select[Any]:
    kinds = (*groups, Comment.disposition, Comment.restriction_reason, Comment.received_on)
    return sa.select(*kinds, sa.func.count()).select_from(Comment).group_by(*kinds)


def _count(fates: Fates, disposition: Disposition) -> int:
    return sum(n for fate, n in fates.items() if fate.disposition is disposition)


def _cells(fates: Fates) -> tuple[int, int, int]:
    return (
        _count(fates, Disposition.POSTED),
        _count(fates, Disposition.RESTRICTED),
        _count(fates, Disposition.RECEIVED),
    )


def _shares(groups: Mapping[str, Fates], today: date) -> tuple[Outcome, ...]:
    """Rows of groups that share out all comments; those of fewer than ten are told together."""
    small = fold_small({key: fates.total() for key, fates in groups.items()})
    told = {key: fates for key, fates in groups.items() if key not in small}
    if small:
        told[SMALLER] = sum((groups[key] for key in sorted(small)), Counter())
    return _rows(told, hidden_cells([_cells(fates)[1:] for fates in told.values()]), today)


def _overlapping(groups: Mapping[str, Fates], today: date) -> tuple[Outcome, ...]:
    """Rows of groups of which a comment may be in several or none; those of fewer than ten are left out."""
    told = {key: fates for key, fates in groups.items() if fates.total() >= K}
    cells = [_cells(fates)[1:] for fates in told.values()]
    return _rows(told, hidden_cells(cells, columns_add_up=False), today)


def _rows(groups: Mapping[str, Fates], hidden: Collection[Place], today: date) -> tuple[Outcome, ...]:
    """``hidden`` are places of what is not posted (0) and of what waits (1)."""
    rows = []
    for at, (key, fates) in enumerate(groups.items()):
        posted, not_posted, waiting = _cells(fates)
        is_whole = (at, 0) not in hidden and (at, 1) not in hidden
        rows.append(
            Outcome(
                key,
                received=fates.total() if is_whole else None,
                posted=posted,
                not_posted=None if (at, 0) in hidden else not_posted,
                waiting=None if (at, 1) in hidden else waiting,
                waiting_days=_median_days(fates, today) if waiting >= K and (at, 1) not in hidden else None,
            )
        )
    return tuple(rows)


def _median_days(fates: Fates, today: date) -> float:
    days = Counter[int]()
    for fate, n in fates.items():
        if fate.disposition is Disposition.RECEIVED:
            days[max(0, (today - fate.received_on).days)] += n
    return float(statistics.median(days.elements()))


def _reasons(positions: Mapping[str, Fates]) -> tuple[tuple[str, ...], tuple[ReasonRow, ...]]:
    """Why comments were not posted, by declared position."""
    by_position = {
        key: tuple(
            sum(n for fate, n in fates.items() if fate.reason is reason) for reason in ModerationReason
        )
        for key, fates in positions.items()
    }
    rows = zip(ModerationReason, zip(*by_position.values(), strict=True), strict=False)
    return tuple(by_position), tuple(ReasonRow(reason, counts) for reason, counts in rows if any(counts))


def _comparisons(
    positions: Mapping[str, Fates],
    languages: Mapping[str, Fates],
    concerns: Mapping[str, Fates],
    with_concern: Fates,
    today: date,
) -> Iterator[Comparison]:
    """Every group against the other groups.

    Who declares nothing, writes in no known language or names no known concern is in no comparison: what no
    person has written is mostly there, and would make all others look favoured.
    """
    positions = {key: fates for key, fates in positions.items() if key != UNSTATED}
    languages = {key: fates for key, fates in languages.items() if key not in (UNKNOWN, UNMEASURED)}
    concerns = {key: fates for key, fates in concerns.items() if key != OTHER}
    for dimension, groups, everything in (
        (POSITION, positions, sum(positions.values(), Fates())),
        (LANGUAGE, languages, sum(languages.values(), Fates())),
        (CONCERN, concerns, with_concern),
    ):
        for key, fates in groups.items():
            yield from _both(dimension, key, None, fates, everything - fates, today)
    sides = (positions.get(Position.SUPPORT, Counter()), positions.get(Position.OPPOSE, Counter()))
    yield from _both(POSITION, Position.SUPPORT, Position.OPPOSE, *sides, today)


def _both(
    dimension: str, key: str, against: str | None, fates: Fates, others: Fates, today: date
) -> Iterator[Comparison]:
    for outcome, of in ((NOT_POSTED, _decided), (WAITS_LONG, lambda some: _long_ago(some, today))):
        yield Comparison(dimension, key, against, outcome, *of(fates), *of(others))


def _decided(fates: Fates) -> tuple[int, int]:
    """How many were not posted, of those that were decided."""
    posted, not_posted, _waiting = _cells(fates)
    return not_posted, posted + not_posted


def _long_ago(fates: Fates, today: date) -> tuple[int, int]:
    """How many still wait, of those that came more than a week ago."""
    old = {fate: n for fate, n in fates.items() if (today - fate.received_on).days > LONG_DAYS}
    return sum(n for fate, n in old.items() if fate.disposition is Disposition.RECEIVED), sum(old.values())


def is_hidden(tables: Iterable[Table], comparison: Comparison) -> bool:
    """Whether a table hides the count that a comparison rests on: then its size must not be told either."""
    rows: Sequence[Outcome] = [
        row for table in tables if table.dimension == comparison.dimension for row in table.rows
    ]
    for key in (comparison.group, comparison.against):
        row = next((row for row in rows if row.key == key), None)
        if key is not None and (row is None or row.received is None):
            return True
    return False
