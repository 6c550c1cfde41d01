"""Form letters for everybody: which there are, who sent them in which words, and what people added."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.campaigns import queries
from engage.campaigns.pieces import own_words
from engage.campaigns.views.blueprint import bp
from engage.clock import utcnow
from engage.comments import words
from engage.comments.filters import COPY, OWN_WORDS, CommentFilter
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.web.paging import page_number


@bp.get("/periods/<slug>/campaigns")
@public
def campaign_list(slug: str) -> ResponseReturnValue:
    """Every campaign of a period, the largest first."""
    now = utcnow()
    period = get_public_period(db.session, slug, now)
    return render_template(
        "campaigns/campaign_list.html",
        period=period,
        page=queries.read(db.session, period, number=page_number(), now=now),
        words=words,
    )


@bp.get("/campaigns/<int:campaign_id>")
@public
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign: its letter, how many sent it, what they added, and where every one of them is."""
    now = utcnow()
    found = queries.get_campaign(db.session, campaign_id, now)
    if found.id != campaign_id:
        return redirect(url_for("campaigns.campaign", campaign_id=found.id), 301)
    exemplar = queries.exemplars(db.session, [found.id], now)[found.id]
    page = queries.with_additions(db.session, found, number=page_number(), now=now)
    return render_template(
        "campaigns/campaign.html",
        campaign=found,
        period=found.period,
        size=queries.sizes(db.session, [found.id], now)[found.id],
        exemplar=exemplar,
        everyone=CommentFilter(campaign=found.id),
        copies=CommentFilter(campaign=found.id, part=COPY),
        with_own_words=CommentFilter(campaign=found.id, part=OWN_WORDS),
        positions=queries.positions(db.session, found, now),
        organisations=queries.organisations(db.session, found, now),
        page=page,
        added=[(comment, own_words(comment.body, exemplar.body)) for comment in page.rows],
        words=words,
    )
