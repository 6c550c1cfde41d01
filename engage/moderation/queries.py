"""What moderators and readers of the log may see."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from engage.accounts.models import User
from engage.comments.filters import CommentFilter
from engage.comments.finding import narrowed
from engage.comments.models import (
    Attachment,
    Comment,
    CommentPeriod,
    Disposition,
    ModerationReason,
    Position,
)
from engage.comments.queries import newest_first, public_periods, with_details
from engage.comments.tracking import tidy_tracking_number
from engage.errors import NotFound
from engage.moderation import chain
from engage.moderation.filters import QueueFilter
from engage.moderation.models import LogReason, ModerationAction, ModerationEvent, RemovalProposal
from engage.web.paging import Page, paginate

QUEUE_PAGE = 50
_LOG_BATCH = 1000

# A literal: the index of the waiting comments is used only where a database sees that it asks for these.
_IS_WAITING = sa.and_(
    Comment.disposition == sa.bindparam(None, Disposition.RECEIVED, literal_execute=True),
    # What waits for a second person is in a list of its own, so that no bulk action posts it unawares.
    Comment.id.not_in(sa.select(RemovalProposal.comment_id).where(RemovalProposal.outcome.is_(None))),
)

# Lines that do not name their comment, even where everybody can read it: that somebody reported it, contested
# it unheard, or read its original.
_NAMELESS = frozenset(
    {ModerationAction.DISMISS_REPORTS, ModerationAction.CONTEST_OPEN, ModerationAction.OPEN_ORIGINAL}
)
_UNDONE = (ModerationAction.POST, ModerationAction.RESTRICT, ModerationAction.PROPOSE)


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; ``next_after`` is the tracking number that the next page begins after, None at
    the end.
    """

    comments: Sequence[Comment]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many comments of a period wait."""

    period: CommentPeriod
    count: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the log as everybody may see it: no text, no name, no time of day.

    ``tracking_number`` only where everybody may read the comment; ``period`` and ``position`` only where
    everybody may see the period.
    """

    number: int
    day: date
    action: ModerationAction
    reason: LogReason | None
    commitment: str
    digest: str
    period: CommentPeriod | None
    position: Position | None
    tracking_number: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one action was taken, for one reason, on comments of one declared position."""

    action: ModerationAction
    reason: LogReason | None
    position: Position | None
    count: int


def waiting(session: Session, criteria: QueueFilter, *, after: str = "", size: int = QUEUE_PAGE) -> QueuePage:
    """The comments that wait, the oldest day first; within a day by the random id, so in no order of arrival
    or view.
    """
    statement = criteria.apply(sa.select(Comment).where(_IS_WAITING))
    if after:
        statement = statement.where(sa.tuple_(Comment.received_on, Comment.id) > _place_of(session, after))
    statement = with_details(statement.order_by(Comment.received_on, Comment.id).limit(size + 1))
    shown = statement.options(joinedload(Comment.period), selectinload(Comment.flags))
    found = session.scalars(shown).all()
    has_more = len(found) > size
    return QueuePage(found[:size], found[size - 1].tracking_number if has_more else None)


def count_waiting(session: Session) -> list[Waiting]:
    """How many wait in each period that has any, the period that closes first at the top."""
    # Period by period, because each count is then one stretch of an index, however many comments are decided.
    counted = (
        sa.select(sa.func.count())
        .select_from(Comment)
        .where(Comment.period_id == CommentPeriod.id, _IS_WAITING)
        .scalar_subquery()
    )
    statement = sa.select(CommentPeriod, counted).order_by(CommentPeriod.closes_at, CommentPeriod.id)
    rows = session.execute(statement)
    return [Waiting(period, count) for period, count in rows if count]


def count_equal(session: Session, comments: Collection[Comment]) -> dict[tuple[int, str], int]:
    """How many comments of the same period have the same text, by (period id, fingerprint)."""
    statement = (
        sa.select(Comment.period_id, Comment.body_digest, sa.func.count())
        .where(
            Comment.period_id.in_({comment.period_id for comment in comments}),
            Comment.body_digest.in_({comment.body_digest for comment in comments if comment.body_digest}),
        )
        .group_by(Comment.period_id, Comment.body_digest)
    )
    return {(period_id, digest): count for period_id, digest, count in session.execute(statement)}


def by_numbers(session: Session, numbers: Collection[str]) -> list[Comment]:
    """The comments with these tracking numbers. Raises NotFound where one of them is no comment's."""
    found = session.scalars(sa.select(Comment).where(Comment.tracking_number.in_(numbers))).all()
    if len(found) != len(set(numbers)):
        raise NotFound(_l("One of these comments does not exist. Nothing was changed."))
    return list(found)


