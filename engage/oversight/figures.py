"""The entries of a record as they are read: those of some stretches, and how all of them stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.oversight.models import Frequency, Indicator, IndicatorEntry
from engage.oversight.stretches import DAYS_TO_PUBLISH, Stretch, stretches
from engage.oversight.told import TOTAL, ToldStretch, Version, tell_stretch
from engage.oversight.values import Below, Value

_BY_STRETCH = (IndicatorEntry.indicator_id, IndicatorEntry.first_on)
_READ = (
    IndicatorEntry.indicator_id, IndicatorEntry.first_on, IndicatorEntry.last_on, IndicatorEntry.published_at,
    IndicatorEntry.method, IndicatorEntry.note, IndicatorEntry.category, IndicatorEntry.hundredths,
    IndicatorEntry.below,
)  # fmt: skip

Versions = Mapping[Stretch, Sequence[Version]]
"""What staff published for stretches, hidden numbers too, the first version first."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which entries of an indicator are read: those of stretches that begin from one day to another.

    With ``only_totals`` the totals, and the categories that were not collected: totals may be without them.
    """

    indicator: Indicator
    first_on: date
    last_on: date
    only_totals: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the figures of an indicator are.

    ``overdue`` stretches should be published already; ``due_on`` is the first day by which one is that is
    missing and not late yet. ``latest`` is the last stretch with figures, with the total that counts.
    """

    indicator: Indicator
    overdue: int
    due_on: date | None
    latest: ToldStretch | None

    @property
    def is_waiting(self) -> bool:
        """Whether figures are due or late."""
        return bool(self.overdue) or self.due_on is not None


def stretches_of(indicator: Indicator, today: date) -> list[Stretch]:
    """The stretches of an indicator that are over, the earliest first."""
    return stretches(
        indicator.starts_on,
        indicator.frequency,
        until=today,
        ended_on=indicator.ended_on,
        breaks=[method.valid_from for method in indicator.methods],
        first_months=first_months(indicator),
    )


def first_months(indicator: Indicator) -> dict[date, int]:
    """The month in which its years begin, from each day on."""
    return {method.valid_from: method.first_month for method in indicator.methods}


def versions_of(session: Session, spans: Iterable[Span]) -> dict[int, Versions]:
    """Every number that staff published in these spans, by indicator and stretch.

    For whoever decides what is told of them, and for those who may enter them.
    """
    wanted = [_is_in(span) for span in spans]
    if not wanted:
        return {}
    ordered = (
        sa.select(*_READ).where(sa.or_(*wanted)).order_by(IndicatorEntry.published_at, IndicatorEntry.id)
    )
    return _grouped(session.execute(ordered))


def standings(session: Session, indicators: Sequence[Indicator], today: date) -> list[Standing]:
    """How far the figures of these indicators are, in their order: few rows are read of each."""
    ids = [indicator.id for indicator in indicators]
    in_time = _published_in_time(session, ids, today)
    late = _count_late(session, ids, today)
    latest = _latest(session, ids)
    return [
        _standing(one, today, late.get(one.id, 0), in_time.get(one.id, set()), latest.get(one.id, {}))
        for one in indicators
    ]


@dataclass(frozen=True, slots=True)
class Publication:
    """That figures of a stretch were published: first (``number`` 0), or corrected the so-many-th time."""

    indicator_id: int
    stretch: Stretch
    number: int
    published_at: datetime


def publications(session: Session, indicators: Mapping[int, Indicator], since: datetime) -> list[Publication]:
    """When figures of these indicators were published or corrected since an instant, without any number.

    Also all that was published before residents could see the indicator, where that has come since.
    """
    place = sa.func.row_number().over(partition_by=_BY_STRETCH, order_by=IndicatorEntry.published_at)
    every = _totals(list(indicators), *_READ, (place - 1).label("number")).subquery()
    new_ones = [one.id for one in indicators.values() if one.published_at and one.published_at >= since]
    wanted = sa.select(every).where(sa.or_(every.c.published_at >= since, every.c.indicator_id.in_(new_ones)))
    return [
        Publication(row.indicator_id, Stretch(row.first_on, row.last_on), row.number, row.published_at)
        for row in session.execute(wanted.order_by(every.c.published_at, every.c.indicator_id))
    ]


def first_publications(session: Session, asked: Mapping[int, date]) -> dict[tuple[int, date], datetime]:
    """When figures were first published, by indicator and first day; of stretches from a day on for each."""
    if not asked:
        return {}
    first = sa.func.min(IndicatorEntry.published_at)
    wanted = _totals(list(asked), *_BY_STRETCH, first).where(IndicatorEntry.first_on >= min(asked.values()))
    return {(row[0], row[1]): row[2] for row in session.execute(wanted.group_by(*_BY_STRETCH))}


