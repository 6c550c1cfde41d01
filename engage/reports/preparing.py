"""What has to be done of a period before its report says of something that there is none of it.

As long as a comment waits to be measured, grouped or counted, or the docket to be read, nothing of the kind
may have been found only because nobody has looked.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.comments.models import Campaign, CampaignText, Comment, CommentPeriod, Disposition
from engage.reports.measures import DISPOSITION
from engage.reports.models import Tally
from engage.reports.queries import uncounted
from engage.reports.summary import MOST_UNCOUNTED
from engage.themes.queries import read_of


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
    due = sa.select(Comment.id).where(Comment.period_id == period.id, Comment.campaign_due)
    # Every report page asks. Left alone, SQLite walks through all comments of the period to find none.
    due = due.with_hint(Comment, "INDEXED BY ix_comment_campaign_due", "sqlite").limit(MOST_UNCOUNTED)
    waits = session.scalar(sa.select(sa.func.count()).select_from(due.subquery())) or 0
    return waits or int(session.scalar(sa.select(_is_stale(period) | _is_untold(period))) or 0)


def is_read(session: Session, period: CommentPeriod) -> bool:
    """Whether as many comments of the docket were read for themes, quotes and sentences as are posted.

    Of counted numbers, so that it costs the same however many comments there are.
    """
    of_docket = sa.select(CommentPeriod.id).where(CommentPeriod.docket_id == period.docket_id)
    posted = session.scalar(
        sa.select(sa.func.sum(Tally.n)).where(
            Tally.period_id.in_(of_docket), Tally.measure == DISPOSITION, Tally.key == Disposition.POSTED
        )
    )
    read = read_of(session, period.docket_id)
    return not posted or (read is not None and read >= posted)


def _is_stale(period: CommentPeriod) -> sa.ColumnElement[bool]:
    return sa.exists().where(Campaign.period_id == period.id, Campaign.is_stale)


def _is_untold(period: CommentPeriod) -> sa.ColumnElement[bool]:
    return sa.exists().where(CampaignText.period_id == period.id, CampaignText.recount)


def _some(session: Session, *conditions: sa.ColumnExpressionArgument[bool]) -> int:
    found = sa.select(Comment.id).where(*conditions).limit(MOST_UNCOUNTED)
    return session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
