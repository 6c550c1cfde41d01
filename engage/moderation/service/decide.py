"""Post, restrict, reopen: many comments at once, in one transaction, each decided once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.moderation.models import (
    ModerationAction,
    ModerationEvent,
    RemovalProposal,
)
from engage.moderation.rules import UNDO_WITHIN, is_second_person_required
from engage.moderation.service.disputes import close_after_removal, close_appeals
from engage.moderation.service.flags import HINTS, lower_flag
from engage.moderation.service.log import MAY_FOLLOW, check_state, lock_comments, write_log
from engage.moderation.service.second_person import (
    check_may_reopen,
    close_proposals,
    decline_removal,
    needing_two,
    propose,
)

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
    else. ``proposed`` of the lines only propose, and wait for a second person.
    """

    events: tuple[ModerationEvent, ...]
    already: int
    proposed: int = 0

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
    """Keep these comments from readers, for one reason. Raises WrongState for one that is withdrawn.

    Those that take two people wait on, unseen, until another person confirms it. Another system (no
    ``actor``) has decided by its own rules.
    """
    locked, open_ones = _undecided(session, comments, ModerationAction.RESTRICT)
    return _restrict(session, locked, open_ones, actor, now, reason)


def remove_comment(
    session: Session, comment: Comment, actor: User, now: datetime, reason: ModerationReason
) -> Outcome:
    """Keep a posted comment from readers, or propose it where that takes two people.

    Raises WrongState for one that is not public.
    """
    locked = lock_comments(session, [comment.id])
    check_state(locked[0], ModerationAction.PROPOSE)
    return _restrict(session, locked, locked, actor, now, reason)


def reopen_comments(
    session: Session, comments: Iterable[Comment], actor: User | None, now: datetime
) -> Outcome:
    """Let these comments wait for a decision again.

    Raises WrongState for one that is withdrawn, NeedsSomebodyElse where that would get round two people.
    """
    locked, open_ones = _undecided(session, comments, ModerationAction.REOPEN)
    check_may_reopen(session, open_ones, actor)
    return _apply(session, locked, open_ones, ModerationAction.REOPEN, actor, now)


def undo_decisions(session: Session, numbers: Collection[int], actor: User, now: datetime) -> Outcome:
    """Take back what this person decided or proposed in these lines of the log, where nothing has followed.

    Where two people decide, a posting can be taken back for as long as UNDO_WITHIN: it hides the comment.
    """
    later = sa.orm.aliased(ModerationEvent)
    mine = (
        sa.select(Comment)
        .join(ModerationEvent, ModerationEvent.comment_id == Comment.id)
        .where(
            ModerationEvent.id.in_(numbers),
            ModerationEvent.actor_id == actor.id,
            ~sa.exists().where(later.comment_id == Comment.id, later.id > ModerationEvent.id),
        )
    )
    decided: sa.ColumnElement[bool] = ModerationEvent.action.in_(
        (ModerationAction.POST, ModerationAction.RESTRICT)
    )
    if is_second_person_required():
        in_time = ModerationEvent.happened_at >= now - UNDO_WITHIN
        decided = sa.and_(decided, sa.or_(ModerationEvent.action == ModerationAction.RESTRICT, in_time))
    locked, open_ones = _undecided(session, session.scalars(mine.where(decided)), ModerationAction.REOPEN)
    outcome = _apply(session, locked, open_ones, ModerationAction.REOPEN, actor, now)
    proposed = session.scalars(
        sa.select(RemovalProposal.id).where(
            RemovalProposal.comment_id.in_(
                mine.where(ModerationEvent.action == ModerationAction.PROPOSE).with_only_columns(Comment.id)
            ),
            RemovalProposal.outcome.is_(None),
        )
    ).all()
    declined = [decline_removal(session, number, actor, now)[1] for number in proposed]
    return Outcome((*outcome.events, *declined), outcome.already)


def _decide(
    session: Session,
    comments: Iterable[Comment],
    action: ModerationAction,
    actor: User | None,
    now: datetime,
) -> Outcome:
    locked, open_ones = _undecided(session, comments, action)
    return _apply(session, locked, open_ones, action, actor, now)


def _undecided(
    session: Session, comments: Iterable[Comment], action: ModerationAction
) -> tuple[list[Comment], list[Comment]]:
    """All of them locked, and those of them that the step can follow. Raises WrongState."""
    locked = lock_comments(session, [comment.id for comment in comments])
    for comment in locked:
        if comment.disposition not in _ALREADY[action]:
            check_state(comment, action)
    return locked, [comment for comment in locked if comment.disposition in MAY_FOLLOW[action]]


def _apply(
    session: Session,
    locked: list[Comment],
    open_ones: list[Comment],
    action: ModerationAction,
    actor: User | None,
    now: datetime,
    reason: ModerationReason | None = None,
) -> Outcome:
    for comment in open_ones:
        comment.disposition, comment.restriction_reason = _AFTER[action], reason
    events = write_log(session, open_ones, action, actor, now, reason)
    if open_ones:
        if action is not ModerationAction.REOPEN:
            lower_flag(session, [comment.id for comment in open_ones], *HINTS)
        close_proposals(session, open_ones, actor, now)
        if action is ModerationAction.RESTRICT:
            close_after_removal(session, open_ones, actor, now)
        else:
            close_appeals(session, [comment.id for comment in open_ones], now)
    return Outcome(tuple(events), already=len(locked) - len(open_ones))


def _restrict(
    session: Session,
    locked: list[Comment],
    open_ones: list[Comment],
    actor: User | None,
    now: datetime,
    reason: ModerationReason,
) -> Outcome:
    for_two = needing_two(session, open_ones, reason) if actor else frozenset()
    alone = [comment for comment in open_ones if comment.id not in for_two]
    together = [comment for comment in open_ones if comment.id in for_two]
    restricted = _apply(session, locked, alone, ModerationAction.RESTRICT, actor, now, reason)
    proposed = propose(session, together, actor, now, reason) if actor else []
    return Outcome(
        (*restricted.events, *proposed),
        already=len(locked) - len(restricted.events) - len(proposed),
        proposed=len(proposed),
    )
