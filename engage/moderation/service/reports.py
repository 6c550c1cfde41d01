"""Readers report a comment; a moderator looks. No number of reports hides anything by itself."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.comments.models import Comment, Flag, ModerationReason
from engage.errors import RuleBroken
from engage.moderation.models import CommentReport, LogReason, ModerationAction
from engage.moderation.service.disputes import close_reports
from engage.moderation.service.flags import raise_flag
from engage.moderation.service.log import check_state, lock_comments, write_log
from engage.moderation.service.seal import seal_words
from engage.sealing import derive


class AlreadyReported(RuleBroken):
    """This browser has reported this comment before."""


def report_token(reader: str, comment: Comment) -> str:
    """What makes a second report of a comment by one browser known as such.

    A hash of the browser's random word under a key of the comment's own: two reports by one browser have
    nothing in common.
    """
    secret: str = current_app.config["ENGAGE_SETTINGS"].secret_key
    key = derive(secret, f"reports of {comment.id}")
    return hmac.new(key, reader.encode(), hashlib.sha256).hexdigest()


def report_comment(
    session: Session, comment: Comment, *, token: str, reason: ModerationReason, words: str | None
) -> CommentReport:
    """Take a report. Raises AlreadyReported for the second one of a browser."""
    report = CommentReport(
        comment_id=comment.id,
        token=token,
        reason=reason,
        sealed_words=seal_words(words, f"report {token}") if words else None,
    )
    try:
        with session.begin_nested():
            session.add(report)
    except IntegrityError:
        raise AlreadyReported(_l("You have reported this comment already.")) from None
    raise_flag(session, comment.id, Flag.REPORTED)
    return report


def dismiss_reports(
    session: Session, comment: Comment, actor: User, now: datetime, reason: LogReason
) -> None:
    """Leave the comment as it is; what was reported has been looked at."""
    (locked,) = lock_comments(session, [comment.id])
    check_state(locked, ModerationAction.DISMISS_REPORTS)
    close_reports(session, [locked.id])
    write_log(session, [locked], ModerationAction.DISMISS_REPORTS, actor, now, reason)
