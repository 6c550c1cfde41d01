"""What a docket's pages tell of its comments: the periods, and how far the measuring has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _

from engage.clock import utcnow
from engage.comments import attached, queries, words
from engage.comments.models import CommentPeriod, PeriodState, Stance
from engage.db.session import db
from engage.dockets.clauses import Clause
from engage.dockets.models import Docket
from engage.dockets.parts import ClauseTalk, CommentList, Measured, PeriodLink
from engage.web.locale import localised, moment

_TAGS = {
    PeriodState.OPEN: "active",
    PeriodState.SCHEDULED: "waiting",
    PeriodState.CLOSED: "done",
    PeriodState.CANCELLED: "neutral",
}


def periods_of(docket: Docket, now: datetime) -> list[PeriodLink]:
    """The published periods of a docket: open ones first, then those to come, then the closed ones."""
    statement = queries.public_periods(now).where(CommentPeriod.docket_id == docket.id)
    periods = sorted(db.session.scalars(statement), key=lambda period: list(_TAGS).index(period.state(now)))
    return [_link(period, period.state(now)) for period in periods]


def changes_of(docket: Docket) -> str:
    """How the dates of a docket's periods were changed, and why; empty where none was."""
    statement = queries.public_periods(utcnow()).where(CommentPeriod.docket_id == docket.id)
    changed = [period for period in db.session.scalars(statement) if period.changes]
    if not changed:
        return ""
    return render_template("comments/_changes_on_docket.html", periods=changed, change_words=words.CHANGES)


def measured_of(docket: Docket, version: str) -> Measured:
    """How many comments of a docket can be measured, and how many this version has."""
    return Measured(*queries.count_measured(db.session, docket, version))


def talk_of(docket: Docket, clauses: Sequence[Clause], now: datetime) -> dict[str, ClauseTalk]:
    """Where each clause can be commented on, and the posted comments on it, period by period."""
    found = queries.public_periods(now).where(CommentPeriod.docket_id == docket.id)
    periods = list(db.session.scalars(found))
    by_stance = attached.count_by_stance(db.session, [clause.key for clause in clauses], periods, now)
    counts = totals(by_stance)
    is_open = next((period for period in periods if period.is_open(now)), None)
    # A clause that a newer version has changed can be read about, and is past being commented on.
    offered = attached.offered_documents(is_open, now) if is_open else []
    current = {clause.key for document in offered for clause in document.clauses}
    return {
        clause.key: ClauseTalk(
            url_for("comments.submit_comment", slug=is_open.slug, clause=clause.key)
            if is_open and clause.key in current
            else None,
            tuple(
                _list_of(clause, period, by_stance, several=len(periods) > 1)
                for period in periods
                if (clause.key, period.id) in counts
            ),
        )
        for clause in clauses
    }


def _list_of(
    clause: Clause,
    period: CommentPeriod,
    counts: Mapping[tuple[str, int, Stance | None], int],
    *,
    several: bool,
) -> CommentList:
    def address(stance: Stance | None = None) -> str:
        return url_for("comments.reading_room", slug=period.slug, clause=clause.key, stance=stance)

    told = {stance: counts.get((clause.key, period.id, stance), 0) for stance in (*Stance, None)}
    wants = tuple(
        (str(words.STANCES[stance.value]), told[stance], address(stance)) for stance in Stance if told[stance]
    )
    return CommentList(address(), sum(told.values()), localised(period.title) if several else "", wants)


def totals(counts: Mapping[tuple[str, int, Stance | None], int]) -> Counter[tuple[str, int]]:
    """How many comments are on each clause in each period, whatever they want."""
    found: Counter[tuple[str, int]] = Counter()
    for (key, period_id, _stance), count in counts.items():
        found[key, period_id] += count
    return found


def _link(period: CommentPeriod, state: PeriodState) -> PeriodLink:
    if state is PeriodState.SCHEDULED:
        deadline = _("Opens: %(moment)s", moment=moment(period.opens_at, period.time_zone))
    elif state is PeriodState.OPEN:
        deadline = _("Open until: %(moment)s", moment=moment(period.closes_at, period.time_zone))
    elif state is PeriodState.CANCELLED and period.cancelled_at:
        deadline = _("Cancelled: %(moment)s", moment=moment(period.cancelled_at, period.time_zone))
    else:
        deadline = _("Closed: %(moment)s", moment=moment(period.closes_at, period.time_zone))
    return PeriodLink(
        period.title,
        url_for("comments.period", slug=period.slug),
        str(words.STATES[state]),
        _TAGS[state],
        deadline,
        is_open=state is PeriodState.OPEN,
    )
