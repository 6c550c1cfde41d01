"""What may be seen of the life of a docket. Every reader, page or file or report, goes through the queries
here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, selectinload

from engage.comments.models import Comment, CommentClause, CommentPeriod, Stance
from engage.comments.queries import public_comments, public_periods
from engage.db.types import Localised
from engage.dockets.models import District, Docket, DocketPhase, PhaseKind
from engage.dockets.queries import get_public_docket
from engage.errors import NotFound
from engage.lifecycle.models import (
    Outreach,
    ReadinessItem,
    ReadinessVersion,
    RegisterChange,
    RegisterStep,
    Stakeholder,
)
from engage.lifecycle.outreach import OutreachTold, Standing, standing_of, tell
from engage.lifecycle.readiness import Checklist, checklist
from engage.web.locale import site_day


def get_public_phase(session: Session, slug: str, kind: str, now: datetime) -> tuple[Docket, DocketPhase]:
    """A published docket and its first phase of a kind. Raises NotFound."""
    docket = get_public_docket(session, slug, now)
    for phase in docket.phases:
        if phase.kind == kind:
            return docket, phase
    raise NotFound(_l("This docket has no such phase."))


def has_phase(docket: Docket, kind: PhaseKind) -> bool:
    """Whether a docket has a phase of a kind, so that residents have its page."""
    return any(phase.kind is kind for phase in docket.phases)


def public_checklist(session: Session, docket: Docket, now: datetime) -> Checklist:
    """What residents may read of a docket's checklist, with all that it ever said to them."""
    shown = _points(docket).where(ReadinessItem.published_at <= now)
    items = session.scalars(shown.options(selectinload(ReadinessItem.versions))).all()
    return checklist(items, _count_taken_back(session, docket))


def points(session: Session, docket: Docket) -> Sequence[ReadinessItem]:
    """Every point of a docket, drafts too, for the staff."""
    return session.scalars(_points(docket).options(selectinload(ReadinessItem.versions))).all()


def get_point(session: Session, docket: Docket, point_id: int) -> ReadinessItem:
    """One point of this docket, for the staff. Raises NotFound, also for another docket's."""
    wanted = _points(docket).where(ReadinessItem.id == point_id).options(selectinload(ReadinessItem.versions))
    item = session.scalar(wanted)
    if item is None:
        raise NotFound(_l("There is no such point."))
    return item


def public_bodies(session: Session, docket: Docket, now: datetime) -> Sequence[Stakeholder]:
    """The bodies that residents may read were asked, with all attempts and what was changed of them."""
    wanted = _bodies(docket).options(selectinload(Stakeholder.changes))
    wanted = wanted.where(Stakeholder.published_at <= now, Stakeholder.stays_unnamed.is_(False))
    return session.scalars(wanted).all()


def bodies(session: Session, docket: Docket) -> Sequence[Stakeholder]:
    """Every body of a docket's register, for the staff, with all attempts."""
    return session.scalars(_bodies(docket)).all()


def count_points(session: Session, docket: Docket) -> tuple[int, int]:
    """How many points a docket has, and how many of them are published."""
    return _count(session, docket, ReadinessItem)


def count_bodies(session: Session, docket: Docket) -> tuple[int, int]:
    """How many bodies are in a docket's register, and how many of them are shown."""
    return _count(session, docket, Stakeholder)


def _count(session: Session, docket: Docket, of: type[ReadinessItem | Stakeholder]) -> tuple[int, int]:
    counted = sa.select(sa.func.count(), sa.func.count(of.published_at)).where(of.docket_id == docket.id)
    every, shown = session.execute(counted).one()
    return every, shown


def unheard(found: Sequence[Stakeholder], now: datetime) -> list[Stakeholder]:
    """Those of these bodies that have not answered."""
    today = site_day(now)
    return [body for body in found if standing_of(body.contacts, today) is not Standing.ANSWERED]


def get_body(session: Session, docket: Docket, body_id: int) -> Stakeholder:
    """One body of this docket's register, for the staff. Raises NotFound, also for another docket's."""
    body = session.scalar(_bodies(docket).where(Stakeholder.id == body_id))
    if body is None:
        raise NotFound(_l("There is no such body."))
    return body


def get_contact(body: Stakeholder, contact_id: int) -> Outreach:
    """One attempt to ask this body. Raises NotFound, also for another body's."""
    for contact in body.contacts:
        if contact.id == contact_id:
            return contact
    raise NotFound(_l("There is no such attempt."))


def outreach_told(
    session: Session, docket: Docket, now: datetime, codes: Sequence[str] | None = None
) -> OutreachTold:
    """Who was asked about a docket and who was not, as the public may know it. ``codes``: those of the
    districts in their order, where they are known already.
    """
    found = bodies(session, docket)
    if codes is None:
        codes = [place.code for place in districts(session)]
    named = [body for body in found if body.is_shown(now)]
    unnamed = [body for body in found if body.stays_unnamed and not body.is_shown(now)]
    return tell(named, unnamed, codes, site_day(now))


