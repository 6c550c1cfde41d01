"""Which step may follow which state, and the one place that writes the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, Disposition, ModerationReason
from engage.db.session import advisory_lock
from engage.errors import RuleBroken
from engage.jobs.queue import KEEP_MARKS, wake
from engage.moderation import chain
from engage.moderation.models import LogReason, ModerationAction, ModerationEvent

_CHAIN_LOCK = 2_870_001
_LIVING = frozenset({Disposition.RECEIVED, Disposition.POSTED, Disposition.RESTRICTED})

MAY_FOLLOW: dict[ModerationAction, frozenset[Disposition]] = {
    ModerationAction.POST: frozenset({Disposition.RECEIVED}),
    ModerationAction.RESTRICT: frozenset({Disposition.RECEIVED}),
    ModerationAction.REOPEN: frozenset({Disposition.POSTED, Disposition.RESTRICTED}),
    ModerationAction.IMPORT: _LIVING,
    ModerationAction.UPDATE: _LIVING,
    ModerationAction.WITHDRAW: _LIVING,
    ModerationAction.PROPOSE: frozenset({Disposition.RECEIVED, Disposition.POSTED}),
    ModerationAction.CONFIRM: frozenset({Disposition.RECEIVED, Disposition.POSTED}),
    ModerationAction.REDACT: _LIVING,
    ModerationAction.RESTORE: _LIVING,
    ModerationAction.OPEN_ORIGINAL: _LIVING,
    ModerationAction.APPEAL_UPHELD: frozenset({Disposition.RESTRICTED}),
    ModerationAction.APPEAL_DENIED: frozenset({Disposition.RESTRICTED}),
    ModerationAction.DISMISS_REPORTS: _LIVING,
    ModerationAction.CONTEST_ADMITTED: frozenset({Disposition.POSTED}),
    ModerationAction.RESTRICT_ATTACHMENT: _LIVING,
    ModerationAction.POST_ATTACHMENT: _LIVING,
}
"""The states of a comment in which each step is possible."""


class WrongState(RuleBroken):
    """This step cannot follow what has become of the comment; nothing was changed."""


def lock_comments(session: Session, ids: Iterable[int]) -> list[Comment]:
    """These comments as they are now, held until the transaction ends, in the order of the queue.

    The lock of the chain comes first, always: everybody waits there and nobody for each other's rows.
    """
    advisory_lock(session, _CHAIN_LOCK)
    statement = (
        sa.select(Comment)
        .where(Comment.id.in_(list(ids)))
        .order_by(Comment.received_on, Comment.id)
        .with_for_update(of=Comment)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def check_state(comment: Comment, action: ModerationAction) -> None:
    """Raise WrongState where the action cannot follow the comment's state."""
    if comment.disposition not in MAY_FOLLOW[action]:
        raise WrongState(
            _l("Comment %(number)s has been withdrawn or decided meanwhile.", number=comment.tracking_number)
        )


def write_log(
    session: Session,
    comments: Iterable[Comment],
    action: ModerationAction,
    actor: User | None,
    now: datetime,
    reason: ModerationReason | LogReason | None = None,
) -> list[ModerationEvent]:
    """Add a line for each comment, in this order, and promise that the report counts them anew.

    Call with the lock of the chain held: see lock_comments.
    """
    number, digest = chain.head(session)
    events = []
    for number, comment in enumerate(comments, start=number + 1):  # noqa: B020 - goes on from the head.
        event = ModerationEvent(
            id=number,
            comment_id=comment.id,
            action=action,
            reason=LogReason(reason) if reason else None,
            actor_id=actor.id if actor else None,
            happened_at=now,
            previous_digest=digest,
        )
        digest = event.digest = chain.digest_of(event)
        comment.mark_changed()
        events.append(event)
    session.add_all(events)
    session.flush()
    wake(session, KEEP_MARKS)
    return events
