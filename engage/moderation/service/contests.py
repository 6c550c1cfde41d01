"""Somebody says that a comment was filed in their name. Both sides of the matter are treated alike."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from engage.accounts.models import User
from engage.comments.models import Comment, Flag
from engage.comments.tracking import new_tracking_number, tidy_tracking_number
from engage.contacts.models import Purpose
from engage.db.base import random_id
from engage.errors import NotFound, RuleBroken
from engage.moderation.models import Contest, ContestOutcome, ModerationAction
from engage.moderation.rules import KEEP_DAYS
from engage.moderation.service.answers import keep_contact, tell_contester
from engage.moderation.service.disputes import note_before_deciding
from engage.moderation.service.flags import lower_flag, raise_flag
from engage.moderation.service.log import WrongState, check_state, lock_comments, write_log
from engage.moderation.service.seal import index_of, seal_words


class AlreadyContested(RuleBroken):
    """This very form was sent before."""


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody needs to see their contest again; ``code`` is told once and kept nowhere."""

    number: str
    code: str


def open_contest(
    session: Session,
    comment: Comment,
    *,
    text: str | None,
    email: str | None,
    language: str,
    client_token: str,
    now: datetime,
) -> Case:
    """Take a contest of a posted comment. Raises AlreadyContested for a form that was sent twice."""
    today = now.astimezone(ZoneInfo(comment.period.time_zone)).date()
    number, code = random_id(), new_code()
    purge_after = today + timedelta(days=KEEP_DAYS)
    contest = Contest(
        id=number,
        comment_id=comment.id,
        case_number=new_tracking_number(),
        code_index=_index(code),
        client_token=client_token,
        opened_on=today,
        language=language,
        sealed_text=seal_words(text, f"contest {number}") if text else None,
        purge_after=purge_after,
    )
    try:
        with session.begin_nested():
            session.add(contest)
    except IntegrityError:
        raise AlreadyContested(_l("This was sent already.")) from None
    if email:
        contest.sealed_contact = keep_contact(
            session, Purpose.CONTEST, email, purge_after, f"contact {number}"
        )
    raise_flag(session, comment.id, Flag.CONTESTED)
    return Case(contest.case_number, code)


def new_code() -> str:
    """54 random bits, easy to write down, and in another shape than a tracking number."""
    return new_tracking_number().replace("-", "") + secrets.choice("23456789")


def find_case(session: Session, number: str, code: str) -> Contest | None:
    """The contest with this number, for whoever has its code too; None without a word on which was wrong."""
    statement = sa.select(Contest).where(Contest.case_number == tidy_tracking_number(number))
    found = session.scalar(statement.options(joinedload(Contest.comment)))
    expected = found.code_index if found else _index("")
    is_right = hmac.compare_digest(expected, _index(code))
    return found if found is not None and is_right else None


def admit_contest(session: Session, contest_id: int, actor: User, now: datetime) -> Contest:
    """Let readers know that somebody contests the comment. Raises WrongState where it is decided."""
    contest, comment = _open(session, contest_id)
    check_state(comment, ModerationAction.CONTEST_ADMITTED)
    if contest.admitted_at is not None:
        raise WrongState(_l("This case was decided meanwhile."))
    note_before_deciding(session, contest, comment, now)
    contest.admitted_by_id, contest.admitted_at = actor.id, now
    write_log(session, [comment], ModerationAction.CONTEST_ADMITTED, actor, now)
    return contest


def dismiss_contest(session: Session, contest_id: int, actor: User, now: datetime, answer: str) -> Contest:
    """Leave the comment as it is; whoever contested it reads the answer with their case number and code."""
    contest, comment = _open(session, contest_id)
    note_before_deciding(session, contest, comment, now)
    contest.outcome, contest.answer = ContestOutcome.DISMISSED, answer
    contest.decided_by_id, contest.decided_at = actor.id, now
    session.flush()
    if not _is_contested(session, comment):
        lower_flag(session, [comment.id], Flag.CONTESTED)
    write_log(session, [comment], ModerationAction.CONTEST_DISMISSED, actor, now)
    tell_contester(session, contest)
    return contest


def _open(session: Session, contest_id: int) -> tuple[Contest, Comment]:
    found = session.get(Contest, contest_id)
    if found is None:
        raise NotFound(_l("There is no such case."))
    (comment,) = lock_comments(session, [found.comment_id])
    session.refresh(found)
    if found.outcome is not None:
        raise WrongState(_l("This case was decided meanwhile."))
    return found, comment


def _is_contested(session: Session, comment: Comment) -> bool:
    statement = sa.select(Contest.id).where(Contest.comment_id == comment.id, Contest.outcome.is_(None))
    return session.scalar(statement.limit(1)) is not None


def _index(code: str) -> str:
    return index_of(f"code {''.join(code.split()).replace('-', '').lower()}")