def get_comment(session: Session, number: str) -> Comment:
    """Any comment, for moderators, from a number as a person types it. Raises NotFound."""
    statement = sa.select(Comment).where(Comment.tracking_number == tidy_tracking_number(number))
    comment: Comment | None = session.scalar(with_details(statement).options(joinedload(Comment.period)))
    if comment is None:
        raise NotFound(_l("There is no comment with this number."))
    return comment


def comments_of(
    session: Session,
    period: CommentPeriod,
    criteria: CommentFilter,
    *,
    disposition: Disposition | None,
    reason: ModerationReason | None,
    number: int,
) -> Page[Comment]:
    """All comments of a period, whatever has become of them, for moderators."""
    statement = sa.select(Comment).where(Comment.period_id == period.id)
    if disposition is not None:
        statement = statement.where(Comment.disposition == disposition)
    if reason is not None:
        statement = statement.where(Comment.restriction_reason == reason)
    return paginate(session, with_details(newest_first(narrowed(statement, criteria))), number=number)


def history_of(session: Session, comment: Comment) -> list[tuple[ModerationEvent, str | None]]:
    """Every line about a comment with the name of who acted, the oldest first, for moderators."""
    statement = (
        sa.select(ModerationEvent, User.name)
        .outerjoin(User, User.id == ModerationEvent.actor_id)
        .where(ModerationEvent.comment_id == comment.id)
        .order_by(ModerationEvent.id)
    )
    return [(event, name) for event, name in session.execute(statement)]


def decided_by(session: Session, actor: User, first: int, last: int) -> list[tuple[ModerationEvent, Comment]]:
    """What this person decided in the lines ``first`` to ``last``, with the comments as they are now."""
    statement = (
        sa.select(ModerationEvent, Comment)
        .join(Comment, Comment.id == ModerationEvent.comment_id)
        .where(
            ModerationEvent.id.between(first, last),
            ModerationEvent.actor_id == actor.id,
            ModerationEvent.action.in_(_UNDONE),
        )
        .order_by(ModerationEvent.id)
    )
    return [(event, comment) for event, comment in session.execute(statement)]


def public_log(
    session: Session, period: CommentPeriod | None, *, number: int, now: datetime
) -> Sequence[LogEntry]:
    """A page of the lines about comments of one public period, or of all, the newest first."""
    periods = _public_periods(session, now)
    # Asked of each line by itself: a database then walks the log from its end and stops after one page.
    its_comment = aliased(Comment)
    period_of_line = (
        sa.select(its_comment.period_id).where(its_comment.id == ModerationEvent.comment_id).scalar_subquery()
    )
    statement = (
        _lines()
        .where(period_of_line.in_([period.id] if period else periods))
        .order_by(ModerationEvent.id.desc())
        .limit(QUEUE_PAGE)
        .offset((number - 1) * QUEUE_PAGE)
    )
    return [_entry(row, periods) for row in session.execute(statement)]


def public_period_ids(session: Session, now: datetime) -> list[int]:
    """Which periods the log tells about now."""
    return sorted(_public_periods(session, now))


