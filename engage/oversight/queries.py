"""What may be seen of a docket's record. Every page, file and piece of news goes through the queries here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.dockets.models import Docket
from engage.errors import NotFound
from engage.meetings.models import Meeting, MeetingKind
from engage.meetings.queries import is_over, of_docket
from engage.oversight.figures import (
    Span,
    Standing,
    Versions,
    first_months,
    standings,
    stretches_of,
    versions_of,
)
from engage.oversight.models import Frequency, Indicator, IndicatorEntry, IndicatorMethod
from engage.oversight.stretches import Stretch, year_of
from engage.oversight.told import ToldStretch, Version, tell_stretch
from engage.oversight.windows import CARD_YEARS, PAGE_YEARS, Window, window
from engage.web.locale import site_day

COUNTED_KINDS = (MeetingKind.STEERING_COMMITTEE, MeetingKind.HEARING)
"""The meetings of this site that can be counted as public meetings about an agreement."""

MOST_TOLD_APART = 5
"""Categories that a chart can tell apart without colour; of an indicator with more, cards read the totals."""


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator with stretches that are over, the earliest first, as everybody may read them.

    ``window`` says which page of all of them these are; ``standing`` is about all.
    """

    indicator: Indicator
    stretches: tuple[ToldStretch, ...]
    today: date
    window: Window
    standing: Standing

    @property
    def published(self) -> list[ToldStretch]:
        """The stretches with an entry."""
        return [row for row in self.stretches if row.versions]

    @property
    def latest(self) -> ToldStretch | None:
        """The last stretch with an entry; of one before these stretches only the total is known."""
        return self.published[-1] if self.published else self.standing.latest

    @property
    def overdue(self) -> list[ToldStretch]:
        """Those of these stretches whose entry should be here already, the earliest first."""
        return [row for row in self.stretches if row.days_overdue(self.today)]

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


def public_record(session: Session, docket: Docket, now: datetime) -> list[Standing]:
    """How all public indicators of a docket stand, in the order of the staff."""
    wanted = _whole(public_indicators(now)).where(Indicator.docket_id == docket.id)
    found = session.scalars(wanted.order_by(Indicator.position, Indicator.id)).all()
    return standings(session, found, site_day(now))


def record(session: Session, docket: Docket, now: datetime) -> list[Standing]:
    """How all indicators of a docket stand, drafts too, for those who write them."""
    return standings(session, indicators(session, docket), site_day(now))


def get_public_indicator(session: Session, docket: Docket, slug: str, now: datetime) -> Indicator:
    """One of them. Raises NotFound: a draft, or another docket's, is not there."""
    wanted = _whole(public_indicators(now)).where(
        Indicator.docket_id == docket.id, Indicator.slug == _searchable(slug)
    )
    return _found(session.scalar(wanted))


def watched(session: Session, indicator: Indicator, now: datetime, *, page: int = 1) -> Watched:
    """An indicator with what may be told of the entries of one page of its stretches, the newest first."""
    standing = standings(session, [indicator], site_day(now))
    return _watched(session, standing, now, PAGE_YEARS, page)[0]


def every_page(session: Session, indicator: Indicator, now: datetime) -> Iterator[Watched]:
    """An indicator with all its stretches, page by page, the earliest page first."""
    standing = standings(session, [indicator], site_day(now))
    pages = _window(indicator, site_day(now), PAGE_YEARS).pages
    for page in range(pages, 0, -1):
        yield _watched(session, standing, now, PAGE_YEARS, page)[0]


def cards(session: Session, found: Sequence[Standing], now: datetime) -> list[Watched]:
    """These indicators with what counts in their last years, for a page on which each has a small place."""
    return _watched(session, found, now, CARD_YEARS)