def _standing(
    indicator: Indicator, today: date, published_late: int, in_time: set[date], latest: Versions
) -> Standing:
    every = stretches_of(indicator, today)
    open_ones = [one for one in every if one.due_on(indicator.frequency) >= today]
    missing = [one.due_on(indicator.frequency) for one in open_ones if one.first_on not in in_time]
    told = [
        tell_stretch(stretch, indicator.frequency, versions[-1:], indicator.unit)
        for stretch, versions in latest.items()
    ]
    return Standing(
        indicator=indicator,
        overdue=max(0, len(every) - len(open_ones) - published_late),
        due_on=min(missing, default=None),
        latest=told[-1] if told else None,
    )


def _is_late(today: date) -> sa.ColumnElement[bool]:
    """Whether the day by which the figures of an entry's stretch were due is over."""
    return sa.or_(
        *(
            sa.and_(
                Indicator.frequency == frequency,
                IndicatorEntry.last_on < today - timedelta(days=DAYS_TO_PUBLISH[frequency]),
            )
            for frequency in Frequency
        )
    )


def _count_late(session: Session, ids: Sequence[int], today: date) -> dict[int, int]:
    """How many of the stretches that should be published are."""
    counted = (
        _totals(ids, IndicatorEntry.indicator_id, sa.func.count(IndicatorEntry.first_on.distinct()))
        .join(IndicatorEntry.indicator)
        .where(_is_late(today))
        .group_by(IndicatorEntry.indicator_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _published_in_time(session: Session, ids: Sequence[int], today: date) -> dict[int, set[date]]:
    """The first days of the stretches that are published and need not be yet."""
    wanted = (
        _totals(ids, *_BY_STRETCH).join(IndicatorEntry.indicator).where(sa.not_(_is_late(today))).distinct()
    )
    found: dict[int, set[date]] = defaultdict(set)
    for indicator_id, first_on in session.execute(wanted):
        found[indicator_id].add(first_on)
    return found


def _latest(session: Session, ids: Sequence[int]) -> dict[int, Versions]:
    """The totals of the last stretch with figures. A total is told or not whatever its categories are."""
    newest = (
        _totals(ids, IndicatorEntry.indicator_id, sa.func.max(IndicatorEntry.first_on).label("first_on"))
        .group_by(IndicatorEntry.indicator_id)
        .subquery()
    )
    wanted = (
        _totals(ids, *_READ)
        .join(
            newest,
            sa.and_(
                newest.c.indicator_id == IndicatorEntry.indicator_id,
                newest.c.first_on == IndicatorEntry.first_on,
            ),
        )
        .order_by(IndicatorEntry.published_at, IndicatorEntry.id)
    )
    return _grouped(session.execute(wanted))


def _totals(ids: Sequence[int], *columns: Any) -> sa.Select[Any]:
    """Every publication has a total, also one that was not collected."""
    return sa.select(*columns).where(IndicatorEntry.indicator_id.in_(ids), IndicatorEntry.category == TOTAL)


def _is_in(span: Span) -> sa.ColumnElement[bool]:
    found = sa.and_(
        IndicatorEntry.indicator_id == span.indicator.id,
        IndicatorEntry.first_on.between(span.first_on, span.last_on),
    )
    if not span.only_totals:
        return found
    is_missing = sa.and_(IndicatorEntry.hundredths.is_(None), IndicatorEntry.below.is_(None))
    return sa.and_(found, sa.or_(IndicatorEntry.category == TOTAL, is_missing))


def _grouped(rows: Iterable[Any]) -> dict[int, Versions]:
    """Rows of ``_READ``, the first published first, as versions."""
    values: dict[tuple[int, Stretch, datetime], dict[str, Value]] = defaultdict(dict)
    firsts: dict[tuple[int, Stretch, datetime], Any] = {}
    for row in rows:
        key = row.indicator_id, Stretch(row.first_on, row.last_on), row.published_at
        values[key][row.category] = row.hundredths if row.below is None else Below(row.below)
        firsts.setdefault(key, row)
    found: dict[int, dict[Stretch, list[Version]]] = defaultdict(lambda: defaultdict(list))
    for (indicator_id, stretch, published_at), first in firsts.items():
        version = Version(values[indicator_id, stretch, published_at], first.method, first.note, published_at)
        found[indicator_id][stretch].append(version)
    return dict(found)
