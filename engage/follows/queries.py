"""What is kept of followers, and what they follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.comments.models import Comment, CommentPeriod, Disposition
from engage.comments.queries import public_periods
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.dockets.queries import public_dockets
from engage.follows.models import Follow, Follower, QueueNotice
from engage.follows.tokens import follower_of
from engage.meetings.models import Meeting
from engage.meetings.queries import public_meetings
from engage.web.news import DOCKET, MEETING, PERIOD, Subject


@dataclass(frozen=True, slots=True)
class Followable:
    """Something that can be followed, as a page names it; ``title`` is None for a comment of one's own.

    ``day`` tells meetings of one title apart. ``has_reminder`` is off where nothing is to come any more.
    """

    kind: str
    key: str
    title: Localised | None
    slug: str = ""
    day: date | None = None
    has_reminder: bool = True


def find_follower(session: Session, token: str) -> Follower | None:
    """Whose token this is, with all that they follow; None for one that is not ours, or whose mail ended."""
    number = follower_of(token)
    if number is None:
        return None
    return session.scalar(
        sa.select(Follower)
        .where(Follower.id == number)
        .options(selectinload(Follower.follows), joinedload(Follower.contact))
    )


def followables(
    session: Session, wanted: Iterable[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], Followable]:
    """What stands behind kinds and keys, as far as everybody may see it."""
    pairs = set(wanted)
    found = {pair: Followable(*pair, title=None) for pair in pairs if pair[0] == "comment"}
    periods = [int(key) for kind, key in pairs if kind == PERIOD]
    if periods:
        for period in session.scalars(public_periods(now).where(CommentPeriod.id.in_(periods))):
            found[PERIOD, str(period.id)] = of_period(period)
    meetings = [int(key) for kind, key in pairs if kind == MEETING]
    if meetings:
        for meeting in session.scalars(public_meetings(now).where(Meeting.id.in_(meetings))):
            found[MEETING, str(meeting.id)] = of_meeting(meeting, now)
    if any(kind == DOCKET for kind, _key in pairs):
        for docket in public_dockets(session, now):
            if (DOCKET, str(docket.id)) in pairs:
                found[DOCKET, str(docket.id)] = of_docket(docket)
    return found


def of_period(period: CommentPeriod) -> Followable:
    """A period as something to follow."""
    return Followable(PERIOD, str(period.id), period.title, period.slug)


def of_meeting(meeting: Meeting, now: datetime) -> Followable:
    """A meeting as something to follow."""
    return Followable(
        MEETING,
        str(meeting.id),
        meeting.title,
        meeting.slug,
        day=meeting.local_start.date(),
        has_reminder=not meeting.is_done(now),
    )


def of_docket(docket: Docket) -> Followable:
    """A docket as something to follow."""
    return Followable(DOCKET, str(docket.id), docket.title, docket.slug)


def follows_of(session: Session, subject: Subject, *, after: int, limit: int) -> list[Follow]:
    """Those who follow something, in pages by the id of the follow."""
    return list(
        session.scalars(
            sa.select(Follow)
            .where(Follow.subject_kind == subject.kind, Follow.subject_key == subject.key, Follow.id > after)
            .order_by(Follow.id)
            .limit(limit)
            .options(joinedload(Follow.follower))
        )
    )


def queue_notice(session: Session, user_id: int) -> QueueNotice | None:
    """Whether and how often a moderator is told that comments wait."""
    return session.get(QueueNotice, user_id)


def count_waiting(session: Session) -> int:
    """How many comments wait for a moderator."""
    return (
        session.scalar(
            sa.select(sa.func.count()).select_from(Comment).where(Comment.disposition == Disposition.RECEIVED)
        )
        or 0
    )
