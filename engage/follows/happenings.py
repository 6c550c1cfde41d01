"""The happenings of dockets and comment periods, read from their dates. All that is told here is public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Session

from engage.comments.models import ChangeKind, CommentPeriod, PeriodChange, PeriodState
from engage.comments.queries import public_periods, with_docket
from engage.dockets.models import Docket
from engage.dockets.queries import public_dockets_with_contents, public_documents, public_updates
from engage.follows.words import HAPPENINGS
from engage.web.links import path_to, said_in
from engage.web.locale import moment
from engage.web.news import DOCKET, PERIOD, Happening, Subject, Told

CLOSING_SOON = timedelta(hours=72)


def period_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Announced, opened, closing soon, closed: from the dates as they stand now."""
    recent = with_docket(public_periods(now)).where(
        sa.or_(
            CommentPeriod.published_at >= since,
            CommentPeriod.opens_at.between(since, now),
            CommentPeriod.closes_at.between(since, now + CLOSING_SOON),
        )
    )
    for period in session.scalars(recent):
        yield from _of_period(period, now)


_CHANGED = {
    ChangeKind.EXTEND: "extended",
    ChangeKind.REOPEN: "reopened",
    ChangeKind.CANCEL: "cancelled",
}


def change_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Extended, opened again, cancelled: what staff changed in public, each once."""
    changes = (
        with_docket(public_periods(now))
        .join(CommentPeriod.changes)
        .where(PeriodChange.happened_at.between(since, now))
        .with_only_columns(PeriodChange, CommentPeriod)
        .order_by(PeriodChange.happened_at, PeriodChange.id)
    )
    for change, period in session.execute(changes):
        yield about_period(period, _CHANGED[change.kind], f"change:{change.id}", change.happened_at)


def about_period(
    period: CommentPeriod, what: str, key: str, happened_at: datetime, *, is_reminder: bool = False
) -> Happening:
    """A happening of a period; ``what`` is a code of words.HAPPENINGS, ``key`` tells it from its others."""
    return Happening(
        key=f"period:{period.id}:{key}",
        subjects=_subjects(period, is_reminder=is_reminder),
        happened_at=happened_at,
        tell=partial(_tell_period, period, what),
        is_reminder=is_reminder,
    )


def _of_period(period: CommentPeriod, now: datetime) -> Iterator[Happening]:
    state = period.state(now)
    published = period.published_at or now
    deadline = period.closes_at.isoformat()
    if published < period.opens_at:
        yield about_period(period, "announced", "announced", published)
    if state in (PeriodState.OPEN, PeriodState.CLOSED):
        yield about_period(period, "opened", "opened", max(period.opens_at, published))
    soon = period.closes_at - CLOSING_SOON
    # In a period that is shorter than that, the word that it opened is reminder enough.
    if state is PeriodState.OPEN and period.opens_at < soon:
        yield about_period(period, "closing", f"closing:{deadline}", soon, is_reminder=True)
    if state is PeriodState.CLOSED:
        yield about_period(period, "closed", f"closed:{deadline}", period.closes_at)


def _subjects(period: CommentPeriod, *, is_reminder: bool) -> tuple[Subject, ...]:
    own = Subject(PERIOD, str(period.id))
    # Who follows the docket is told when a period opens and closes, and not urged.
    return (own,) if is_reminder else (own, Subject(DOCKET, str(period.docket_id)))


def _tell_period(period: CommentPeriod, what: str, language: str) -> Told:
    with force_locale(language):
        closes = moment(period.closes_at, period.time_zone)
        opens = moment(period.opens_at, period.time_zone)
    return Told(
        about=period.title.best(language)[0],
        text=said_in(language, HAPPENINGS[what], closes=closes, opens=opens),
        path=path_to("comments.period", language, slug=period.slug),
    )


def docket_happenings(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Documents and their versions, updates, and the decision."""
    for docket in public_dockets_with_contents(session, now):
        if docket.published_at is not None and docket.published_at >= since:
            yield _about_docket(docket, "docket_published", "published", docket.published_at)
        yield from _of_documents(docket, now)
        for update in public_updates(docket, now):
            yield _about_docket(
                docket,
                "update",
                f"update:{update.id}",
                update.published_at,
                fragment="#updates",
                title=update.title.best,
            )
        if docket.decision is not None:
            yield _about_docket(
                docket,
                "decided",
                f"decision:{docket.decision.id}",
                _start_of(docket.decision.decided_on, now),
                fragment="#decision",
            )


def _of_documents(docket: Docket, now: datetime) -> Iterator[Happening]:
    for found in public_documents(docket, now):
        for version in found.versions:
            yield Happening(
                key=f"docket:{docket.id}:document:{found.document.id}:{version.number}",
                subjects=(Subject(DOCKET, str(docket.id)),),
                happened_at=max(version.published_at, docket.published_at or now),
                tell=partial(
                    _tell_docket,
                    docket,
                    "document" if version.number == 1 else "version",
                    endpoint="dockets.document",
                    values={"document_slug": found.document.slug},
                    title=found.document.title.best,
                    number=version.number,
                ),
            )


def _about_docket(
    docket: Docket,
    what: str,
    key: str,
    happened_at: datetime,
    *,
    fragment: str = "",
    title: Callable[[str], tuple[str, str]] | None = None,
) -> Happening:
    return Happening(
        key=f"docket:{docket.id}:{key}",
        subjects=(Subject(DOCKET, str(docket.id)),),
        happened_at=max(happened_at, docket.published_at or happened_at),
        tell=partial(_tell_docket, docket, what, fragment=fragment, title=title),
    )


def _tell_docket(
    docket: Docket,
    what: str,
    language: str,
    *,
    endpoint: str = "dockets.docket",
    values: dict[str, object] | None = None,
    fragment: str = "",
    title: Callable[[str], tuple[str, str]] | None = None,
    number: int = 0,
) -> Told:
    named = title(language)[0] if title else ""
    return Told(
        about=docket.title.best(language)[0],
        text=said_in(language, HAPPENINGS[what], title=named, number=number),
        path=path_to(endpoint, language, slug=docket.slug, **values or {}) + fragment,
    )


def _start_of(day: object, now: datetime) -> datetime:
    """The first instant of a day in the place of this site, and never one to come."""
    zone: ZoneInfo = current_app.config["ENGAGE_SETTINGS"].site_time_zone
    return min(datetime.combine(day, time(), zone), now)  # type: ignore[arg-type]
