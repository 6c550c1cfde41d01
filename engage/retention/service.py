"""Purge what is old enough, once a day; let administrators choose the number of days."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.errors import RuleBroken
from engage.jobs.scrub import promise_scrub
from engage.retention import queries
from engage.retention.models import Purge, RetentionRule
from engage.retention.schedule import DataClass, limits

log = structlog.get_logger()


class NotYours(RuleBroken):
    """The number of days of this class is fixed, or outside what may be chosen."""


def purge_due() -> int:
    """Job: purge each class of data that was not purged today; returns how many things were erased.

    What a killed worker leaves is done by the next one: a class is erased and written down in one
    transaction, and the database lets only one do it a day.
    """
    now = utcnow()
    with db.sessionmaker() as session:
        due = queries.not_purged_on(session, now.date())
    return sum(purge(data, now) for data in due)


def purge(data: DataClass, now: datetime) -> int:
    """Erase what is old enough of one class, and write it down. 0 where another worker was quicker."""
    try:
        with write_transaction() as session:
            days = queries.days_of(session, data)
            if data.erase is None or days is None:
                return 0
            row = Purge(data_class=data.code, purged_on=now.date(), days=days, erased=0)
            session.add(row)
            session.flush()
            row.erased = data.erase(session, *limits(days, now))
            if row.erased:
                promise_scrub(session)
            erased = row.erased
    except IntegrityError:
        return 0
    log.info("purged", data_class=data.code, erased=erased)
    return erased


def set_days(session: Session, *, data: DataClass, days: int) -> None:
    """Keep a class of data for this many days from now on. Raises NotYours."""
    if data.bounds is None or not data.bounds[0] <= days <= data.bounds[1]:
        raise NotYours(_l("This number of days cannot be chosen for this class of data."))
    rule = session.get(RetentionRule, data.code)
    if rule is None:
        session.add(RetentionRule(data_class=data.code, days=days))
    else:
        rule.days = days
    session.flush()
