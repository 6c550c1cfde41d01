"""What has to be done of a period before its report says of something that there is none of it.

As long as a comment waits to be measured, grouped or counted, or the docket to be read, nothing of the kind
may have been found only because nobody has looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.fingerprint import SUMS
from engage.comments.models import Campaign, CampaignText, Comment, CommentPeriod, Disposition
from engage.reports.models import CountedPeriod
from engage.reports.queries import uncounted
from engage.reports.summary import MOST_UNCOUNTED
from engage.themes.models import DocketReading


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many comments wait for each, at most MOST_UNCOUNTED; and whether the posted ones were read for
    themes, quotes and sentences.
    """

    unmeasured: int
    ungrouped: int
    uncounted: int
    is_read: bool

    def __bool__(self) -> bool:
        return bool(self.unmeasured or self.ungrouped or self.uncounted) or not self.is_read


def waiting(session: Session, period: CommentPeriod) -> Waiting:
    """What is still to be done before the report of a period is published."""
    return Waiting(
        unmeasured=unmeasured(session, period),
        ungrouped=ungrouped(session, period),
        uncounted=uncounted(session, period),
        is_read=is_read(session, period),
    )


def unmeasured(session: Session, period: CommentPeriod) -> int:
    """How many posted comments of the period's docket wait for the analyser: themes are read of all of it."""
    of_docket = sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == period.docket_id)
    return _some(
        session,
        Comment.period_id.in_(of_docket),
        Comment.disposition == Disposition.POSTED,
        Comment.analysis_due,
    )


def ungrouped(session: Session, period: CommentPeriod) -> int:
    """How many comments of a period were not compared with the others; at least one where a letter of theirs
    has to be looked at again.
    """
    found = _due(period).limit(MOST_UNCOUNTED)
    waits = session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    return waits or int(session.scalar(sa.select(_is_stale(period) | _is_untold(period))) or 0)


def is_grouped(session: Session, period: CommentPeriod) -> bool:
    """Whether all of them were compared, without counting those that wait."""
    return not session.scalar(sa.select(_due(period).exists() | _is_stale(period) | _is_untold(period)))


def is_read(session: Session, period: CommentPeriod) -> bool:
    """Whether the very texts of the docket that are counted as posted were read for themes, quotes and
    sentences.
    """
    return counted(session, period).is_read


@dataclass(frozen=True, slots=True)
class Counted:
    """When a period was last counted, and whether what its docket then had was read: see is_read."""

    at: datetime | None
    is_read: bool


def counted(session: Session, period: CommentPeriod) -> Counted:
    """How far the counting is. Of numbers that are kept, so that it costs the same for many comments."""
    rows = session.execute(
        sa.select(CommentPeriod.id, CountedPeriod.counted_at, CountedPeriod.texts, DocketReading.texts)
        .outerjoin(CountedPeriod, CountedPeriod.period_id == CommentPeriod.id)
        .outerjoin(DocketReading, DocketReading.docket_id == CommentPeriod.docket_id)
        .where(CommentPeriod.docket_id == period.docket_id)
    ).all()
    texts = sum(row[2] or 0 for row in rows) % SUMS
    return Counted(
        at=next(row[1] for row in rows if row[0] == period.id),
        is_read=not texts or any(row[3] == texts for row in rows),
    )


def _due(period: CommentPeriod) -> sa.Select[int]:
    due = sa.select(Comment.id).where(Comment.period_id == period.id, Comment.campaign_due)
    # Every report page asks. Left alone, SQLite walks through all comments of the period to find none.
    return due.with_hint(Comment, "INDEXED BY ix_comment_campaign_due", "sqlite")


def _is_stale(period: CommentPeriod) -> sa.ColumnElement[bool]:
    return sa.exists().where(Campaign.period_id == period.id, Campaign.is_stale)


def _is_untold(period: CommentPeriod) -> sa.ColumnElement[bool]:
    return sa.exists().where(CampaignText.period_id == period.id, CampaignText.recount)


def _some(session: Session, *conditions: sa.ColumnExpressionArgument[bool]) -> int:
    found = sa.select(Comment.id).where(*conditions).limit(MOST_UNCOUNTED)
    return session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
