"""Publish a report: staff ask for a version, a job freezes it. May be killed at any moment and run twice.

What is slow only reads (frozen.freeze). The finished version is written in one short transaction that begins
by taking the version's row: of two that have read at once the second finds it published and writes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.campaigns.service import group_due
from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.comments.service.analyse import analyse_due
from engage.db.base import Base
from engage.db.session import advisory_lock, db, write_transaction
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.jobs.queue import wake
from engage.reports import preparing
from engage.reports.frozen import codec, freeze
from engage.reports.frozen.freeze import Reading
from engage.reports.frozen.program import program_digest
from engage.reports.measures import METHOD
from engage.reports.models import Frozen, FrozenColumn, FrozenDocument, ReportVersion
from engage.reports.page import Version
from engage.reports.service.count import count_due
from engage.themes.service.find import find_now

PUBLISH = "publish_reports"
"""The job that freezes the versions that staff asked for."""

_ASK_LOCK = 2_870_026
_AGAIN_AFTER = timedelta(minutes=10)
_AFTER_FAILURE = timedelta(minutes=1)
_MOST_BATCHES = 100_000

log = structlog.get_logger()

# One process freezes one report at a time: a million comments need memory once.
_at_work = threading.Lock()
_refused: dict[int, datetime] = {}


class NotYetPublic(RuleBroken):
    """Nobody may read the period yet, or it has not begun."""


def ask_for_version(
    session: Session, period: CommentPeriod, *, note: Localised, actor: User | None, now: datetime
) -> ReportVersion:
    """Promise the next version of a period's report; the one in preparation where there is one.

    So pressing the button twice asks for one version. Raises NotYetPublic.
    """
    is_public = period.published_at is not None and period.published_at <= now
    if not is_public or not period.docket.is_published(now) or period.opens_at > now:
        raise NotYetPublic(_l("A report can be published once the comment period has begun in public."))
    advisory_lock(session, _ASK_LOCK)
    of_period = sa.select(ReportVersion).where(ReportVersion.period_id == period.id)
    asked = session.scalar(of_period.where(ReportVersion.published_at.is_(None)))
    if asked is None:
        newest = session.scalar(of_period.with_only_columns(sa.func.max(ReportVersion.number)))
        asked = ReportVersion(
            period_id=period.id,
            number=(newest or 0) + 1,
            note=note,
            asked_by_id=actor.id if actor else None,
            asked_at=now,
        )
        session.add(asked)
        session.flush()
    wake(session, PUBLISH)
    return asked


def publish_due() -> int:
    """Freeze one version that was asked for; returns how many. A job: opens its own transactions."""
    if not _at_work.acquire(blocking=False):
        return 0
    try:
        version_id = _next_due()
        if version_id is None:
            return 0
        try:
            prepare(version_id)
            return _publish(version_id)
        except Exception:
            # Whatever keeps this one from being made must not keep back those of all other periods.
            _refused[version_id] = utcnow() + _AFTER_FAILURE
            raise
    finally:
        _at_work.release()


def _next_due() -> int | None:
    late = [version for version, until in _refused.items() if until > utcnow()]
    with db.sessionmaker() as session:
        due = sa.select(ReportVersion.id).where(ReportVersion.published_at.is_(None))
        return session.scalar(due.where(ReportVersion.id.not_in(late)).order_by(ReportVersion.id).limit(1))


def prepare(version_id: int) -> None:
    """Do what waits to be done for the period of a version, in the order in which one needs the other.

    So nothing that was posted is left out, and a report never says that there is none of what nobody has
    looked for. What cannot be done now (a newer release may have to measure it) the inputs tell.
    """
    with db.sessionmaker() as session:
        period = session.get_one(ReportVersion, version_id).period_id
        docket_id = session.get_one(CommentPeriod, period).docket_id
    _until_none(analyse_due, period, preparing.unmeasured)
    _until_none(group_due, period, preparing.ungrouped)
    find_now(docket_id)
    _until_none(count_due)


def _until_none(
    step: Callable[[], int],
    period_id: int | None = None,
    left: Callable[[Session, CommentPeriod], int] | None = None,
) -> None:
    """Go on until there is nothing to do, or nothing more for the period."""
    for _ in range(_MOST_BATCHES):
        if left is not None:
            with db.sessionmaker() as session:
                if not left(session, session.get_one(CommentPeriod, period_id)):
                    return
        if not step():
            return


def _publish(version_id: int) -> int:
    with freeze.one_instant() as session:
        version = session.get(ReportVersion, version_id)
        if version is None or version.published_at is not None:
            return 0
        period = session.get_one(CommentPeriod, version.period_id)
        reading = freeze.read(session, period, utcnow())
    about = {"version": version_id, "slug": period.slug, "number": version.number, "posted": reading.posted}
    if reading.wrong:
        log.error("report_not_published", differing=[str(name) for name in reading.wrong[:20]], **about)
        _refused[version_id] = utcnow() + _AGAIN_AFTER
        return 0
    is_kept = _keep(version_id, version.number, reading)
    if is_kept:
        log.info(
            "report_published", inputs=reading.digest, list=reading.list_digest, checked=True,
            unchecked=list(reading.unchecked), **about,
        )  # fmt: skip
    return int(is_kept)


def _keep(version_id: int, number: int, reading: Reading) -> bool:
    """Write it all, unless somebody has; returns whether it was written."""
    published_at = utcnow()
    told = freeze.documents(reading.inputs, Version(number, published_at, reading.digest, document_digest=""))
    frozen: dict[str, object] = {"digest": reading.digest, "content": codec.pack(reading.content)}
    columns = list(freeze.rows_of(reading.listing, reading.list_digest)) if reading.listing else []
    with write_transaction() as session:
        version = session.scalar(
            sa.select(ReportVersion)
            .where(ReportVersion.id == version_id, ReportVersion.published_at.is_(None))
            .with_for_update()
        )
        if version is None:
            return False
        _insert_new(session, Frozen, [frozen])
        _insert_new(session, FrozenColumn, columns)
        for language, content in told.items():
            session.add(
                FrozenDocument(
                    version_id=version_id,
                    language=language,
                    digest=codec.digest_of(content),
                    content=codec.pack(content),
                )
            )
        version.published_at = published_at
        version.method = reading.inputs.method or METHOD
        version.posted = reading.posted
        version.inputs_digest = reading.digest
        version.list_digest = reading.list_digest
        version.program = program_digest()
        return True


def _insert_new(session: Session, table: type[Base], rows: list[dict[str, object]]) -> None:
    """Write the rows that are not there: what has the same digest is the same."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for row in rows:
        session.execute(insert(table).values(**row).on_conflict_do_nothing())
