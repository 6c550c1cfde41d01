"""Read what came in by day, and what staff have noted about it. No query here asks for a position."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from engage.campaigns.bursts import FEWEST, GROWN, Burst, Days, find_bursts
from engage.campaigns.models import BurstDismissal, BurstKind
from engage.campaigns.queries import of_text
from engage.comments.models import CampaignText, Comment, CommentFlag, CommentPeriod, Disposition, Flag

WATCHED_AFTER = timedelta(days=60)
"""So long after its end a period is still looked at: letters arrive late, and imports later."""

OF_SPAM = (Flag.HONEYPOT, Flag.TOO_FAST, Flag.NO_PROOF_OF_WORK)


@dataclass(frozen=True, slots=True)
class Warnings:
    """The bursts of one period: those to look into, and those that somebody has looked into."""

    period: CommentPeriod
    open: tuple[Burst, ...]
    dismissed: tuple[tuple[Burst, BurstDismissal], ...]


def watched(session: Session, now: datetime) -> list[CommentPeriod]:
    """The periods that take comments, or did lately; the newest first."""
    statement = sa.select(CommentPeriod).where(
        CommentPeriod.published_at <= now,
        CommentPeriod.opens_at <= now,
        CommentPeriod.closes_at > now - WATCHED_AFTER,
    )
    return list(session.scalars(statement.order_by(CommentPeriod.opens_at.desc(), CommentPeriod.id)))


def warnings(session: Session, period: CommentPeriod, now: datetime) -> Warnings:
    """What is unusual in a period, and what staff think of it."""
    known = {
        (noted.kind, noted.day, noted.subject_id): noted
        for noted in session.scalars(
            sa.select(BurstDismissal)
            .where(BurstDismissal.period_id == period.id)
            .options(joinedload(BurstDismissal.dismissed_by))
        )
    }
    open_, dismissed = [], []
    for burst in find_bursts(read_days(session, period, now)):
        noted = known.get((burst.kind, burst.day, burst.subject_id))
        if noted is None or burst.count >= GROWN * noted.count:
            open_.append(burst)
        else:
            dismissed.append((burst, noted))
    return Warnings(period, tuple(open_), tuple(dismissed))


def find_burst(
    session: Session, period: CommentPeriod, *, kind: BurstKind, day: date, subject_id: int, now: datetime
) -> Burst | None:
    """The burst with this name, if it is one now."""
    bursts = find_bursts(read_days(session, period, now))
    name = (kind, day, subject_id)
    return next((burst for burst in bursts if (burst.kind, burst.day, burst.subject_id) == name), None)


def read_days(session: Session, period: CommentPeriod, now: datetime) -> Days:
    """The daily counts of a period, from its first day to its last or to today."""
    zone = ZoneInfo(period.time_zone)
    its = Comment.period_id == period.id
    by_day = session.execute(
        sa.select(sa.literal(0), Comment.received_on, sa.func.count())
        .where(its)
        .group_by(Comment.received_on)
    )
    whole = _by_subject(by_day).get(0, {})
    flagged = session.execute(
        sa.select(sa.literal(0), Comment.received_on, sa.func.count(Comment.id.distinct()))
        .join(CommentFlag, CommentFlag.comment_id == Comment.id)
        .where(its, CommentFlag.flag.in_(OF_SPAM))
        .group_by(Comment.received_on)
    )
    end = min(now, period.closes_at)
    first = period.opens_at.astimezone(zone).date()
    return Days(
        first=min([first, *whole]),
        last=max([end.astimezone(zone).date(), first, *whole]),
        all=whole,
        letters=_by_subject(session.execute(_of_texts(CampaignText.campaign_id, its))),
        unnamed_copies=_by_subject(
            session.execute(
                _of_texts(
                    CampaignText.id, its, Comment.name.is_(None), Comment.organisation.is_(None)
                ).having(sa.func.count() >= FEWEST)
            )
        ),
        flagged=_by_subject(flagged).get(0, {}),
    )


def text_filters(session: Session, bursts: Iterable[Burst]) -> Mapping[int, str]:
    """The fingerprints of the texts that bursts are about, by id: what a list of their comments asks for."""
    ids = [burst.subject_id for burst in bursts if burst.kind is BurstKind.UNNAMED_COPIES]
    rows = session.execute(sa.select(CampaignText.id, CampaignText.digest).where(CampaignText.id.in_(ids)))
    return {row.id: row.digest for row in rows}


def _of_texts(subject: Any, *conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return (
        of_text(sa.select(subject, Comment.received_on, sa.func.count()))
        .where(
            *conditions, CampaignText.campaign_id.is_not(None), Comment.disposition != Disposition.WITHDRAWN
        )
        .group_by(subject, Comment.received_on)
    )


def _by_subject(rows: Iterable[Any]) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for subject, day, count in rows:
        found[subject][day] = count
    return dict(found)
