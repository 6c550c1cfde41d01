"""What readers may see of comment periods and comments. Every reader goes through the scoped queries here.

A filter is what stands behind a number of a report: the address of the reading room with the filter's
arguments lists exactly the comments that were counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload, selectinload

from engage.clock import utcnow
from engage.comments.counted import Counts, counts_of
from engage.comments.filters import BadFilter, CommentFilter
from engage.comments.finding import narrowed
from engage.comments.listing import page_ids
from engage.comments.models import (
    Comment,
    CommentAnalysis,
    CommentPeriod,
    Disposition,
    Theme,
)
from engage.comments.tracking import tidy_tracking_number
from engage.dockets.models import District, Docket
from engage.errors import NotFound
from engage.web.paging import PAGE_SIZE, Page

__all__ = [
    "BadFilter",
    "CommentFilter",
    "count",
    "count_measured",
    "districts",
    "dockets",
    "find_receipt",
    "find_sent",
    "find_theme",
    "first_with_texts",
    "get_period",
    "get_public_comment",
    "get_public_period",
    "has_concern",
    "is_public",
    "newest_first",
    "number_of",
    "periods",
    "public_comments",
    "public_periods",
    "read",
    "with_details",
    "with_docket",
]


def public_periods(now: datetime | None = None) -> sa.Select[CommentPeriod]:
    """The periods that everybody may see: published, of a published docket. Drafts are not among them."""
    instant = now or utcnow()
    return (
        sa.select(CommentPeriod)
        .join(CommentPeriod.docket)
        .where(CommentPeriod.published_at <= instant, Docket.published_at <= instant)
        .order_by(CommentPeriod.opens_at.desc(), CommentPeriod.id)
    )


def with_docket(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Load with the periods the dockets that they belong to."""
    return statement.options(joinedload(CommentPeriod.docket))


def get_public_period(session: Session, slug: str, now: datetime | None = None) -> CommentPeriod:
    """The published period with this slug. Raises NotFound: a draft is not there for the public."""
    return _found(session.scalar(public_periods(now).where(CommentPeriod.slug == _searchable(slug))))


def public_comments(now: datetime | None = None) -> sa.Select[Comment]:
    """The comments that everybody may read: the one scoped query of every reader, page or export or count.

    In no order; see newest_first.
    """
    visible = public_periods(now).with_only_columns(CommentPeriod.id).order_by(None)
    return sa.select(Comment).where(Comment.disposition == Disposition.POSTED, Comment.period_id.in_(visible))


def first_with_texts(texts: Iterable[tuple[int, str]]) -> sa.SelectBase:
    """SELECT the id of the first posted comment of each text: of a period, by its fingerprint.

    Each is one look-up in an index, however often a text was sent.
    """
    firsts = [
        sa.select(
            sa.select(Comment.id)
            .where(
                Comment.period_id == period_id,
                Comment.body_digest == digest,
                Comment.disposition == Disposition.POSTED,
            )
            .order_by(Comment.id)
            .limit(1)
            .scalar_subquery()
        )
        for period_id, digest in sorted(set(texts))
    ]
    return sa.union_all(*firsts) if firsts else sa.select(Comment.id).where(sa.false())


def newest_first(statement: sa.Select[Any]) -> sa.Select[Any]:
    """By day, and within a day by the random id: never the order of arrival."""
    return statement.order_by(Comment.received_on.desc(), Comment.id.desc())


def with_details(statement: sa.Select[Any]) -> sa.Select[Any]:
    """Load with the comments all that a page shows of them."""
    return statement.options(
        joinedload(Comment.district),
        selectinload(Comment.analysis).selectinload(CommentAnalysis.concerns),
        selectinload(Comment.attachments),
        selectinload(Comment.clauses),
        selectinload(Comment.review),
    )


def get_public_comment(session: Session, tracking_number: str, now: datetime | None = None) -> Comment:
    """The posted comment with this number. Raises NotFound: one answer for withheld, waiting and unknown."""
    wanted = public_comments(now).where(Comment.tracking_number == tidy_tracking_number(tracking_number))
    comment: Comment | None = session.scalar(with_details(wanted).options(joinedload(Comment.period)))
    if comment is None:
        raise NotFound(_l("There is no such comment here. It may not have been posted, or not yet."))
    return comment


def find_receipt(session: Session, tracking_number: str) -> Comment | None:
    """The comment behind a receipt, whatever has become of it, from a number as a person types it.

    Who holds the number may learn what has become of the comment, not what it says: see views.receipt.
    """
    tidy = tidy_tracking_number(tracking_number)
    return session.scalar(
        sa.select(Comment).where(Comment.tracking_number == tidy).options(joinedload(Comment.period))
    )


