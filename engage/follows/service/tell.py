"""Tell followers their news: one mail for all that is due, each piece once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session, joinedload

from engage.clock import utcnow
from engage.contacts.service import address_of
from engage.db.session import db, write_transaction
from engage.follows import letters
from engage.follows.models import Follower, FollowNews, FollowTold
from engage.follows.service.dates import digest_day
from engage.follows.service.find import LOOK_BACK
from engage.follows.tokens import event_index, follower_token, open_news
from engage.mail.service import queue_message
from engage.sealing import CannotOpen
from engage.web.links import address_of as address_of_path
from engage.web.locale import site_time_zone

log = structlog.get_logger()

_PAGE = 200


def tell_news() -> int:
    """Job: a mail to everybody who has news that are due; returns how many were written to."""
    today = digest_day(utcnow(), site_time_zone())
    with db.sessionmaker() as session:
        waiting = session.scalars(
            sa.select(FollowNews.follower_id)
            .where(FollowNews.due_on <= today)
            .group_by(FollowNews.follower_id)
            .order_by(FollowNews.follower_id)
            .limit(_PAGE)
        ).all()
    for follower_id in waiting:
        with write_transaction() as session:
            _tell(session, follower_id, today)
    return len(waiting)


def forget_told() -> int:
    """Job: forget which events were told once they are too old to be found again; returns how many."""
    before = utcnow().date() - 2 * LOOK_BACK
    old = FollowTold.happened_on < before
    with db.sessionmaker() as session:
        if session.scalar(sa.select(FollowTold.event_key).where(old).limit(1)) is None:
            return 0
    with write_transaction() as session:
        return len(session.scalars(sa.delete(FollowTold).where(old).returning(FollowTold.event_key)).all())


def _tell(session: Session, follower_id: int, today: date) -> None:
    """Queue the mail and empty the news in one transaction. Another worker waits for the follower's row."""
    follower = session.scalar(
        sa.select(Follower)
        .where(Follower.id == follower_id)
        .options(joinedload(Follower.contact, innerjoin=True))
        .with_for_update(of=Follower)
    )
    news = session.scalars(
        sa.select(FollowNews)
        .where(FollowNews.follower_id == follower_id, FollowNews.due_on <= today)
        .order_by(FollowNews.id)
    ).all()
    if follower is None or not news:
        return
    try:
        if not follower.is_stopped:
            _queue(session, follower, news)
    except CannotOpen:
        # It will open as little next time, and must not keep the others from their news.
        log.error("news_cannot_be_opened", follower=follower.id)
    for piece in news:
        piece.sealed = piece.due_on = None


def _queue(session: Session, follower: Follower, news: Sequence[FollowNews]) -> None:
    token = follower_token(follower.id)
    letter = (
        letters.discreet_news(len(news), token, follower.language)
        if follower.is_discreet
        else letters.full_news(_lines(news, follower.language), token, follower.language)
    )
    queue_message(
        session,
        event_key=f"news:{event_index(follower.id, ' '.join(str(piece.id) for piece in news))}",
        recipient=address_of(follower.contact),
        subject=letter.subject,
        body=letter.body,
        headers=letters.unsubscribe_headers(token),
    )


def _lines(news: Sequence[FollowNews], language: str) -> list[letters.Line]:
    """What to say, grouped by what it is about and then in the order in which it happened."""
    said = []
    for piece in news:
        if piece.sealed is not None:
            order, about, text, path = open_news(piece.id, piece.sealed)[language]
            said.append((about, order, letters.Line(about, text, address_of_path(path))))
    return [line for _about, _order, line in sorted(said, key=lambda one: one[:2])]
