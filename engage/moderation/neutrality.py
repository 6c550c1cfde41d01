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
from engage.moderation.small_cells import K, fold_small, hidden_cells

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

    ``waiting_days`` is the median of the days since the receipt of those that wait.
    """

    key: str
    received: int
    posted: int | None
    not_posted: int | None
    waiting: int | None
    waiting_days: float | None

    @property
    def share_not_posted(self) -> float | None:
        """Of those that were decided."""
        if self.posted is None or self.not_posted is None or not self.posted + self.not_posted:
            return None
        return self.not_posted / (self.posted + self.not_posted)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason, and how many comments of each declared position were not posted for it; None: not shown."""

    reason: ModerationReason
    total: int
    counts: tuple[int | None, ...]


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
    """What was read: by position and by language every comment once, by concern as often as it has one."""

    positions: Mapping[str, Fates]
    languages: Mapping[str, Fates]
    concerns: Mapping[str, Fates]
    measured: Fates


def read(session: Session, period_ids: Collection[int]) -> Read:
    """Count the comments of some periods."""
    of_periods = (Comment.period_id.in_(period_ids), Comment.disposition != Disposition.WITHDRAWN)
    positions: dict[str, Fates] = {}
    languages: dict[str, Fates] = {}
    measured: Fates = Counter()
    statement = _fates(Comment.position, CommentAnalysis.language).outerjoin(Comment.analysis)
    for position, language, *fate, n in session.execute(statement.where(*of_periods)):
        positions.setdefault(position or UNSTATED, Counter())[Fate(*fate)] += n
        languages.setdefault(language or UNMEASURED, Counter())[Fate(*fate)] += n
        if language is not None:
            measured[Fate(*fate)] += n
    concerns: dict[str, Fates] = {}
    statement = _fates(CommentConcern.code).join(CommentConcern, CommentConcern.comment_id == Comment.id)
    for code, *fate, n in session.execute(statement.where(*of_periods)):
        concerns.setdefault(code, Counter())[Fate(*fate)] += n
    return Read(positions, languages, concerns, measured)


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
            Table(POSITION, _shares(positions, today)),
            Table(LANGUAGE, _shares(languages, today)),
            Table(CONCERN, _overlapping(concerns, today)),
        ),
        reason_columns=columns,
        reasons=reasons,
        comparisons=tuple(judge(_comparisons(positions, languages, concerns, whole, found.measured, today))),
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
    """Rows of groups that share out all comments."""
    folded = fold_small({key: _cells(fates) for key, fates in groups.items()}, SMALLER)
    fates = {key: groups[key] for key in folded if key in groups}
    if SMALLER in folded:
        fates[SMALLER] = sum((groups[key] for key in groups if key not in folded), Counter())
    return _rows(fates, folded, hidden_cells(list(folded.values())), today)


def _overlapping(groups: Mapping[str, Fates], today: date) -> tuple[Outcome, ...]:
    """Rows of groups of which a comment may be in several or none; those of fewer than ten are left out."""
    cells = {key: _cells(fates) for key, fates in groups.items() if fates.total() >= K}
    return _rows(groups, cells, hidden_cells(list(cells.values()), columns_add_up=False), today)


def _rows(
    groups: Mapping[str, Fates],
    cells: Mapping[str, tuple[int, ...]],
    hidden: Collection[tuple[int, int]],
    today: date,
) -> tuple[Outcome, ...]:
    rows = []
    for at, (key, counts) in enumerate(cells.items()):
        posted, not_posted, waiting = (
            None if (at, column) in hidden else count for column, count in enumerate(counts)
        )
        days = _median_days(groups[key], today) if waiting else None
        rows.append(Outcome(key, sum(counts), posted, not_posted, waiting, days))
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
    reasons = [
        (reason, counts)
        for reason, *counts in zip(ModerationReason, *by_position.values(), strict=True)
        if any(counts)
    ]
    hidden = hidden_cells([tuple(counts) for _, counts in reasons])
    rows = (
        ReasonRow(
            reason,
            sum(counts),
            tuple(None if (at, column) in hidden else count for column, count in enumerate(counts)),
        )
        for at, (reason, counts) in enumerate(reasons)
    )
    return tuple(by_position), tuple(rows)


def _comparisons(
    positions: Mapping[str, Fates],
    languages: Mapping[str, Fates],
    concerns: Mapping[str, Fates],
    whole: Fates,
    measured: Fates,
    today: date,
) -> Iterator[Comparison]:
    for dimension, groups, everything in (
        (POSITION, positions, whole),
        (LANGUAGE, {key: fates for key, fates in languages.items() if key != UNMEASURED}, measured),
        (CONCERN, concerns, measured),
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
        if key is not None and (row is None or None in (row.posted, row.not_posted, row.waiting)):
            return True
    return False