def find_sent(session: Session, client_token: str) -> Comment | None:
    """The comment that a form with this token has made."""
    return session.scalar(sa.select(Comment).where(Comment.client_token == client_token))


def periods(session: Session) -> list[CommentPeriod]:
    """All periods with their dockets, drafts too, for the staff: the newest first."""
    statement = with_docket(sa.select(CommentPeriod))
    return list(session.scalars(statement.order_by(CommentPeriod.opens_at.desc(), CommentPeriod.id)))


def get_period(session: Session, slug: str) -> CommentPeriod:
    """Any period, for the staff. Raises NotFound."""
    return _found(session.scalar(sa.select(CommentPeriod).where(CommentPeriod.slug == _searchable(slug))))


def dockets(session: Session) -> list[Docket]:
    """The dockets that a period can belong to, the newest first."""
    return list(session.scalars(sa.select(Docket).order_by(Docket.id.desc())))


def districts(session: Session) -> list[District]:
    """The districts that a commenter may name, in the order of the place."""
    return list(session.scalars(sa.select(District).order_by(District.position, District.code)))


def count(
    session: Session, period: CommentPeriod, criteria: CommentFilter, now: datetime | None = None
) -> int:
    """How many comments of a period a reader who asks for ``criteria`` may see: counted, one by one."""
    return session.scalar(_ids(period, criteria, now).with_only_columns(sa.func.count())) or 0


def number_of(
    session: Session, period: CommentPeriod, criteria: CommentFilter, now: datetime | None = None
) -> int:
    """The same number, in no time where it is kept."""
    return _number(session, period, criteria, now, _counts(session, period, now))


def read(
    session: Session,
    period: CommentPeriod,
    criteria: CommentFilter,
    *,
    number: int,
    now: datetime | None = None,
) -> Page[Comment]:
    """One page of a period's public comments, the newest day first."""
    counts = _counts(session, period, now)
    total = _number(session, period, criteria, now, counts)
    public = public_comments(now).where(Comment.period_id == period.id)
    # The ids first: what is skipped is read from the index alone, and no text is loaded for nothing.
    ids = page_ids(
        session, public, criteria, counts, total=total, size=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    page = newest_first(sa.select(Comment).where(Comment.id.in_(ids)))
    return Page(rows=session.scalars(with_details(page)).all(), number=number, size=PAGE_SIZE, total=total)


def count_measured(session: Session, docket: Docket, version: str) -> tuple[int, int]:
    """How many comments of a docket can be measured, and how many of them a version of the analyser has."""
    is_by_this = sa.case((CommentAnalysis.analyser_version == version, 1), else_=0)
    row = session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(is_by_this), 0))
        .select_from(Comment)
        .join(Comment.period)
        .outerjoin(Comment.analysis)
        .where(CommentPeriod.docket_id == docket.id, Comment.disposition != Disposition.WITHDRAWN)
    ).one()
    return int(row[0]), int(row[1])


def has_concern(session: Session, period: CommentPeriod, code: str) -> bool:
    """Whether a concern was found in a posted comment: a report may name one that is no longer known."""
    return session.scalar(_ids(period, CommentFilter(concern=code), None).limit(1)) is not None


def find_theme(session: Session, period: CommentPeriod, theme_id: int) -> Theme | None:
    """A theme of the period's docket that is not merged into another one."""
    return session.scalar(
        sa.select(Theme).where(
            Theme.id == theme_id, Theme.docket_id == period.docket_id, Theme.merged_into_id.is_(None)
        )
    )


def is_public(session: Session, comment: Comment, now: datetime | None = None) -> bool:
    """Whether everybody may read this comment."""
    statement = public_comments(now).where(Comment.id == comment.id).with_only_columns(Comment.id)
    return session.scalar(statement) is not None


def _ids(period: CommentPeriod, criteria: CommentFilter, now: datetime | None) -> sa.Select[int]:
    public = public_comments(now).where(Comment.period_id == period.id)
    return narrowed(public, criteria).with_only_columns(Comment.id)


def _counts(session: Session, period: CommentPeriod, now: datetime | None) -> Counts | None:
    """The numbers that are kept of a period that everybody may see."""
    is_public = sa.select(public_periods(now).where(CommentPeriod.id == period.id).order_by(None).exists())
    return counts_of(session, period) if session.scalar(is_public) else None


def _number(
    session: Session,
    period: CommentPeriod,
    criteria: CommentFilter,
    now: datetime | None,
    counts: Counts | None,
) -> int:
    kept = counts.number(criteria) if counts else None
    return count(session, period, criteria, now) if kept is None else kept


def _searchable(text: str) -> str:
    """Without the one character that PostgreSQL cannot even be asked for."""
    return text.replace("\0", "")


def _found(period: CommentPeriod | None) -> CommentPeriod:
    if period is None:
        raise NotFound(_l("There is no such comment period."))
    return period
