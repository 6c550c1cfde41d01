"""What may be seen of a docket's record. Every page, file and piece of news goes through the queries here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.dockets.models import Docket
from engage.errors import NotFound
from engage.meetings.models import Meeting, MeetingKind
from engage.meetings.queries import is_over, of_docket
from engage.oversight.models import Indicator, IndicatorEntry, IndicatorMethod
from engage.oversight.stretches import Stretch, stretches
from engage.oversight.told import ToldStretch, Version, tell_stretch
from engage.web.locale import site_day

COUNTED_KINDS = (MeetingKind.STEERING_COMMITTEE, MeetingKind.HEARING)
"""The meetings of this site that can be counted as public meetings about an agreement."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator with every stretch that is over, the earliest first, as everybody may read it."""

    indicator: Indicator
    stretches: tuple[ToldStretch, ...]
    today: date

    @property
    def published(self) -> list[ToldStretch]:
        """The stretches with an entry."""
        return [row for row in self.stretches if row.versions]

    @property
    def latest(self) -> ToldStretch | None:
        """The last stretch with an entry."""
        return self.published[-1] if self.published else None

    @property
    def overdue(self) -> list[ToldStretch]:
        """The stretches whose entry should be here already, the earliest first."""
        return [row for row in self.stretches if row.days_overdue(self.today)]

    @property
    def due(self) -> list[ToldStretch]:
        """The stretches that are over, whose entry is missing and not late yet."""
        return [row for row in self.stretches if not row.versions and not row.days_overdue(self.today)]

    def method(self, number: int) -> IndicatorMethod:
        """One of its methods."""
        return next(row for row in self.indicator.methods if row.number == number)


def public_indicators(now: datetime) -> sa.Select[Indicator]:
    """The indicators that everybody may see: published, of a published docket. In no order."""
    return (
        sa.select(Indicator)
        .join(Docket, Indicator.docket_id == Docket.id)
        .where(Indicator.published_at <= now, Docket.published_at <= now)
    )


def record_of(session: Session, docket: Docket, now: datetime) -> list[Watched]:
    """All public indicators of a docket, in the order of the staff."""
    wanted = _whole(public_indicators(now)).where(Indicator.docket_id == docket.id)
    return watched(session, session.scalars(wanted.order_by(Indicator.position, Indicator.id)).all(), now)


def get_public_indicator(session: Session, docket: Docket, slug: str, now: datetime) -> Watched:
    """One of them. Raises NotFound: a draft, or another docket's, is not there."""
    wanted = _whole(public_indicators(now)).where(
        Indicator.docket_id == docket.id, Indicator.slug == _searchable(slug)
    )
    return watched(session, [_found(session.scalar(wanted))], now)[0]


def watched(session: Session, indicators: Sequence[Indicator], now: datetime) -> list[Watched]:
    """These indicators with what may be told of their entries."""
    versions = versions_of(session, indicators)
    today = site_day(now)
    return [
        Watched(
            indicator,
            tuple(
                tell_stretch(
                    stretch, indicator.frequency, versions[indicator.id].get(stretch, ()), indicator.unit
                )
                for stretch in stretches_of(indicator, today)
            ),
            today,
        )
        for indicator in indicators
    ]


def stretches_of(indicator: Indicator, today: date) -> list[Stretch]:
    """The stretches of an indicator that are over, the earliest first."""
    return stretches(
        indicator.starts_on,
        indicator.frequency,
        until=today,
        ended_on=indicator.ended_on,
        breaks=[method.valid_from for method in indicator.methods],
    )


def get_stretch(indicator: Indicator, first_on: str, today: date) -> Stretch:
    """The stretch that begins on a day as 2026-01-01. Raises NotFound: also for one that is not over."""
    for stretch in stretches_of(indicator, today):
        if stretch.first_on.isoformat() == first_on:
            return stretch
    raise NotFound(_l("There is no such stretch of time, or it is not over yet."))


def versions_of(session: Session, indicators: Sequence[Indicator]) -> dict[int, dict[Stretch, list[Version]]]:
    """Every number that staff published, hidden ones too, by indicator and stretch, the first version first.

    For whoever decides what is told of them, and for those who may enter them.
    """
    rows = session.scalars(
        sa.select(IndicatorEntry)
        .where(IndicatorEntry.indicator_id.in_([indicator.id for indicator in indicators]))
        .order_by(IndicatorEntry.published_at, IndicatorEntry.id)
    )
    groups: dict[tuple[int, Stretch, datetime], list[IndicatorEntry]] = defaultdict(list)
    for row in rows:
        groups[row.indicator_id, Stretch(row.first_on, row.last_on), row.published_at].append(row)
    found: dict[int, dict[Stretch, list[Version]]] = defaultdict(lambda: defaultdict(list))
    for (indicator_id, stretch, published_at), entries in groups.items():
        values = {entry.category: entry.hundredths for entry in entries}
        first = entries[0]
        found[indicator_id][stretch].append(Version(values, first.method, first.note, published_at))
    return found


def current(session: Session, indicator: Indicator, stretch: Stretch) -> Version | None:
    """What counts for a stretch, hidden numbers too; None where nothing was published."""
    found = versions_of(session, [indicator])[indicator.id].get(stretch)
    return found[-1] if found else None


def last_published(session: Session, indicator: Indicator) -> date | None:
    """The last day that an entry is about."""
    wanted = sa.select(sa.func.max(IndicatorEntry.last_on)).where(IndicatorEntry.indicator_id == indicator.id)
    return session.scalar(wanted)


def indicators(session: Session, docket: Docket) -> list[Indicator]:
    """All indicators of a docket, drafts too, for those who write them."""
    wanted = _whole(sa.select(Indicator)).where(Indicator.docket_id == docket.id)
    return list(session.scalars(wanted.order_by(Indicator.position, Indicator.id)))


def get_indicator(session: Session, docket: Docket, slug: str) -> Indicator:
    """Any indicator of this docket, for those who write it. Raises NotFound."""
    wanted = _whole(sa.select(Indicator)).where(
        Indicator.docket_id == docket.id, Indicator.slug == _searchable(slug)
    )
    return _found(session.scalar(wanted))


def waiting(session: Session, now: datetime) -> list[Watched]:
    """The public indicators for which an entry is due or late, of all dockets."""
    wanted = _whole(public_indicators(now)).options(joinedload(Indicator.docket))
    ordered = wanted.order_by(Indicator.docket_id, Indicator.position, Indicator.id)
    return [row for row in watched(session, session.scalars(ordered).all(), now) if row.overdue or row.due]


def meetings_in(session: Session, docket: Docket, stretch: Stretch, now: datetime) -> list[Meeting]:
    """The public meetings of COUNTED_KINDS of a docket that were held on the days of a stretch."""
    wanted = of_docket(now, docket.id).where(
        Meeting.kind.in_(COUNTED_KINDS),
        Meeting.cancelled_at.is_(None),
        Meeting.postponed_at.is_(None),
        is_over(now),
    )
    held = session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id))
    return [meeting for meeting in held if stretch.has(meeting.starts_at.astimezone(meeting.zone).date())]


def _whole(statement: sa.Select[Indicator]) -> sa.Select[Indicator]:
    return statement.options(selectinload(Indicator.methods), selectinload(Indicator.categories))


def _searchable(text: str) -> str:
    """Without the one character that PostgreSQL cannot even be asked for."""
    return text.replace("\0", "")


def _found(indicator: Indicator | None) -> Indicator:
    if indicator is None:
        raise NotFound(_l("There is no such indicator."))
    return indicator
