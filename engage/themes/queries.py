"""Themes and quotes, for the staff and for everybody. Nothing costs more where there are more comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from engage.analysis.voices import PAIRS_FROM
from engage.comments.models import (
    Comment,
    CommentConcern,
    CommentPeriod,
    CommentTheme,
    Position,
    Theme,
    ThemeStatus,
)
from engage.comments.queries import newest_first, public_comments, with_details
from engage.dockets.models import Docket
from engage.errors import NotFound
from engage.themes.models import DocketReading, Excerpt, ExcerptKind, Quote

_ORDER = {ThemeStatus.CANDIDATE: 0, ThemeStatus.CONFIRMED: 1, ThemeStatus.DISMISSED: 2}


@dataclass(frozen=True, slots=True)
class DocketLine:
    """A docket in the list of all: how many of its themes wait for a name, and how many have one."""

    docket: Docket
    candidates: int
    confirmed: int
    looked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it is shown: characters ``start`` to ``stop`` of its comment."""

    comment: Comment
    start: int
    stop: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.comment.body[self.start : self.stop]

    @property
    def begins_later(self) -> bool:
        """Whether something is left out before it."""
        return self.start > 0

    @property
    def ends_sooner(self) -> bool:
        """Whether something is left out after it."""
        return self.stop < len(self.comment.body)


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a stretch stands that is shown with a concern: see models.Excerpt. ``pair`` numbers the
    statements that do not go together, None where it is none of such.
    """

    concern: str
    kind: ExcerptKind
    position: Position | None
    tracking_number: str
    digest: str
    start: int
    stop: int
    pair: int | None


def dockets(session: Session) -> list[DocketLine]:
    """Every docket with comment periods, the newest first."""
    counts = {
        (docket_id, status): n
        for docket_id, status, n in session.execute(
            sa.select(Theme.docket_id, Theme.status, sa.func.count())
            .where(Theme.merged_into_id.is_(None))
            .group_by(Theme.docket_id, Theme.status)
        )
    }
    looked_at: dict[int, datetime] = {
        row.docket_id: row.looked_at for row in session.scalars(sa.select(DocketReading))
    }
    with_periods = sa.select(CommentPeriod.docket_id)
    return [
        DocketLine(
            docket,
            counts.get((docket.id, ThemeStatus.CANDIDATE), 0),
            counts.get((docket.id, ThemeStatus.CONFIRMED), 0),
            looked_at.get(docket.id),
        )
        for docket in session.scalars(
            sa.select(Docket).where(Docket.id.in_(with_periods)).order_by(Docket.id.desc())
        )
    ]


def get_docket(session: Session, slug: str) -> Docket:
    """Any docket, for the staff. Raises NotFound."""
    docket = session.scalar(sa.select(Docket).where(Docket.slug == slug.replace("\0", "")))
    if docket is None:
        raise NotFound(_l("There is no such docket."))
    return docket


def themes(session: Session, docket: Docket) -> list[Theme]:
    """The themes of a docket that are not merged: what waits for a name first, then the largest."""
    found = session.scalars(
        sa.select(Theme).where(Theme.docket_id == docket.id, Theme.merged_into_id.is_(None))
    )
    return sorted(found, key=lambda theme: (_ORDER[theme.status], -theme.size, theme.id))


def get_theme(session: Session, theme_id: int) -> Theme:
    """A theme that is not merged. Raises NotFound."""
    theme = session.scalar(
        sa.select(Theme)
        .where(Theme.id == theme_id, Theme.merged_into_id.is_(None))
        .options(joinedload(Theme.docket))
    )
    if theme is None:
        raise NotFound(_l("There is no such theme. It may have been merged, or no longer be found."))
    return theme


def merged(session: Session, theme: Theme) -> Sequence[Theme]:
    """The themes that were merged into one, the largest first."""
    return session.scalars(
        sa.select(Theme).where(Theme.merged_into_id == theme.id).order_by(Theme.size.desc(), Theme.id)
    ).all()


def exemplars(session: Session, theme: Theme) -> Sequence[Comment]:
    """The most typical comments of a theme that everybody may read."""
    places = sa.select(CommentTheme.comment_id).where(
        CommentTheme.theme_id == theme.id, CommentTheme.place.is_not(None)
    )
    return session.scalars(newest_first(with_details(public_comments().where(Comment.id.in_(places))))).all()


def periods(session: Session, docket: Docket) -> Sequence[CommentPeriod]:
    """The comment periods of a docket, the newest first."""
    return session.scalars(
        sa.select(CommentPeriod)
        .where(CommentPeriod.docket_id == docket.id)
        .order_by(CommentPeriod.opens_at.desc(), CommentPeriod.id)
    ).all()


def confirmed(session: Session, docket_id: int) -> Sequence[Theme]:
    """The themes that staff have named, for everybody."""
    return session.scalars(
        sa.select(Theme)
        .where(
            Theme.docket_id == docket_id,
            Theme.status == ThemeStatus.CONFIRMED,
            Theme.merged_into_id.is_(None),
        )
        .order_by(Theme.id)
    ).all()


def quotes(session: Session, period: CommentPeriod, now: datetime | None = None) -> list[Quoted]:
    """What is quoted of a period: support first, then opposition, then the rest.

    Asked anew for every reader: a comment that was withdrawn, restricted or redacted is not quoted any more.
    """
    rows = session.execute(
        with_details(
            public_comments(now)
            .join(Quote, sa.and_(Quote.comment_id == Comment.id, Quote.body_digest == Comment.body_digest))
            .where(Quote.period_id == period.id)
            .add_columns(Quote.start, Quote.stop, Quote.place)
        )
    )
    order = {Position.SUPPORT: 0, Position.OPPOSE: 1}
    found = sorted(rows, key=lambda row: (order.get(row.Comment.position, 2), row.place))
    return [Quoted(row.Comment, row.start, row.stop) for row in found]


def excerpts(session: Session, period: CommentPeriod, now: datetime | None = None) -> list[Reference]:
    """What is shown with each concern of a period: support first, then opposition, then the rest.

    Asked anew for every reader, as quotes are; and a comment that a person has read otherwise since is not
    shown with the concern any more. Only references: no text is loaded.
    """
    rows = session.execute(
        public_comments(now)
        .join(Excerpt, sa.and_(Excerpt.comment_id == Comment.id, Excerpt.body_digest == Comment.body_digest))
        .join(
            CommentConcern,
            sa.and_(CommentConcern.comment_id == Comment.id, CommentConcern.code == Excerpt.concern),
        )
        .where(Excerpt.period_id == period.id)
        .with_only_columns(
            Excerpt.concern,
            Excerpt.kind,
            Excerpt.place,
            Excerpt.start,
            Excerpt.stop,
            Comment.position,
            Comment.tracking_number,
            Comment.body_digest,
        )
    ).all()
    found = [
        Reference(
            concern=row.concern,
            kind=row.kind,
            position=row.position,
            tracking_number=row.tracking_number,
            digest=row.body_digest,
            start=row.start,
            stop=row.stop,
            pair=(row.place - PAIRS_FROM) // 2 if row.place >= PAIRS_FROM else None,
        )
        for row in sorted(rows, key=_place)
    ]
    # Of two statements that do not go together none is shown without the other.
    halves = Counter((each.concern, each.pair) for each in found if each.pair is not None)
    return [each for each in found if each.pair is None or halves[each.concern, each.pair] == 2]


def _place(row: Any) -> tuple[str, str, int, int]:
    order = {Position.SUPPORT: 0, Position.OPPOSE: 1}
    is_paired = row.place >= PAIRS_FROM
    return row.concern, row.kind, 3 if is_paired else order.get(row.position, 2), row.place
