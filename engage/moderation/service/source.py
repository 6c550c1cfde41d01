"""What other systems bring: imported comments, their changes, and their withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, CommentTheme, Disposition
from engage.comments.parts import tell_rewritten, tell_withdrawn
from engage.comments.service import forget_attached
from engage.moderation.models import ModerationAction, ModerationEvent
from engage.moderation.service.disputes import forget_disputes
from engage.moderation.service.log import check_state, lock_comments, write_log
from engage.moderation.service.redact import forget_redactions
from engage.moderation.service.second_person import close_proposals


def record_import(
    session: Session, comments: Sequence[Comment], actor: User | None, now: datetime
) -> list[ModerationEvent]:
    """Write down that these comments came from another system. Flush them first."""
    return _record(session, comments, ModerationAction.IMPORT, actor, now)


def record_update(
    session: Session, comments: Sequence[Comment], actor: User | None, now: datetime
) -> list[ModerationEvent]:
    """Write down that the other system changed these comments. Raises WrongState for a withdrawn one."""
    return _record(session, comments, ModerationAction.UPDATE, actor, now)


def withdraw_comment(
    session: Session, comment: Comment, actor: User | None, now: datetime
) -> ModerationEvent:
    """Leave a tombstone: number, day and declared position stay, and all that tells what was said or by whom
    goes.

    The digest goes too, because a short text could be guessed from it, and so does what was measured, because
    it quotes the text. Raises WrongState where it is withdrawn already.
    """
    session.flush()
    (locked,) = lock_comments(session, [comment.id])
    check_state(locked, ModerationAction.WITHDRAW)
    locked.body = locked.body_digest = ""
    locked.name = locked.organisation = locked.district_id = locked.restriction_reason = None
    locked.analysis = None
    locked.analysis_due = False
    locked.disposition = Disposition.WITHDRAWN
    forget_redactions(session, locked)
    forget_disputes(session, locked, now)
    close_proposals(session, [locked], actor, now)
    forget_attached(session, locked)
    session.execute(sa.delete(CommentTheme).where(CommentTheme.comment_id == locked.id))
    (event,) = write_log(session, [locked], ModerationAction.WITHDRAW, actor, now)
    tell_rewritten(session, [locked])
    tell_withdrawn(session, [locked])
    return event


def withdraw_for_author(session: Session, comment: Comment, now: datetime) -> ModerationEvent:
    """Withdraw for whoever holds the withdrawal code. The log says the day and not when the person did so."""
    day = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    return withdraw_comment(session, comment, None, day)


def _record(
    session: Session,
    comments: Sequence[Comment],
    action: ModerationAction,
    actor: User | None,
    now: datetime,
) -> list[ModerationEvent]:
    # What the caller has changed goes to the database before the rows are read anew.
    session.flush()
    locked = lock_comments(session, [comment.id for comment in comments])
    for comment in locked:
        check_state(comment, action)
    return write_log(session, locked, action, actor, now)
