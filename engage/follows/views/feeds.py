"""Feeds for readers of any kind. The language is asked for by ``?language=es``; without, it is English."""

from __future__ import annotations

from flask import make_response, request
from flask.typing import ResponseReturnValue

from engage.accounts.access import public
from engage.clock import utcnow
from engage.comments.queries import get_public_period
from engage.db.session import db
from engage.db.types import LANGUAGES
from engage.dockets.queries import get_public_docket
from engage.follows import feeds
from engage.follows.feeds import MIMETYPE, Feed
from engage.follows.views.blueprint import feeds as bp
from engage.follows.words import ALL_MEETINGS, ALL_PERIODS
from engage.meetings.queries import get_public_meeting
from engage.web.links import path_to, said_in
from engage.web.news import DOCKET, MEETING, PERIOD, Subject

_KEPT_SECONDS = 300


@bp.get("/periods.atom")
@public
def periods() -> ResponseReturnValue:
    """What happens to any comment period."""
    language, now = _language(), utcnow()
    return _answer(
        Feed(
            key="periods",
            title=said_in(language, ALL_PERIODS),
            path=path_to("feeds.periods", language),
            page=path_to("comments.period_list", language),
            language=language,
            entries=feeds.news_entries(db.session, PERIOD, language, now),
            began=now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0),
        )
    )


@bp.get("/periods/<slug>.atom")
@public
def period(slug: str) -> ResponseReturnValue:
    """What happens to one comment period, and how many comments of each day are posted."""
    language, now = _language(), utcnow()
    found = get_public_period(db.session, slug, now)
    news = feeds.news_entries(db.session, [Subject(PERIOD, str(found.id))], language, now)
    return _answer(
        Feed(
            key=f"period:{found.id}",
            title=found.title.best(language)[0],
            path=path_to("feeds.period", language, slug=slug),
            page=path_to("comments.period", language, slug=slug),
            language=language,
            entries=feeds.newest(news, feeds.comment_entries(db.session, found, language, now)),
            began=found.published_at or now,
        )
    )


@bp.get("/dockets/<slug>.atom")
@public
def docket(slug: str) -> ResponseReturnValue:
    """What happens to one docket and its comment periods."""
    language, now = _language(), utcnow()
    found = get_public_docket(db.session, slug, now)
    return _answer(
        Feed(
            key=f"docket:{found.id}",
            title=found.title.best(language)[0],
            path=path_to("feeds.docket", language, slug=slug),
            page=path_to("dockets.docket", language, slug=slug),
            language=language,
            entries=feeds.news_entries(db.session, [Subject(DOCKET, str(found.id))], language, now),
            began=found.published_at or now,
        )
    )


@bp.get("/meetings.atom")
@public
def meetings() -> ResponseReturnValue:
    """What happens to any meeting."""
    language, now = _language(), utcnow()
    return _answer(
        Feed(
            key="meetings",
            title=said_in(language, ALL_MEETINGS),
            path=path_to("feeds.meetings", language),
            page=path_to("meetings.meeting_list", language),
            language=language,
            entries=feeds.news_entries(db.session, MEETING, language, now),
            began=now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0),
        )
    )


@bp.get("/meetings/<slug>.atom")
@public
def meeting(slug: str) -> ResponseReturnValue:
    """What happens to one meeting."""
    language, now = _language(), utcnow()
    found = get_public_meeting(db.session, slug, now)
    return _answer(
        Feed(
            key=f"meeting:{found.id}",
            title=found.title.best(language)[0] or found.slug,
            path=path_to("feeds.meeting", language, slug=slug),
            page=path_to("meetings.meeting", language, slug=slug),
            language=language,
            entries=feeds.news_entries(db.session, [Subject(MEETING, str(found.id))], language, now),
            began=found.published_at or now,
        )
    )


def _language() -> str:
    asked = request.args.get("language", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _answer(feed: Feed) -> ResponseReturnValue:
    """The feed, or 304 for a reader that has it already."""
    response = make_response(feeds.render(feed))
    response.content_type = f"{MIMETYPE}; charset=utf-8"
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT_SECONDS
    response.last_modified = feed.updated
    response.add_etag()
    return response.make_conditional(request)
