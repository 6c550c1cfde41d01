"""What waits for somebody to look again: second looks, appeals, reports, contests. The oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from engage.accounts.models import Role, User
from engage.comments.models import Comment, CommentPeriod, ModerationReason
from engage.comments.queries import public_comments, public_periods, with_details
from engage.comments.tracking import tidy_tracking_number
from engage.errors import NotFound
from engage.moderation.models import Appeal, CommentReport, Contest, RemovalProposal
from engage.moderation.rules import MODERATORS
from engage.moderation.service.seal import open_words

SHOWN = 50
"""How many a list shows at once: what is seen to goes, and the next move up."""

MOST_FOUND = 20
"""How many comments the search by a name lists at most."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A comment that readers reported: how often for each reason, and what they wrote."""

    comment: Comment
    reasons: Sequence[tuple[ModerationReason, int]]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of each kind wait."""

    second_looks: int
    appeals: int
    reports: int
    contests: int


def count_waiting_reviews(session: Session) -> Waiting:
    """How many wait, each a stretch of a small index."""
    counts = session.execute(
        sa.select(
            _count(sa.select(RemovalProposal.id).where(RemovalProposal.outcome.is_(None))),
            _count(sa.select(Appeal.id).where(Appeal.outcome.is_(None))),
            _count(sa.select(CommentReport.comment_id).where(CommentReport.is_open).distinct()),
            _count(sa.select(Contest.id).where(Contest.outcome.is_(None))),
        )
    ).one()
    return Waiting(*counts)


def count_open_disputes(session: Session, period: CommentPeriod | None, now: datetime) -> tuple[int, int]:
    """How many appeals and contests of a public period, or of all, wait for an answer: for everybody."""
    periods = public_periods(now).with_only_columns(CommentPeriod.id).order_by(None)
    if period is not None:
        periods = periods.where(CommentPeriod.id == period.id)
    in_public = Comment.period_id.in_(periods)
    appeals = sa.select(Appeal.id).join(Appeal.comment).where(Appeal.outcome.is_(None), in_public)
    contests = sa.select(Contest.id).join(Contest.comment).where(Contest.outcome.is_(None), in_public)
    row = session.execute(sa.select(_count(appeals), _count(contests))).one()
    return int(row[0]), int(row[1])


def second_looks(session: Session) -> Sequence[RemovalProposal]:
    """Removals that wait for a second person."""
    statement = (
        sa.select(RemovalProposal)
        .where(RemovalProposal.outcome.is_(None))
        .order_by(RemovalProposal.proposed_at, RemovalProposal.id)
        .limit(SHOWN)
        .options(
            joinedload(RemovalProposal.proposed_by), joinedload(RemovalProposal.comment).options(*_DETAILS)
        )
    )
    return session.scalars(statement).all()


def open_proposal_of(session: Session, comment: Comment) -> RemovalProposal | None:
    """What is proposed about a comment now."""
    return session.scalar(
        sa.select(RemovalProposal)
        .where(RemovalProposal.comment_id == comment.id, RemovalProposal.outcome.is_(None))
        .options(joinedload(RemovalProposal.proposed_by))
    )


def appeals(session: Session) -> Sequence[Appeal]:
    """Appeals that wait for an answer."""
    statement = sa.select(Appeal).where(Appeal.outcome.is_(None)).order_by(Appeal.opened_on, Appeal.id)
    return session.scalars(
        statement.limit(SHOWN).options(joinedload(Appeal.comment).options(*_DETAILS))
    ).all()


def count_without_answerer(session: Session) -> int:
    """How many open appeals nobody may answer, because everybody who could took part in the decision."""
    may_answer = (
        sa.select(User.id)
        .join(User.roles)
        .where(
            User.active,
            Role.name.in_(MODERATORS),
            User.id.is_distinct_from(Appeal.restricted_by_id),
            User.id.is_distinct_from(Appeal.proposed_by_id),
        )
        .correlate(Appeal)
    )
    statement = sa.select(sa.func.count()).select_from(Appeal)
    return session.scalar(statement.where(Appeal.outcome.is_(None), ~may_answer.exists())) or 0


def get_appeal(session: Session, number: int) -> Appeal:
    """An appeal, for moderators. Raises NotFound."""
    found = session.scalar(
        sa.select(Appeal).where(Appeal.id == number).options(joinedload(Appeal.comment).options(*_DETAILS))
    )
    if found is None:
        raise NotFound(_l("There is no such appeal."))
    return found


def contests(session: Session) -> Sequence[Contest]:
    """Contests that are not decided."""
    statement = sa.select(Contest).where(Contest.outcome.is_(None)).order_by(Contest.opened_on, Contest.id)
    return session.scalars(
        statement.limit(SHOWN).options(joinedload(Contest.comment).options(*_DETAILS))
    ).all()


def get_contest(session: Session, number: int) -> Contest:
    """A contest, for moderators. Raises NotFound."""
    found = session.scalar(
        sa.select(Contest).where(Contest.id == number).options(joinedload(Contest.comment).options(*_DETAILS))
    )
    if found is None:
        raise NotFound(_l("There is no such case."))
    return found


def is_contested(session: Session, comment: Comment) -> bool:
    """Whether readers are to know that somebody contests a comment."""
    statement = sa.select(Contest.id).where(
        Contest.comment_id == comment.id, Contest.outcome.is_(None), Contest.admitted_at.is_not(None)
    )
    return session.scalar(statement.limit(1)) is not None


def reported(session: Session) -> list[Reported]:
    """Comments with open reports, the oldest day first; never by how many reports they have."""
    comments = session.scalars(
        with_details(
            sa.select(Comment)
            .where(Comment.id.in_(sa.select(CommentReport.comment_id).where(CommentReport.is_open)))
            .order_by(Comment.received_on, Comment.id)
            .limit(SHOWN)
        ).options(joinedload(Comment.period))
    ).all()
    return [reports_of(session, comment) for comment in comments]


def reports_of(session: Session, comment: Comment) -> Reported:
    """The open reports about one comment."""
    rows = session.scalars(
        sa.select(CommentReport)
        .where(CommentReport.comment_id == comment.id, CommentReport.is_open)
        .order_by(CommentReport.token)
    ).all()
    reasons = Counter(row.reason for row in rows)
    words = [text for row in rows if (text := open_words(row.sealed_words, f"report {row.token}"))]
    return Reported(comment, sorted(reasons.items()), words)


def has_reported(session: Session, comment: Comment, token: str) -> bool:
    """Whether this browser has reported this comment."""
    return session.get(CommentReport, (comment.id, token)) is not None


def filed_under(session: Session, typed: str, now: datetime) -> Sequence[Comment]:
    """Posted comments that carry exactly this name or organisation, or have this tracking number.

    Whole names only, in the usual ways to write capitals: this is no way to list who takes part.
    """
    name = " ".join(typed.split())
    number = tidy_tracking_number(name)
    ways = {name, name.title(), name.upper(), name.lower()}
    carries = [Comment.name.in_(ways), Comment.organisation.in_(ways)]
    # Each by its own index.
    found = sa.union(*(public_comments(now).where(one).with_only_columns(Comment.id) for one in carries))
    wanted = Comment.tracking_number == number if number else Comment.id.in_(found)
    statement = public_comments(now).where(wanted).order_by(Comment.received_on.desc(), Comment.id)
    return session.scalars(statement.options(joinedload(Comment.period)).limit(MOST_FOUND + 1)).all()


def _count(statement: sa.Select[int]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(statement.subquery()).scalar_subquery()


_DETAILS = (
    joinedload(Comment.period),
    joinedload(Comment.district),
    joinedload(Comment.analysis),
)


def last_appeal(session: Session, comment: Comment) -> Appeal | None:
    """The appeal that was decided last, where the comment is no longer kept from readers."""
    return session.scalar(
        sa.select(Appeal)
        .where(Appeal.comment_id == comment.id, Appeal.decided_at.is_not(None))
        .order_by(Appeal.decided_at.desc())
        .limit(1)
    )
