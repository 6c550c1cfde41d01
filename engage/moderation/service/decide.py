"""Post, restrict, reopen: many comments at once, in one transaction, each decided once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.moderation.models import ModerationAction, ModerationEvent
from engage.moderation.service.log import MAY_FOLLOW, check_state, lock_comments, write_log

_AFTER = {
    ModerationAction.POST: Disposition.POSTED,
    ModerationAction.RESTRICT: Disposition.RESTRICTED,
    ModerationAction.REOPEN: Disposition.RECEIVED,
}

# What somebody else has already brought about is no mistake of the one who comes second.
_ALREADY = {
    ModerationAction.POST: frozenset({Disposition.POSTED, Disposition.RESTRICTED}),
    ModerationAction.RESTRICT: frozenset({Disposition.POSTED, Disposition.RESTRICTED}),
    ModerationAction.REOPEN: frozenset({Disposition.RECEIVED}),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk action did: the lines that it wrote, and how many comments were already decided by somebody
    else.
    """

    events: tuple[ModerationEvent, ...]
    already: int

    @property
    def done(self) -> int:
        """How many comments it changed."""
        return len(self.events)


def post_comments(
    session: Session, comments: Iterable[Comment], actor: User | None, now: datetime
) -> Outcome:
    """Let everybody read these comments. Raises WrongState for one that is withdrawn; then none is posted."""
    return _decide(session, comments, ModerationAction.POST, actor, now)


def restrict_comments(
    session: Session,
    comments: Iterable[Comment],
    actor: User | None,
    now: datetime,
    reason: ModerationReason,
) -> Outcome:
    """Keep these comments from readers, for one reason. Raises WrongState for one that is withdrawn."""
    return _decide(session, comments, ModerationAction.RESTRICT, actor, now, reason)


def reopen_comments(
    session: Session, comments: Iterable[Comment], actor: User | None, now: datetime
) -> Outcome:
    """Let these comments wait for a decision again. Raises WrongState for one that is withdrawn."""
    return _decide(session, comments, ModerationAction.REOPEN, actor, now)


def undo_decisions(session: Session, numbers: Collection[int], actor: User, now: datetime) -> Outcome:
    """Reopen what this person decided in these lines of the log, where nothing has followed since."""
    later = sa.orm.aliased(ModerationEvent)
    statement = (
        sa.select(Comment)
        .join(ModerationEvent, ModerationEvent.comment_id == Comment.id)
        .where(
            ModerationEvent.id.in_(numbers),
            ModerationEvent.actor_id == actor.id,
            ModerationEvent.action.in_((ModerationAction.POST, ModerationAction.RESTRICT)),
            ~sa.exists().where(later.comment_id == Comment.id, later.id > ModerationEvent.id),
        )
    )
    return reopen_comments(session, session.scalars(statement).all(), actor, now)


def _decide(
    session: Session,
    comments: Iterable[Comment],
    action: ModerationAction,
    actor: User | None,
    now: datetime,
    reason: ModerationReason | None = None,
) -> Outcome:
    locked = lock_comments(session, [comment.id for comment in comments])
    open_ones = [comment for comment in locked if comment.disposition in MAY_FOLLOW[action]]
    for comment in locked:
        if comment.disposition not in _ALREADY[action]:
            check_state(comment, action)
    for comment in open_ones:
        comment.disposition, comment.restriction_reason = _AFTER[action], reason
    events = write_log(session, open_ones, action, actor, now, reason)
    return Outcome(tuple(events), already=len(locked) - len(open_ones))
