"""What everybody may see of campaigns: only posted comments are counted and shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from engage.comments.filters import OWN_WORDS, UNSTATED, CommentFilter
from engage.comments.finding import is_part
from engage.comments.models import Campaign, CampaignText, Comment, CommentPeriod, Disposition
from engage.comments.queries import (
    first_with_texts,
    newest_first,
    public_comments,
    public_periods,
    with_details,
)
from engage.errors import NotFound
from engage.web.paging import PAGE_SIZE, Page

FEWEST = 2
"""One comment is no campaign: the others of it may wait, or may have been withdrawn."""

MOST_ORGANISATIONS = 10


@dataclass(frozen=True, slots=True)
class Size:
    """A campaign in three ways: submissions, different texts, submissions with something added."""

    submissions: int
    texts: int
    with_additions: int


@dataclass(frozen=True, slots=True)
class Line:
    """A campaign in a list: its size, and a comment that shows its letter best."""

    campaign: Campaign
    size: Size
    exemplar: Comment


@dataclass(frozen=True, slots=True)
class Split:
    """How many comments of a campaign have one value: of position, say."""

    key: str
    n: int
    filter: CommentFilter


def of_text(statement: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    """Join the texts of campaigns to a SELECT of comments."""
    return statement.select_from(Comment).join(
        CampaignText,
        sa.and_(CampaignText.period_id == Comment.period_id, CampaignText.digest == Comment.body_digest),
    )


def get_campaign(session: Session, campaign_id: int, now: datetime) -> Campaign:
    """A campaign of which everybody may read two comments or more; the one that it was merged into.

    Raises NotFound: one answer for unknown ones and for those that wait.
    """
    campaign = session.scalar(
        sa.select(Campaign)
        .where(
            Campaign.period_id.in_(public_periods(now).with_only_columns(CommentPeriod.id).order_by(None)),
            Campaign.id
            == sa.func.coalesce(
                sa.select(Campaign.merged_into_id).where(Campaign.id == campaign_id).scalar_subquery(),
                campaign_id,
            ),
        )
        .options(joinedload(Campaign.period))
    )
    if campaign is None or campaign.id not in sizes(session, [campaign.id], now):
        raise NotFound(_l("There is no such form letter here."))
    return campaign


def sizes(session: Session, campaign_ids: Collection[int], now: datetime) -> dict[int, Size]:
    """How large these campaigns are; those with fewer than two posted comments are left out."""
    return {row.campaign_id: _size(row) for row in session.execute(_sizes(campaign_ids, now))}


def read(session: Session, period: CommentPeriod, *, number: int, now: datetime) -> Page[Line]:
    """One page of the campaigns of a period, the largest first."""
    counted = _sizes(None, now).where(Comment.period_id == period.id)
    total = session.scalar(sa.select(sa.func.count()).select_from(counted.subquery())) or 0
    ordered = counted.order_by(sa.desc("submissions"), CampaignText.campaign_id)
    rows = session.execute(ordered.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    ids = [row.campaign_id for row in rows]
    found = {one.id: one for one in session.scalars(sa.select(Campaign).where(Campaign.id.in_(ids)))}
    shown = exemplars(session, ids, now)
    lines = [Line(found[row.campaign_id], _size(row), shown[row.campaign_id]) for row in rows]
    return Page(rows=lines, number=number, size=PAGE_SIZE, total=total)


def different_texts(session: Session, campaign_ids: Collection[int]) -> dict[int, int]:
    """How many different texts of each campaign are posted: asks each text once, not each comment."""
    statement = (
        sa.select(CampaignText.campaign_id, sa.func.count())
        .where(CampaignText.campaign_id.in_(campaign_ids), _is_posted())
        .group_by(CampaignText.campaign_id)
    )
    return {row[0]: row[1] for row in session.execute(statement) if row[0] is not None}


def exemplars(session: Session, campaign_ids: Collection[int], now: datetime) -> dict[int, Comment]:
    """The posted comment that shows each letter: one with the exemplar's text, else with the commonest."""
    texts = _exemplar_texts(session, campaign_ids)
    texts |= _commonest_texts(session, set(campaign_ids) - set(texts), now)
    found = session.scalars(
        public_comments(now)
        .where(Comment.id.in_(first_with_texts(texts.values())))
        .options(joinedload(Comment.analysis))
    )
    by_text = {(comment.period_id, comment.body_digest): comment for comment in found}
    return {number: by_text[text] for number, text in texts.items() if text in by_text}