def _watched(
    session: Session, found: Sequence[Standing], now: datetime, years: Mapping[Frequency, int], page: int = 1
) -> list[Watched]:
    today, is_card = site_day(now), years is CARD_YEARS
    windows = [_window(one.indicator, today, years, page) for one in found]
    spans = (
        Span(
            one.indicator,
            shown.stretches[0].first_on,
            shown.stretches[-1].first_on,
            only_totals=is_card and len(one.indicator.categories) > MOST_TOLD_APART,
        )
        for one, shown in zip(found, windows, strict=True)
        if shown.stretches
    )
    read = versions_of(session, spans)
    return [
        Watched(
            one.indicator,
            _told(one.indicator, shown, read.get(one.indicator.id, {}), only_current=is_card),
            today,
            shown,
            one,
        )
        for one, shown in zip(found, windows, strict=True)
    ]


def _window(indicator: Indicator, today: date, years: Mapping[Frequency, int], page: int = 1) -> Window:
    return window(
        stretches_of(indicator, today),
        years[indicator.frequency],
        page,
        year_of=partial(year_of, first_months=first_months(indicator)),
    )


def _told(
    indicator: Indicator, shown: Window, read: Versions, *, only_current: bool
) -> tuple[ToldStretch, ...]:
    rows = ((stretch, read.get(stretch, ())) for stretch in shown.stretches)
    return tuple(
        tell_stretch(stretch, indicator.frequency, found[-1:] if only_current else found, indicator.unit)
        for stretch, found in rows
    )


def get_stretch(indicator: Indicator, first_on: str, today: date) -> Stretch:
    """The stretch that begins on a day as 2026-01-01. Raises NotFound: also for one that is not over."""
    for stretch in stretches_of(indicator, today):
        if stretch.first_on.isoformat() == first_on:
            return stretch
    raise NotFound(_l("There is no such stretch of time, or it is not over yet."))


def versions(session: Session, indicator: Indicator, stretch: Stretch) -> Sequence[Version]:
    """All that was published for a stretch, hidden numbers too, the first version first."""
    span = Span(indicator, stretch.first_on, stretch.first_on)
    return versions_of(session, [span]).get(indicator.id, {}).get(stretch, ())


def current(session: Session, indicator: Indicator, stretch: Stretch) -> Version | None:
    """What counts for a stretch, hidden numbers too; None where nothing was published."""
    found = versions(session, indicator, stretch)
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


def waiting(session: Session, now: datetime) -> list[Standing]:
    """The public indicators for which an entry is due or late, of all dockets."""
    wanted = public_indicators(now).options(joinedload(Indicator.docket), selectinload(Indicator.methods))
    ordered = wanted.order_by(Indicator.docket_id, Indicator.position, Indicator.id)
    every = standings(session, session.scalars(ordered).all(), site_day(now))
    return [standing for standing in every if standing.is_waiting]


def meetings_in(
    session: Session, docket: Docket, asked: Iterable[Stretch], now: datetime
) -> dict[Stretch, list[Meeting]]:
    """The public meetings of COUNTED_KINDS of a docket that were held on the days of these stretches."""
    found: dict[Stretch, list[Meeting]] = defaultdict(list)
    wanted = of_docket(now, docket.id).where(
        Meeting.kind.in_(COUNTED_KINDS),
        Meeting.cancelled_at.is_(None),
        Meeting.postponed_at.is_(None),
        is_over(now),
    )
    every = list(asked)
    if every:
        # A day more on both sides: the days are those of the places where the meetings are.
        first, last = min(every).first_on - _DAY, max(every).last_on + 2 * _DAY
        wanted = wanted.where(Meeting.starts_at.between(_midnight(first), _midnight(last)))
    for meeting in session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id)) if every else ():
        day = meeting.starts_at.astimezone(meeting.zone).date()
        for stretch in every:
            if stretch.has(day):
                found[stretch].append(meeting)
    return found


def _whole(statement: sa.Select[Indicator]) -> sa.Select[Indicator]:
    return statement.options(selectinload(Indicator.methods), selectinload(Indicator.categories))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _searchable(text: str) -> str:
    """Without the one character that PostgreSQL cannot even be asked for."""
    return text.replace("\0", "")


def _found(indicator: Indicator | None) -> Indicator:
    if indicator is None:
        raise NotFound(_l("There is no such indicator."))
    return indicator
