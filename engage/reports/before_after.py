"""What the comments of two periods of a docket spoke of, for the record after its adoption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from engage.analysis import OTHER
from engage.clock import utcnow
from engage.comments import words
from engage.comments.filters import UNMEASURED, CommentFilter
from engage.comments.models import CommentPeriod, Disposition
from engage.comments.queries import public_periods
from engage.db.session import db
from engage.dockets.models import Docket
from engage.oversight.compare import MIN_COMMENTS, Compared, Counted, compare
from engage.reports.models import Tally

_MEASURES = ("disposition", "tone", "concern", "analyser")


@dataclass(frozen=True, slots=True)
class PeriodConcerns:
    """The concerns of one period: in how many of its ``base`` measured comments, and by which analysers."""

    period: CommentPeriod
    posted: int
    base: int
    concerns: tuple[Counted, ...]
    analysers: frozenset[str]

    def href(self, row: Counted) -> str | None:
        """Where the comments are that a number counts; None for none."""
        if not row.n:
            return None
        arguments = CommentFilter(concern=row.code).arguments
        return f"{url_for('comments.reading_room', slug=self.period.slug)}?{urlencode(arguments)}"


def on_record(docket: Docket) -> str:
    """Concerns before and after; nothing before there are two periods with comments."""
    now = utcnow()
    periods = _begun(db.session, docket, now)
    if len(periods) < 2:
        return ""
    before, after = _chosen(periods)
    one, other = (concerns_of(db.session, period) for period in (before, after))
    rows: tuple[Compared, ...] = ()
    if one.base and other.base:
        rows = compare(one.concerns, other.concerns, bases=(one.base, other.base), last=OTHER)
    return render_template(
        "reports/_before_after.html",
        docket=docket,
        periods=periods,
        before=one,
        after=other,
        rows=rows,
        has_points=min(one.base, other.base) >= MIN_COMMENTS,
        fewest=MIN_COMMENTS,
        is_measured_alike=one.analysers == other.analysers and len(one.analysers) <= 1,
        concern_name=words.concern_name,
    )


def concerns_of(session: Session, period: CommentPeriod) -> PeriodConcerns:
    """What was counted of a period, in one statement however many comments it has."""
    wanted = sa.select(Tally.measure, Tally.key, Tally.n).where(
        Tally.period_id == period.id, Tally.measure.in_(_MEASURES)
    )
    counted: dict[str, dict[str, int]] = {measure: {} for measure in _MEASURES}
    for measure, key, n in session.execute(wanted):
        counted[measure][key] = n
    posted = counted["disposition"].get(Disposition.POSTED, 0)
    base = posted - counted["tone"].get(UNMEASURED, 0)
    return PeriodConcerns(
        period=period,
        posted=posted,
        base=base,
        concerns=_concerns(counted["concern"], base),
        analysers=frozenset(counted["analyser"]),
    )


def _concerns(counted: Mapping[str, int], base: int) -> tuple[Counted, ...]:
    return tuple(Counted(code, n, base) for code, n in sorted(counted.items()))


def _begun(session: Session, docket: Docket, now: datetime) -> Sequence[CommentPeriod]:
    """The public periods of a docket that have opened, the first first."""
    wanted = public_periods(now).where(CommentPeriod.docket_id == docket.id, CommentPeriod.opens_at <= now)
    return session.scalars(wanted.order_by(None).order_by(CommentPeriod.opens_at, CommentPeriod.id)).all()


def _chosen(periods: Sequence[CommentPeriod]) -> tuple[CommentPeriod, CommentPeriod]:
    """The two that the address asks for; else the first and the last."""
    known = {period.slug: period for period in periods}
    return (
        known.get(request.args.get("before", ""), periods[0]),
        known.get(request.args.get("after", ""), periods[-1]),
    )