def tallies(session: Session, period: CommentPeriod | None, now: datetime) -> list[Tally]:
    """How often each action was taken, by reason and declared position."""
    periods = [period.id] if period else public_period_ids(session, now)
    kinds = (ModerationEvent.action, ModerationEvent.reason, Comment.position)
    statement = (
        sa.select(*kinds, sa.func.count())
        .join(Comment, Comment.id == ModerationEvent.comment_id)
        .where(Comment.period_id.in_(periods))
        .group_by(*kinds)
    )
    return [Tally(*row) for row in session.execute(statement)]


def whole_log(session: Session, now: datetime) -> Iterator[LogEntry]:
    """Every line from the first on, so that the chain can be checked; a thousand are in memory at a time."""
    periods = _public_periods(session, now)
    last = 0
    while True:
        statement = _lines().where(ModerationEvent.id > last).order_by(ModerationEvent.id).limit(_LOG_BATCH)
        rows = session.execute(statement).all()
        yield from (_entry(row, periods) for row in rows)
        if len(rows) < _LOG_BATCH:
            return
        last = rows[-1].ModerationEvent.id


def _public_periods(session: Session, now: datetime) -> dict[int, CommentPeriod]:
    return {period.id: period for period in session.scalars(public_periods(now))}


def _lines() -> sa.Select[*tuple[Any, ...]]:
    """Lines with the little that may be told of their comments; the texts are never loaded."""
    return sa.select(
        ModerationEvent, Comment.period_id, Comment.position, Comment.disposition, Comment.tracking_number
    ).join(Comment, Comment.id == ModerationEvent.comment_id)


def _entry(row: sa.Row[Any], periods: Mapping[int, CommentPeriod]) -> LogEntry:
    event, period = row.ModerationEvent, periods.get(row.period_id)
    is_named = row.disposition is Disposition.POSTED and event.action not in _NAMELESS
    return LogEntry(
        number=event.id,
        day=date.fromisoformat(chain.day_of(event)),
        action=event.action,
        reason=event.reason,
        commitment=chain.commitment(event),
        digest=event.digest,
        period=period,
        position=row.position if period else None,
        tracking_number=row.tracking_number if period and is_named else None,
    )


def _place_of(session: Session, number: str) -> sa.Tuple:
    place = session.execute(
        sa.select(Comment.received_on, Comment.id).where(
            Comment.tracking_number == tidy_tracking_number(number)
        )
    ).first()
    if place is None:
        raise NotFound(_l("There is no comment with this number."))
    return sa.tuple_(sa.literal(place.received_on, sa.Date()), sa.literal(place.id, sa.BigInteger()))


def done_by(session: Session, user: User) -> list[dict[str, object]]:
    """What a person did as a moderator, for that person's own file; comments by their numbers."""
    statement = (
        sa.select(ModerationEvent, Comment.tracking_number)
        .join(Comment, Comment.id == ModerationEvent.comment_id)
        .where(ModerationEvent.actor_id == user.id)
        .order_by(ModerationEvent.id)
    )
    return [
        {
            "line": event.id,
            "action": event.action,
            "reason": event.reason,
            "comment": number,
            "happened_at": event.happened_at.isoformat(),
        }
        for event, number in session.execute(statement)
    ]


def closed_fields(session: Session, comment_ids: Collection[int]) -> dict[int, set[str]]:
    """What readers may not see of posted comments: a redacted text, and files of which one is kept back."""
    redacted = sa.select(Comment.id).where(Comment.id.in_(comment_ids), Comment.is_redacted)
    kept_back = sa.select(Attachment.comment_id).where(
        Attachment.comment_id.in_(comment_ids), Attachment.restriction_reason.is_not(None)
    )
    closed: dict[int, set[str]] = {number: {"body"} for number in session.scalars(redacted)}
    for number in session.scalars(kept_back):
        closed.setdefault(number, set()).add("attachments")
    return closed
