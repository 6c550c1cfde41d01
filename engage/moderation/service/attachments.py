"""Keep one file of a comment from readers, or let them read it after all; the comment stays as it is."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Attachment, Comment, Disposition, ModerationReason
from engage.moderation.models import ModerationAction, ModerationEvent
from engage.moderation.service.log import WrongState, lock_comments, write_log


def restrict_attachment(
    session: Session,
    comment: Comment,
    number: int,
    actor: User | None,
    now: datetime,
    reason: ModerationReason,
) -> ModerationEvent | None:
    """Keep a file from readers, for one reason, with a line in the log; None where it is kept back already.

    Raises WrongState where the file, or the comment's content, is gone.
    """
    locked, attachment = _locked(session, comment, number)
    if attachment.restriction_reason is not None:
        return None
    attachment.restriction_reason = reason
    (event,) = write_log(session, [locked], ModerationAction.RESTRICT_ATTACHMENT, actor, now, reason)
    return event


def post_attachment(
    session: Session, comment: Comment, number: int, actor: User | None, now: datetime
) -> ModerationEvent | None:
    """Let a file be read wherever its comment can; None where nobody keeps it back. Raises WrongState."""
    locked, attachment = _locked(session, comment, number)
    if attachment.restriction_reason is None:
        return None
    attachment.restriction_reason = None
    (event,) = write_log(session, [locked], ModerationAction.POST_ATTACHMENT, actor, now)
    return event


def _locked(session: Session, comment: Comment, number: int) -> tuple[Comment, Attachment]:
    (locked,) = lock_comments(session, [comment.id])
    attachment = session.scalar(
        sa.select(Attachment)
        .where(Attachment.comment_id == comment.id, Attachment.number == number)
        .execution_options(populate_existing=True)
    )
    if attachment is None or locked.disposition is Disposition.WITHDRAWN:
        raise WrongState(_l("This file is no longer here. Nothing was changed."))
    return locked, attachment