def _exemplar_texts(session: Session, campaign_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """The exemplars, by their campaign, of which a comment is posted."""
    statement = (
        sa.select(CampaignText.campaign_id, CampaignText.period_id, CampaignText.digest)
        .where(CampaignText.campaign_id.in_(campaign_ids), CampaignText.is_exemplar, _is_posted())
        .order_by(CampaignText.id.desc())
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement) if row[0] is not None}


def _commonest_texts(
    session: Session, campaign_ids: Collection[int], now: datetime
) -> dict[int, tuple[int, str]]:
    """The text that most posted comments of each campaign share. Only where the exemplar is gone."""
    if not campaign_ids:
        return {}
    statement = (
        of_text(public_comments(now))
        .where(CampaignText.campaign_id.in_(campaign_ids))
        .with_only_columns(CampaignText.campaign_id, CampaignText.period_id, CampaignText.digest)
        .group_by(CampaignText.id, CampaignText.campaign_id, CampaignText.period_id, CampaignText.digest)
        .order_by(sa.func.count(), CampaignText.id.desc())
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement) if row[0] is not None}


def positions(session: Session, campaign: Campaign, now: datetime) -> list[Split]:
    """How many of each declared position sent a version of the letter, the most frequent first."""
    statement = (
        of_text(public_comments(now))
        .where(CampaignText.campaign_id == campaign.id)
        .with_only_columns(Comment.position, sa.func.count().label("n"))
        .group_by(Comment.position)
    )
    found = [
        Split(key, row.n, CommentFilter(campaign=campaign.id, position=key))
        for row in session.execute(statement)
        for key in (row.position or UNSTATED,)
    ]
    return sorted(found, key=lambda split: (-split.n, split.key))


def organisations(session: Session, campaign: Campaign, now: datetime) -> list[tuple[str, int]]:
    """The organisations that those who sent it name most often, as they wrote them."""
    statement = (
        of_text(public_comments(now))
        .where(CampaignText.campaign_id == campaign.id, Comment.organisation.is_not(None))
        .with_only_columns(Comment.organisation, sa.func.count().label("n"))
        .group_by(Comment.organisation)
        .order_by(sa.desc("n"), Comment.organisation)
        .limit(MOST_ORGANISATIONS)
    )
    return [(str(name), n) for name, n in session.execute(statement)]


def with_additions(session: Session, campaign: Campaign, *, number: int, now: datetime) -> Page[Comment]:
    """One page of the comments that add something to the letter, the newest day first."""
    its = (
        of_text(public_comments(now))
        .where(CampaignText.campaign_id == campaign.id, is_part(OWN_WORDS))
        .with_only_columns(Comment.id)
    )
    total = session.scalar(sa.select(sa.func.count()).select_from(its.subquery())) or 0
    ids = session.scalars(newest_first(its).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    rows = session.scalars(with_details(newest_first(sa.select(Comment).where(Comment.id.in_(ids))))).all()
    return Page(rows=rows, number=number, size=PAGE_SIZE, total=total)


def of_comments(
    session: Session, comments: Sequence[Comment], now: datetime
) -> Mapping[int, tuple[int, int]]:
    """The campaign of each of some comments, by the comment's id, and how many posted comments it has."""
    if not comments:
        return {}
    mine = session.execute(
        of_text(sa.select(Comment.id, CampaignText.campaign_id)).where(
            Comment.id.in_([comment.id for comment in comments]), CampaignText.campaign_id.is_not(None)
        )
    ).all()
    found = sizes(session, {row.campaign_id for row in mine}, now)
    return {
        row.id: (row.campaign_id, found[row.campaign_id].submissions)
        for row in mine
        if row.campaign_id in found
    }


def _sizes(campaign_ids: Collection[int] | None, now: datetime) -> sa.Select[*tuple[Any, ...]]:
    is_personal = sa.case((is_part(OWN_WORDS), 1), else_=0)
    statement = (
        of_text(public_comments(now))
        .with_only_columns(
            CampaignText.campaign_id,
            sa.func.count().label("submissions"),
            sa.func.count(CampaignText.id.distinct()).label("texts"),
            sa.func.sum(is_personal).label("with_additions"),
        )
        .group_by(CampaignText.campaign_id)
        .having(sa.func.count() >= FEWEST)
    )
    if campaign_ids is None:
        return statement.where(CampaignText.campaign_id.is_not(None))
    return statement.where(CampaignText.campaign_id.in_(campaign_ids))


def _is_posted() -> sa.Exists:
    return sa.exists().where(
        Comment.period_id == CampaignText.period_id,
        Comment.body_digest == CampaignText.digest,
        Comment.disposition == Disposition.POSTED,
    )


def _size(row: Any) -> Size:
    return Size(row.submissions, row.texts, int(row.with_additions))
