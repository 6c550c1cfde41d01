"""The versions of one letter that wait, for moderators: unaltered copies together, all others one by one.

Nothing here asks for a position, and the order is that of the queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.campaigns.queries import of_text
from engage.comments.models import Campaign, CampaignText, Comment, CommentPeriod, Disposition
from engage.comments.queries import with_details
from engage.errors import NotFound

COPIES_AT_ONCE = 500
OTHERS_AT_ONCE = 50

_IS_WAITING = Comment.disposition == sa.bindparam(None, Disposition.RECEIVED, literal_execute=True)


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter of which versions wait: how many, how many of them unaltered copies, and since when."""

    campaign: Campaign
    letter: str
    waiting: int
    copies: int
    oldest: date


@dataclass(frozen=True, slots=True)
class LetterInQueue:
    """A letter for those who decide: one comment that shows it, and what waits of it.

    ``copies`` have its very text and no flag, up to COPIES_AT_ONCE of ``copies_waiting``. ``others`` are
    altered, or have a flag, and are looked at one by one.
    """

    campaign: Campaign
    exemplar: Comment
    copies: Sequence[Comment]
    copies_waiting: int
    others: Sequence[Comment]
    others_waiting: int
    by_disposition: dict[Disposition, int]

    @property
    def total(self) -> int:
        """All versions, whatever has become of them."""
        return sum(self.by_disposition.values())


def waiting_letters(session: Session, *, most: int) -> list[WaitingLetter]:
    """The letters with versions that wait: those that have waited longest first, as in the queue."""
    rows = session.execute(
        of_text(
            sa.select(
                CampaignText.campaign_id,
                sa.func.count().label("waiting"),
                sa.func.sum(sa.case((CampaignText.is_exemplar, 1), else_=0)).label("copies"),
                sa.func.min(Comment.received_on).label("oldest"),
            )
        )
        .where(_IS_WAITING, CampaignText.campaign_id.is_not(None))
        .group_by(CampaignText.campaign_id)
        .having(sa.func.count() > 1)
        .order_by("oldest", CampaignText.campaign_id)
        .limit(most)
    ).all()
    found = {
        campaign.id: campaign
        for campaign in session.scalars(
            sa.select(Campaign)
            .where(Campaign.id.in_([row.campaign_id for row in rows]))
            .options(joinedload(Campaign.period).joinedload(CommentPeriod.docket))
        )
    }
    return [
        WaitingLetter(
            campaign=found[row.campaign_id],
            letter=_exemplar(session, found[row.campaign_id]).body,
            waiting=row.waiting,
            copies=int(row.copies),
            oldest=row.oldest,
        )
        for row in rows
    ]


def count_waiting_letters(session: Session) -> tuple[int, int]:
    """How many letters have versions that wait, and how many comments those are."""
    each = (
        of_text(sa.select(sa.func.count().label("n")))
        .where(_IS_WAITING, CampaignText.campaign_id.is_not(None))
        .group_by(CampaignText.campaign_id)
        .having(sa.func.count() > 1)
        .subquery()
    )
    row = session.execute(sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(each.c.n), 0))).one()
    return int(row[0]), int(row[1])


def get_letter(session: Session, campaign_id: int) -> LetterInQueue:
    """A letter of any period, for moderators. Raises NotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is not None and campaign.merged_into_id is not None:
        campaign = session.get(Campaign, campaign.merged_into_id)
    by_disposition = _by_disposition(session, campaign)
    if campaign is None or not by_disposition:
        raise NotFound(_l("There is no such form letter here."))
    is_copy = sa.and_(CampaignText.is_exemplar, ~Comment.flags.any())
    waiting = of_text(sa.select(Comment)).where(_IS_WAITING, CampaignText.campaign_id == campaign.id)
    return LetterInQueue(
        campaign=campaign,
        exemplar=_exemplar(session, campaign),
        copies=_oldest(session, waiting.where(is_copy), COPIES_AT_ONCE),
        copies_waiting=_count(session, waiting.where(is_copy)),
        others=_oldest(session, waiting.where(~is_copy), OTHERS_AT_ONCE),
        others_waiting=_count(session, waiting.where(~is_copy)),
        by_disposition=by_disposition,
    )


def _exemplar(session: Session, campaign: Campaign) -> Comment:
    statement = of_text(sa.select(Comment)).where(CampaignText.campaign_id == campaign.id)
    ordered = statement.order_by(CampaignText.is_exemplar.desc(), CampaignText.version, Comment.id).limit(1)
    shown: Comment = session.scalars(with_details(ordered)).one()
    return shown


def _by_disposition(session: Session, campaign: Campaign | None) -> dict[Disposition, int]:
    if campaign is None:
        return {}
    statement = (
        of_text(sa.select(Comment.disposition, sa.func.count()))
        .where(CampaignText.campaign_id == campaign.id)
        .group_by(Comment.disposition)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _oldest(session: Session, statement: sa.Select[Any], most: int) -> Sequence[Comment]:
    ordered = with_details(statement.order_by(Comment.received_on, Comment.id).limit(most))
    return session.scalars(ordered.options(joinedload(Comment.period), selectinload(Comment.flags))).all()


def _count(session: Session, statement: sa.Select[Any]) -> int:
    return session.scalar(statement.with_only_columns(sa.func.count())) or 0