def names_of_bodies(session: Session, ids: Collection[int], *, since: datetime) -> dict[int, Localised]:
    """The names of those of these bodies that residents have been able to read without a break since then."""
    wanted = sa.select(Stakeholder.id, Stakeholder.name)
    found = session.execute(wanted.where(Stakeholder.id.in_(ids), Stakeholder.published_at <= since))
    return {row[0]: row[1] for row in found}


def districts(session: Session) -> Sequence[District]:
    """The districts of the site in their order."""
    return session.scalars(sa.select(District).order_by(District.position, District.id)).all()


@dataclass(frozen=True, slots=True)
class PeriodTold:
    """A published comment period and how many of its comments everybody may read."""

    period: CommentPeriod
    posted: int


def periods_told(session: Session, docket: Docket, now: datetime) -> list[PeriodTold]:
    """The published comment periods of a docket, the earliest first."""
    wanted = public_periods(now).where(CommentPeriod.docket_id == docket.id).order_by(None)
    periods = session.scalars(wanted.order_by(CommentPeriod.opens_at, CommentPeriod.id)).all()
    counted = (
        public_comments(now)
        .where(Comment.period_id.in_([period.id for period in periods]))
        .with_only_columns(Comment.period_id, sa.func.count())
        .group_by(Comment.period_id)
    )
    posted = dict(session.execute(counted).all())
    return [PeriodTold(period, posted.get(period.id, 0)) for period in periods]


def stances(
    session: Session, docket: Docket, keys: Collection[str], now: datetime
) -> dict[tuple[str, Stance | None], int]:
    """What posted comments want done with clauses, by (key, stance); None where they do not say."""
    of_docket = public_periods(now).where(CommentPeriod.docket_id == docket.id)
    counted = (
        public_comments(now)
        .join(CommentClause, CommentClause.comment_id == Comment.id)
        .where(
            Comment.period_id.in_(of_docket.with_only_columns(CommentPeriod.id).order_by(None)),
            CommentClause.clause.in_(keys),
        )
        .with_only_columns(CommentClause.clause, CommentClause.stance, sa.func.count())
        .group_by(CommentClause.clause, CommentClause.stance)
    )
    return {(key, stance): count for key, stance, count in session.execute(counted)}


def published_wordings(session: Session, since: datetime, now: datetime) -> Sequence[tuple[Docket, datetime]]:
    """When points of published dockets came to say something to residents; still readable ones only."""
    wanted = (
        sa.select(Docket, ReadinessVersion.published_at)
        .join(ReadinessItem, ReadinessItem.docket_id == Docket.id)
        .join(ReadinessVersion, ReadinessVersion.item_id == ReadinessItem.id)
        .where(
            Docket.published_at <= now,
            ReadinessItem.published_at <= now,
            ReadinessVersion.published_at <= now,
            sa.or_(ReadinessVersion.published_at >= since, Docket.published_at >= since),
        )
        .options(selectinload(Docket.phases))
        .order_by(ReadinessVersion.published_at, ReadinessVersion.id)
    )
    return [(docket, instant) for docket, instant in session.execute(wanted)]


def _points(docket: Docket) -> sa.Select[ReadinessItem]:
    return (
        sa.select(ReadinessItem)
        .where(ReadinessItem.docket_id == docket.id)
        .order_by(ReadinessItem.position, ReadinessItem.id)
    )


def _count_taken_back(session: Session, docket: Docket) -> int:
    was_shown = sa.exists().where(ReadinessVersion.item_id == ReadinessItem.id)
    counted = sa.select(sa.func.count()).where(
        ReadinessItem.docket_id == docket.id, ReadinessItem.published_at.is_(None), was_shown
    )
    return session.scalar(counted) or 0


def count_bodies_taken_back(session: Session, docket: Docket) -> int:
    """How many bodies residents could read once and cannot any more."""
    was_shown = sa.exists().where(
        RegisterChange.stakeholder_id == Stakeholder.id, RegisterChange.what == RegisterStep.BODY_HIDDEN
    )
    counted = sa.select(sa.func.count()).where(
        Stakeholder.docket_id == docket.id, Stakeholder.published_at.is_(None), was_shown
    )
    return session.scalar(counted) or 0


def _bodies(docket: Docket) -> sa.Select[Stakeholder]:
    return (
        sa.select(Stakeholder)
        .where(Stakeholder.docket_id == docket.id)
        .options(selectinload(Stakeholder.contacts))
        .order_by(Stakeholder.position, Stakeholder.id)
    )
