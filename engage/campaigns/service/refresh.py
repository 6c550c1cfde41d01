"""Keep a campaign right after its texts have changed: its letter, its exemplar, and who added something."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis.additions import additions
from engage.analysis.campaigns import VERSIONS
from engage.analysis.shingles import common_letter
from engage.campaigns.service.shelf import BODY, copies, insert_anchors, shingles_of
from engage.comments.models import Campaign, CampaignText, LetterAnchor, TextAnchor

_COMPARED_AT_ONCE = 200


def refresh_one(session: Session) -> int:
    """Bring one campaign that is stale nearer to being right; returns 1, or 0 where none is."""
    campaign = session.scalars(sa.select(Campaign).where(Campaign.is_stale).order_by(Campaign.id)).first()
    if campaign is None:
        return 0
    exemplar = _exemplar(session, campaign)
    if campaign.is_broken or exemplar is None:
        exemplar = _mend(session, campaign)
    if exemplar is not None:
        campaign.is_stale = _compare_some(session, campaign, exemplar)
    session.flush()
    return 1


def _exemplar(session: Session, campaign: Campaign) -> CampaignText | None:
    statement = sa.select(CampaignText).where(
        CampaignText.campaign_id == campaign.id, CampaignText.is_exemplar
    )
    return session.scalars(statement.order_by(CampaignText.id)).first()


def _mend(session: Session, campaign: Campaign) -> CampaignText | None:
    """Make the letter of what is left, and choose an exemplar where it is gone; None ends the campaign."""
    texts = session.scalars(
        sa.select(CampaignText)
        .where(CampaignText.campaign_id == campaign.id)
        .order_by(CampaignText.version.is_(None), CampaignText.version, CampaignText.id)
        .limit(VERSIONS)
    ).all()
    if not texts:
        _end(session, campaign)
        return None
    bodies = _bodies(session, texts)
    versions = [shingles_of(bodies[text.id]) for text in texts]
    session.execute(sa.delete(LetterAnchor).where(LetterAnchor.owner_id == campaign.id))
    for number, text in enumerate(texts, 1):
        text.version = number
    if len(texts) == 1:
        _let_be_found(session, texts[0], versions[0].anchors())
        nearest = texts[0]
    else:
        letter, place = common_letter(versions)
        anchors = [(anchor, campaign.id) for anchor in letter.anchors()]
        insert_anchors(session, LetterAnchor, campaign.period_id, anchors)
        nearest = texts[place]
    campaign.is_broken = False
    exemplar = _exemplar(session, campaign)
    if exemplar is None:
        sent = copies(session, texts)
        exemplar = max(texts, key=lambda text: (sent.get(text.digest, 0), text is nearest))
        exemplar.is_exemplar, exemplar.recount = True, True
    return exemplar


def _end(session: Session, campaign: Campaign) -> None:
    """Delete a campaign without any text, unless its texts are just being grouped anew."""
    returns = sa.select(CampaignText.id).where(
        CampaignText.period_id == campaign.period_id,
        CampaignText.former_id == campaign.id,
        CampaignText.is_placed.is_(False),
    )
    is_merged = campaign.merged_into_id is not None
    if is_merged or session.scalar(returns.limit(1)) is not None:
        campaign.is_stale = campaign.is_broken = False
    else:
        session.delete(campaign)


def _let_be_found(session: Session, text: CampaignText, anchors: Sequence[int]) -> None:
    insert_anchors(session, TextAnchor, text.period_id, [(anchor, text.id) for anchor in anchors])


def _compare_some(session: Session, campaign: Campaign, exemplar: CampaignText) -> bool:
    """Compare some texts with the exemplar; returns whether any is left."""
    statement = (
        sa.select(CampaignText)
        .where(
            CampaignText.campaign_id == campaign.id,
            CampaignText.compared_with.is_distinct_from(exemplar.id),
        )
        .order_by(CampaignText.id)
        .limit(_COMPARED_AT_ONCE)
    )
    texts = session.scalars(statement).all()
    bodies = _bodies(session, [exemplar, *texts])
    for text in texts:
        is_personal = text is not exemplar and bool(additions(bodies[text.id], bodies[exemplar.id]))
        text.recount = text.recount or is_personal != text.is_personal
        text.is_personal, text.compared_with = is_personal, exemplar.id
    return len(texts) == _COMPARED_AT_ONCE


def _bodies(session: Session, texts: Sequence[CampaignText]) -> dict[int, str]:
    """The words of texts. One whose last comment changed this moment has none: its row is about to go."""
    statement = sa.select(CampaignText.id, sa.func.coalesce(BODY, "")).where(
        CampaignText.id.in_([text.id for text in texts])
    )
    return {row.id: row[1] for row in session.execute(statement)}
