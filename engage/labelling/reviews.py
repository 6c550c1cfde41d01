"""What people have read in comments, and how far the program agrees. Only posted comments are in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.accounts.models import User
from engage.analysis import OTHER
from engage.comments.filters import PERSON, CommentFilter
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, CommentReview, Disposition
from engage.comments.queries import with_details
from engage.comments.reviewed import machine_codes
from engage.comments.tracking import tidy_tracking_number
from engage.errors import NotFound
from engage.web.paging import Page, paginate

_AT_ONCE = 500
_IS_READ = Comment.review.has(CommentReview.of_digest == Comment.body_digest)
_IS_MEASURED = sa.and_(Comment.analysis.has(), Comment.analysis_due.is_(False))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many posted comments of a period there are, and how many of them a person has read."""

    posted: int
    read: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people and the program find one concern, each text counted once: ``both``, or only one."""

    code: str
    both: int
    only_program: int
    only_people: int

    @property
    def found(self) -> int:
        """How often the program finds it; ``both`` of them are confirmed."""
        return self.both + self.only_program


def progress(session: Session, period: CommentPeriod) -> Progress:
    """How far the reading of a period is."""
    posted = sa.select(sa.func.count()).select_from(Comment).where(*_of(period))
    return Progress(session.scalar(posted) or 0, session.scalar(posted.where(_IS_READ)) or 0)


def get_comment(session: Session, period: CommentPeriod, tracking_number: str) -> Comment:
    """A posted comment of a period. Raises NotFound."""
    wanted = sa.select(Comment).where(
        *_of(period), Comment.tracking_number == tidy_tracking_number(tracking_number)
    )
    comment: Comment | None = session.scalar(with_details(wanted))
    if comment is None:
        raise NotFound(_l("There is no such comment here. It may not have been posted, or not yet."))
    return comment


def next_number(session: Session, period: CommentPeriod, *, after: str = "") -> str | None:
    """The tracking number of a comment that nobody has read, by random ids; None where all are read.

    ``after`` is one that was skipped: it comes again at the end.
    """
    unread = sa.select(Comment.tracking_number).where(*_of(period), ~_IS_READ, _IS_MEASURED)
    unread = unread.order_by(Comment.id).limit(1)
    skipped = session.scalar(
        sa.select(Comment.id).where(Comment.tracking_number == tidy_tracking_number(after))
    )
    further = session.scalar(unread.where(Comment.id > skipped)) if skipped is not None else None
    return further or session.scalar(unread)


def read_page(session: Session, period: CommentPeriod, number: int) -> Page[Comment]:
    """The comments that people have read, the last ones first."""
    statement = (
        sa.select(Comment)
        .join(Comment.review)
        .where(*_of(period), CommentReview.of_digest == Comment.body_digest)
        .order_by(CommentReview.read_on.desc(), Comment.id)
    )
    return paginate(session, with_details(statement), number=number)


def count_copies(session: Session, comment: Comment) -> int:
    """How many posted comments of its period have the text of a comment, itself among them."""
    statement = sa.select(sa.func.count()).where(
        Comment.period_id == comment.period_id,
        Comment.body_digest == comment.body_digest,
        Comment.disposition == Disposition.POSTED,
    )
    return session.scalar(statement.select_from(Comment)) or 0


def reader_of(session: Session, comment: Comment) -> str | None:
    """Who has read a comment, for the staff."""
    if comment.review is None:
        return None
    return session.scalar(sa.select(User.name).where(User.id == comment.review.read_by_id))


def agreements(session: Session, period: CommentPeriod) -> list[Agreement]:
    """How far people and the program agree on each concern that one of them found, the most frequent first.

    A text that was sent many times was read once and counts once.
    """
    counts: dict[str, list[int]] = {}
    for machine, people in _readings(session, period):
        for code in machine | people:
            if code != OTHER:
                counts.setdefault(code, [0, 0, 0])[
                    0 if code in machine & people else 1 if code in machine else 2
                ] += 1
    found = [Agreement(code, *numbers) for code, numbers in counts.items()]
    return sorted(found, key=lambda row: (-row.found - row.only_people, row.code))


def reviews_by(session: Session, user: User) -> list[dict[str, object]]:
    """What a person read in comments, for that person's own file."""
    statement = (
        sa.select(Comment)
        .join(Comment.review)
        .where(CommentReview.read_by_id == user.id)
        .order_by(Comment.tracking_number)
        .options(
            joinedload(Comment.review), selectinload(Comment.analysis).selectinload(CommentAnalysis.concerns)
        )
    )
    return [
        {
            "comment": comment.tracking_number,
            "read_on": comment.review.read_on.isoformat() if comment.review else None,
            "concerns": sorted(_codes(comment)),
        }
        for comment in session.scalars(statement)
    ]


def list_of(who: str = PERSON) -> Mapping[str, str]:
    """The arguments of the reading room for what people have read."""
    return CommentFilter(read_by=who).arguments


def _of(period: CommentPeriod) -> tuple[sa.ColumnElement[bool], ...]:
    return Comment.period_id == period.id, Comment.disposition == Disposition.POSTED


def _readings(session: Session, period: CommentPeriod) -> Iterator[tuple[set[str], set[str]]]:
    """What the program and what people find, once for each text that was read."""
    ids = session.scalars(
        sa.select(sa.func.min(Comment.id)).where(*_of(period), _IS_READ).group_by(Comment.body_digest)
    ).all()
    for at in range(0, len(ids), _AT_ONCE):
        comments = sa.select(Comment).where(Comment.id.in_(ids[at : at + _AT_ONCE]))
        for comment in session.scalars(
            comments.options(
                joinedload(Comment.review),
                selectinload(Comment.analysis).selectinload(CommentAnalysis.concerns),
            )
        ):
            yield set(machine_codes(comment)), _codes(comment)


def _codes(comment: Comment) -> set[str]:
    return {concern.code for concern in comment.analysis.concerns} if comment.analysis else set()
