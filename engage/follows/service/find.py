"""Find what has happened and put it into the news of those who follow. May run twice, and at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.contacts.service import address_of
from engage.db.base import random_id
from engage.db.session import db, write_transaction
from engage.db.types import LANGUAGES
from engage.follows import letters
from engage.follows.models import Follow, FollowNews, FollowScan, FollowTold, Frequency
from engage.follows.queries import follows_of
from engage.follows.service.dates import due_day
from engage.follows.tokens import comment_key, event_index, follower_token, seal_news
from engage.mail.service import queue_message
from engage.moderation.models import ModerationAction, ModerationEvent
from engage.web.locale import site_time_zone
from engage.web.news import Happening, happenings

# Longer than any worker was ever away; what is older is history when it comes in, such as an import.
LOOK_BACK = timedelta(days=60)
_PAGE = 500
_COMMENTS = "comments"
# Told is what changes on the receipt. An import tells what another system did long ago, and nobody follows a
# comment that they did not send here; a proposal changes nothing until a second person has confirmed it; and
# an author needs no mail that a reader reported or contested the comment before a moderator has looked.
_NOT_TOLD = frozenset(
    {
        ModerationAction.IMPORT,
        ModerationAction.UPDATE,
        ModerationAction.PROPOSE,
        ModerationAction.DECLINE,
        ModerationAction.OPEN_ORIGINAL,
        ModerationAction.APPEAL_OPEN,
        ModerationAction.DISMISS_REPORTS,
        ModerationAction.CONTEST_OPEN,
    }
)


def find_news() -> int:
    """Job: put what nobody was told of yet into its followers' news; returns how many happenings."""
    now = utcnow()
    with db.sessionmaker() as session:
        found = happenings(session, now - LOOK_BACK, now)
        keys = [happening.key for happening in found]
        told = set(session.scalars(sa.select(FollowTold.event_key).where(FollowTold.event_key.in_(keys))))
        new = [happening for happening in found if happening.key not in told]
        for happening in new:
            _put(happening, now)
    return len(new)


def find_comment_news() -> int:
    """Job: write to those whose comment a moderator has decided; returns how many steps were looked at.

    The log's numbers have no gap that could be filled later (moderation.chain), so what was read is done.
    """
    with db.sessionmaker() as session:
        if not _unread(session, _position(session)).first():
            return 0
    with write_transaction() as session:
        scan = _locked_scan(session)
        events = _unread(session, scan.position).all()
        if events:
            _tell_commenters(session, events)
            scan.position = events[-1].id
        return len(events)


def _put(happening: Happening, now: datetime) -> None:
    """One transaction for each page of followers, then it is done. A repeat after a crash adds nothing."""
    sayings = {language: _said(happening, language) for language in LANGUAGES}
    # The nearest first: who follows a period at once and its docket weekly hears of the period at once.
    for subject in happening.subjects:
        last: int | None = -1
        while last is not None:
            with write_transaction() as session:
                page = follows_of(session, subject, after=last, limit=_PAGE)
                _insert_news(session, happening, page, sayings, now)
                last = page[-1].id if len(page) == _PAGE else None
    with write_transaction() as session:
        done = _insert(session)(FollowTold).values(
            event_key=happening.key, happened_on=happening.happened_at.date()
        )
        session.execute(done.on_conflict_do_nothing())


def _said(happening: Happening, language: str) -> list[str]:
    told = happening.tell(language)
    return [happening.happened_at.isoformat(), told.about, told.text, told.path]


def _insert_news(
    session: Session,
    happening: Happening,
    follows: Sequence[Follow],
    sayings: dict[str, list[str]],
    now: datetime,
) -> None:
    rows = []
    for follow in follows:
        frequency = Frequency.REAL_TIME if happening.is_reminder else follow.frequency
        if follow.follower.is_stopped or (happening.is_reminder and not follow.wants_reminder):
            continue
        number = random_id()
        rows.append(
            {
                "id": number,
                "follower_id": follow.follower_id,
                "follow_id": follow.id,
                "event_index": event_index(follow.follower_id, happening.key),
                "sealed": seal_news(number, sayings),
                "due_on": due_day(frequency, now, site_time_zone(), happening.needed_by),
            }
        )
    if rows:
        # Who follows both a docket and its period has one row: each event is told once.
        session.execute(_insert(session)(FollowNews).values(rows).on_conflict_do_nothing())


def _insert(session: Session) -> type[postgresql.Insert | sqlite.Insert]:
    return postgresql.Insert if session.get_bind().dialect.name == "postgresql" else sqlite.Insert


def _position(session: Session) -> int:
    scan = session.get(FollowScan, _COMMENTS)
    return scan.position if scan else 0


def _locked_scan(session: Session) -> FollowScan:
    started = _insert(session)(FollowScan).values(source=_COMMENTS, position=0).on_conflict_do_nothing()
    session.execute(started)
    return session.scalars(
        sa.select(FollowScan).where(FollowScan.source == _COMMENTS).with_for_update()
    ).one()


def _unread(session: Session, position: int) -> sa.ScalarResult[ModerationEvent]:
    return session.scalars(
        sa.select(ModerationEvent)
        .where(ModerationEvent.id > position)
        .order_by(ModerationEvent.id)
        .limit(_PAGE)
    )


def _tell_commenters(session: Session, events: Sequence[ModerationEvent]) -> None:
    """Queue the mails at once: no row of ours says afterwards of which comment, or on which day."""
    keys: dict[str, list[int]] = {}
    for event in events:
        if event.action not in _NOT_TOLD:
            keys.setdefault(comment_key(event.comment_id), []).append(event.id)
    if not keys:
        return
    wanted = sa.select(Follow).where(Follow.subject_kind == "comment", Follow.subject_key.in_(keys))
    for follow in session.scalars(wanted):
        if not follow.follower.is_stopped:
            # Several steps in one go, such as a decision that was taken back and taken anew, are one mail.
            mail_comment_news(session, follow, f"{follow.subject_key} {keys[follow.subject_key][-1]}")


def mail_comment_news(session: Session, follow: Follow, event_key: str) -> None:
    """Queue the one mail that says only that there is news on somebody's own comment; once an event."""
    follower = follow.follower
    token = follower_token(follower.id)
    letter = letters.comment_news(token, follower.language)
    queue_message(
        session,
        event_key=f"news:{event_index(follower.id, event_key)}",
        recipient=address_of(follower.contact),
        subject=letter.subject,
        body=letter.body,
        headers=letters.unsubscribe_headers(token),
    )
