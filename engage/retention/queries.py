"""The rules in force, what was purged, and whether the purge has stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.retention.models import Purge, RetentionRule
from engage.retention.schedule import SCHEDULE, DataClass
from engage.web.paging import Page

ALARM_AFTER = timedelta(days=2)
PAGE = 50


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A class of data with the number of days that counts here; ``last`` is the last day of its purge."""

    data: DataClass
    days: int | None
    last: date | None
    erased: int


def rules(session: Session) -> list[RuleInForce]:
    """The whole schedule, in its order."""
    own = {row.data_class: row.days for row in session.scalars(sa.select(RetentionRule))}
    done = {
        code: (last, erased)
        for code, last, erased in session.execute(
            sa.select(Purge.data_class, sa.func.max(Purge.purged_on), sa.func.sum(Purge.erased)).group_by(
                Purge.data_class
            )
        )
    }
    return [
        RuleInForce(data, own.get(data.code, data.days), *done.get(data.code, (None, 0))) for data in SCHEDULE
    ]


def days_of(session: Session, data: DataClass) -> int | None:
    """How many days a class of data is kept here."""
    own = session.get(RetentionRule, data.code)
    return own.days if own else data.days


def purges(session: Session, *, number: int) -> Page[Purge]:
    """What was erased, the newest day first; days on which nothing was old enough are left out."""
    some = sa.select(Purge).where(Purge.erased > 0)
    newest = some.order_by(Purge.purged_on.desc(), Purge.data_class).limit(PAGE).offset((number - 1) * PAGE)
    total = session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0
    return Page(rows=session.scalars(newest).all(), number=number, size=PAGE, total=total)


def not_purged_on(session: Session, day: date) -> Sequence[DataClass]:
    """The classes whose purge has not run on a day."""
    done = set(session.scalars(sa.select(Purge.data_class).where(Purge.purged_on == day)))
    return [data for data in SCHEDULE if data.erase is not None and data.code not in done]


def stopped_since(session: Session, now: datetime) -> date | None:
    """The last day on which every class was purged, where that is too long ago; else None.

    On a site that has never purged the alarm is the worker's first day without a purge, so that a new site
    does not begin with one: None.
    """
    wanted = {data.code for data in SCHEDULE if data.erase is not None}
    rows = session.execute(
        sa.select(Purge.data_class, sa.func.max(Purge.purged_on))
        .where(Purge.data_class.in_(wanted))
        .group_by(Purge.data_class)
    ).all()
    oldest = min((last for _code, last in rows), default=None)
    return oldest if oldest is not None and oldest < (now - ALARM_AFTER).date() else None
