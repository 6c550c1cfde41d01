"""What is left of reports, appeals and contests when a comment is removed, posted again or withdrawn."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.clock import utcnow
from engage.comments.models import Comment, Flag, ModerationReason
from engage.db.session import db, write_transaction
from engage.moderation.models import (
    Appeal,
    AppealOutcome,
    CommentReport,
    Contest,
    ContestOutcome,
    ModerationAction,
)
from engage.moderation.service.answers import tell_appellant, tell_contester
from engage.moderation.service.flags import lower_flag
from engage.moderation.service.log import lock_comments, write_log
from engage.web.locale import site_time_zone

BATCH = 100


def close_after_removal(
    session: Session, comments: Collection[Comment], actor: User | None, now: datetime
) -> None:
    """The comments are kept from readers: their reports are seen to, and who contested them was right if the
    reason says so.
    """
    ids = [comment.id for comment in comments]
    close_reports(session, ids)
    contested = {
        comment.id
        for comment in comments
        if comment.restriction_reason is ModerationReason.IMPERSONATION_CONTESTED
    }
    for contest in _open_contests(session, contested):
        contest.outcome = ContestOutcome.UPHELD
        contest.decided_by_id, contest.decided_at = actor.id if actor else None, now
        tell_contester(session, contest)
    lower_flag(session, contested, Flag.CONTESTED)
    session.flush()


def close_appeals(session: Session, ids: Collection[int], now: datetime) -> None:
    """The comments are no longer kept from readers, or are gone: there is nothing left to appeal against."""
    for appeal in session.scalars(
        sa.select(Appeal).where(Appeal.comment_id.in_(ids), Appeal.outcome.is_(None)).order_by(Appeal.id)
    ):
        appeal.outcome, appeal.decided_at = AppealOutcome.MOOT, now
        tell_appellant(session, appeal)
    session.flush()
    lower_flag(session, ids, Flag.APPEALED)


def close_reports(session: Session, ids: Collection[int]) -> None:
    """What readers reported was seen to. Its token stays, so that it stays one report a browser."""
    session.execute(
        sa.update(CommentReport)
        .where(CommentReport.comment_id.in_(ids), CommentReport.is_open)
        .values(is_open=False, sealed_words=None)
    )
    lower_flag(session, ids, Flag.REPORTED)


def forget_disputes(session: Session, comment: Comment, now: datetime) -> None:
    """The comment is withdrawn: nothing that anybody wrote about it stays."""
    close_reports(session, [comment.id])
    close_appeals(session, [comment.id], now)
    for contest in _open_contests(session, [comment.id]):
        contest.outcome, contest.decided_at = ContestOutcome.MOOT, now
        tell_contester(session, contest)
    lower_flag(session, [comment.id], Flag.CONTESTED)
    for table in (Appeal, Contest):
        session.execute(
            sa.update(table)
            .where(table.comment_id == comment.id)
            .values(sealed_text=None, sealed_contact=None)
        )


def note_due() -> int:
    """Write into the log which appeals and contests were opened on days that are over. A job.

    Not as they come: the lines of the log lie between lines with instants, and the instant of a resident's
    act is nowhere kept.
    """
    today = utcnow().astimezone(site_time_zone()).date()
    with db.sessionmaker() as session:
        due = [
            session.scalar(sa.select(table.id).where(~table.is_noted, table.opened_on < today).limit(1))
            for table in (Appeal, Contest)
        ]
    if not any(due):
        return 0
    with write_transaction() as session:
        return note_opened(session, before=today)


def note_opened(session: Session, *, before: date) -> int:
    """One batch of note_due in the caller's transaction; returns how many lines it wrote."""
    return _note(session, Appeal, ModerationAction.APPEAL_OPEN, before) + _note(
        session, Contest, ModerationAction.CONTEST_OPEN, before
    )


def note_before_deciding(
    session: Session, dispute: Appeal | Contest, comment: Comment, now: datetime
) -> None:
    """Let the line that something was opened stand before the line that decides it. The chain is locked."""
    if dispute.is_noted:
        return
    is_appeal = isinstance(dispute, Appeal)
    action = ModerationAction.APPEAL_OPEN if is_appeal else ModerationAction.CONTEST_OPEN
    dispute.is_noted = True
    write_log(session, [comment], action, None, now)


def purge_words(session: Session, today: date) -> int:
    """Erase what residents wrote in appeals and contests whose day has come; returns how many."""
    erased = 0
    for table in (Appeal, Contest):
        result = session.execute(
            sa.update(table)
            .where(
                table.purge_after < today,
                sa.or_(table.sealed_text.is_not(None), table.sealed_contact.is_not(None)),
            )
            .values(sealed_text=None, sealed_contact=None)
        )
        erased += result.rowcount  # type: ignore[attr-defined]
    return erased


def _note(session: Session, table: type[Appeal | Contest], action: ModerationAction, before: date) -> int:
    wanted = sa.select(table.id, table.comment_id).where(~table.is_noted, table.opened_on < before)
    found = session.execute(wanted.order_by(table.id).limit(BATCH)).all()
    if not found:
        return 0
    comments = {row.id: row for row in lock_comments(session, {row.comment_id for row in found})}
    # Asked again behind the lock: another worker may have written them meanwhile.
    due = session.execute(
        sa.update(table)
        .where(table.id.in_([row.id for row in found]), ~table.is_noted)
        .values(is_noted=True)
        .returning(table.comment_id)
    ).scalars()
    events = write_log(session, [comments[number] for number in due], action, None, utcnow())
    return len(events)


def _open_contests(session: Session, ids: Collection[int]) -> list[Contest]:
    statement = sa.select(Contest).where(Contest.comment_id.in_(ids), Contest.outcome.is_(None))
    return list(session.scalars(statement.order_by(Contest.id)))
