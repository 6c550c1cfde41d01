"""What the reports have counted, read in the same few statements however many comments there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments import queries as comments
from engage.comments.filters import CommentFilter
from engage.comments.models import BatchKind, Comment, CommentBatch, CommentPeriod, Disposition
from engage.reports.measures import DISPOSITION, OF_DISTINCT, REPEATED_TEXTS
from engage.reports.models import (
    REPEATED,
    CensusShare,
    CountedPeriod,
    Distinct,
    DistinctKind,
    Margin,
    ReportVersion,
    Tally,
)
from engage.reports.summary import MOST_UNCOUNTED, Line, RepeatedText
from engage.web.paging import Page

MOST_TEXTS = 10
TEXTS_ON_A_PAGE = 50
_EXCERPT = 240


def repeated(
    session: Session, period: CommentPeriod, *, limit: int, offset: int = 0
) -> Sequence[tuple[str, int]]:
    """The texts that were sent more than once, by fingerprint, with how often; the most frequent first."""
    found = session.execute(
        sa.select(Distinct.key, Distinct.n)
        .where(Distinct.period_id == period.id, REPEATED)
        .order_by(Distinct.n.desc(), Distinct.key)
        .limit(limit)
        .offset(offset)
    )
    return [(key, n) for key, n in found]


def texts_begin(session: Session, period: CommentPeriod, texts: Collection[str]) -> dict[str, str]:
    """How these texts begin, by their fingerprint; without those of which no comment is posted now."""
    first = comments.first_with_texts((period.id, text) for text in texts)
    rows = session.execute(
        sa.select(Comment.body_digest, sa.func.substr(Comment.body, 1, _EXCERPT)).where(Comment.id.in_(first))
    )
    return {digest: shortened(begin) for digest, begin in rows}


def organisers(session: Session, period: CommentPeriod, texts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Who has handed over files with each of these texts, by name."""
    # Of each file and each text one look-up: a file may be a hundred thousand times the same.
    has_text = sa.exists().where(
        Comment.batch_id == CommentBatch.id,
        Comment.body_digest == Distinct.key,
        Comment.disposition == Disposition.POSTED,
    )
    rows = session.execute(
        sa.select(Distinct.key, CommentBatch.name)
        .join(CommentBatch, CommentBatch.period_id == Distinct.period_id)
        .where(
            Distinct.period_id == period.id,
            Distinct.kind == DistinctKind.TEXT,
            Distinct.key.in_(texts),
            CommentBatch.kind == BatchKind.FILE,
            has_text,
        )
        .distinct()
        .order_by(CommentBatch.name)
    )
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for text, name in rows:
        found[text] += (name,)
    return found


def repeated_texts_page(session: Session, period: CommentPeriod, number: int) -> Page[RepeatedText]:
    """One page of them; the total is a number that is counted already."""
    total = session.scalar(
        sa.select(Tally.n).where(
            Tally.period_id == period.id, Tally.measure == OF_DISTINCT, Tally.key == REPEATED_TEXTS
        )
    )
    found = repeated(session, period, limit=TEXTS_ON_A_PAGE, offset=(number - 1) * TEXTS_ON_A_PAGE)
    keys = [key for key, _ in found]
    begin, names = texts_begin(session, period, keys), organisers(session, period, keys)
    rows = [
        RepeatedText(Line(key, n, CommentFilter(text=key)), begin.get(key), names[key]) for key, n in found
    ]
    return Page(rows=rows, number=number, size=TEXTS_ON_A_PAGE, total=total or 0)


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period in the list of all reports."""

    period: CommentPeriod
    dispositions: Mapping[str, int]
    counted_at: datetime | None
    uncounted: int

    @property
    def received(self) -> int:
        """How many comments came in."""
        return sum(self.dispositions.values())


def overview(session: Session) -> list[PeriodLine]:
    """Every period with its first numbers, for the staff: the newest first."""
    dispositions: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    tallies = sa.select(Tally.period_id, Tally.key, Tally.n).where(Tally.measure == DISPOSITION)
    for period_id, key, n in session.execute(tallies):
        dispositions[period_id][key.partition("|")[0]] += n
    counted: dict[int, datetime] = _pairs(
        session, sa.select(CountedPeriod.period_id, CountedPeriod.counted_at)
    )
    due = sa.select(Comment.period_id, sa.func.count()).where(Comment.count_due).group_by(Comment.period_id)
    uncounted: dict[int, int] = _pairs(session, due)
    return [
        PeriodLine(
            period=period,
            dispositions=dispositions[period.id],
            counted_at=counted.get(period.id),
            uncounted=uncounted.get(period.id, 0),
        )
        for period in comments.periods(session)
    ]


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A period in the list that everybody may read: how many comments count now, and its newest version."""

    period: CommentPeriod
    posted: int
    newest: ReportVersion | None


def public_overview(session: Session, now: datetime) -> list[PublicLine]:
    """Every public period that has begun, the newest first, with its newest published report."""
    numbers = (
        sa.select(ReportVersion.period_id, sa.func.max(ReportVersion.number).label("number"))
        .where(ReportVersion.published_at.is_not(None))
        .group_by(ReportVersion.period_id)
        .subquery()
    )
    newest = {
        row.period_id: row
        for row in session.scalars(
            sa.select(ReportVersion).join(
                numbers,
                sa.and_(
                    numbers.c.period_id == ReportVersion.period_id, numbers.c.number == ReportVersion.number
                ),
            )
        )
    }
    posted: dict[int, int] = _pairs(
        session,
        sa.select(Tally.period_id, Tally.n).where(
            Tally.measure == DISPOSITION, Tally.key == Disposition.POSTED
        ),
    )
    begun = comments.with_docket(comments.public_periods(now)).where(CommentPeriod.opens_at <= now)
    return [
        PublicLine(period, posted.get(period.id, 0), newest.get(period.id))
        for period in session.scalars(begun)
    ]


def uncounted(session: Session, period: CommentPeriod) -> int:
    """How many comments of a period wait to be counted; at most MOST_UNCOUNTED are looked for."""
    due = sa.select(Comment.id).where(Comment.period_id == period.id, Comment.count_due).limit(MOST_UNCOUNTED)
    due = due.with_hint(Comment, "INDEXED BY ix_comment_period_count_due", "sqlite")
    return session.scalar(sa.select(sa.func.count()).select_from(due.subquery())) or 0


def census_of(session: Session, margin: Margin) -> Sequence[CensusShare]:
    """How many residents there are by one margin, as staff wrote it down."""
    wanted = sa.select(CensusShare).where(CensusShare.margin == margin).order_by(CensusShare.key)
    return session.scalars(wanted).all()


def shortened(text: str) -> str:
    """How a text begins, cut between words."""
    if len(text) < _EXCERPT:
        return text
    begin = text[:_EXCERPT]
    return begin.rpartition(" ")[0] + " …" if " " in begin else begin + "…"


def _pairs(session: Session, statement: sa.Select[Any, Any]) -> dict[int, Any]:
    return {row[0]: row[1] for row in session.execute(statement)}
