"""Keep the sum of the fingerprints of what is counted as posted: see CountedPeriod.texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.fingerprint import SUMS, sum_of
from engage.reports.measures import Facts
from engage.reports.models import CountedPeriod


def add_texts(session: Session, by_period: Mapping[int, Iterable[tuple[Facts | None, Facts]]]) -> None:
    """Add the texts that have come and take away those that have gone; the periods are held already."""
    for period_id, changes in by_period.items():
        # Of what is not posted the facts have no text.
        come = sum_of(after.text or "" for _, after in changes)
        gone = sum_of(before.text or "" for before, _ in changes if before is not None)
        if change := (come - gone) % SUMS:
            _set(session, period_id, (CountedPeriod.texts + change) % SUMS)


def forget_texts(session: Session, period_id: int) -> None:
    """Nothing of the period is counted any more."""
    _set(session, period_id, sa.literal(0))


def _set(session: Session, period_id: int, texts: sa.ColumnElement[int]) -> None:
    session.execute(
        sa.update(CountedPeriod)
        .where(CountedPeriod.period_id == period_id)
        .values(texts=texts)
        .execution_options(synchronize_session=False)
    )
