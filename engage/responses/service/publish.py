"""Publish all answers that are ready, together: exactly those that were read before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, selectinload

from engage.comments.models import CommentPeriod, PeriodState
from engage.errors import RuleBroken
from engage.responses.due import days_overdue, first_promised
from engage.responses.models import Commitment, Response, ResponseState, ResponseVersion
from engage.responses.service import commitment as commitments
from engage.responses.service.answer import NotComplete, lacking


class PeriodIsDraft(RuleBroken):
    """Residents do not see the period, so they could not see answers of it."""


class NoneReady(RuleBroken):
    """There is nothing to publish."""


class NotAsRead(RuleBroken):
    """The ready answers are others than those that were read."""


class DayIsOver(RuleBroken):
    """An answer would say “under consideration until” a day that has passed."""


def ready_answers(session: Session, period: CommentPeriod) -> list[Response]:
    """The answers of a period that go out when it is next published."""
    return list(session.scalars(_ready(period)))


def mark_of(rows: Sequence[Response], promises: Sequence[Commitment] = ()) -> str:
    """What stands for exactly these answers, and drafts promised with them, in just these words: SHA-256."""
    content: list[object] = [
        [
            row.concern,
            row.revision,
            row.state,
            row.due_on.isoformat() if row.due_on else None,
            row.owner.en,
            row.owner.es,
            row.body.en,
            row.body.es,
        ]
        for row in rows
    ]
    content += [commitments.mark_of(promise) for promise in promises]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def publish_answers(
    session: Session,
    period: CommentPeriod,
    *,
    seen: str | None,
    today: date,
    now: datetime,
    chosen: Collection[int] = (),
) -> tuple[int, int]:
    """Publish every ready answer of a period as its next version, all at one instant, and the drafted
    commitments among those promised with them whose numbers are ``chosen``; returns how many of each.

    ``seen`` is the mark of what was read. Raises PeriodIsDraft, NoneReady, NotAsRead, NotComplete, DayIsOver,
    and of a commitment NotComplete, PastDay.
    """
    if period.state(now) is PeriodState.DRAFT or not period.docket.is_published(now):
        raise PeriodIsDraft(_("Residents do not see this comment period yet."))
    # The drafts first: who writes one holds it, and then wants its answer.
    commitments.drafts_with(session, ready_answers(session, period), lock=True)
    rows = list(session.scalars(_ready(period).with_for_update().execution_options(populate_existing=True)))
    if not rows:
        raise NoneReady(_("No answer is ready to be published."))
    promises = commitments.drafts_with(session, rows)
    if seen != mark_of(rows, promises):
        raise NotAsRead(
            _("Somebody changed these answers after you opened this page. Read them again, then publish.")
        )
    promised = [promise for promise in promises if promise.id in chosen]
    for promise in promised:
        commitments.require_fit(promise, today)
    for row in rows:
        _publish(row, today, now)
    session.flush()
    for promise in promised:
        commitments.publish_commitment(
            session, promise, seen=commitments.mark_of(promise), today=today, now=now
        )
    return len(rows), len(promised)


def _publish(row: Response, today: date, now: datetime) -> None:
    # Checked again: the rule may have changed since somebody said that it is ready.
    if (fields := lacking(row)) or row.state is None:
        raise NotComplete(fields)
    is_put_off = row.state is ResponseState.UNDER_CONSIDERATION
    if is_put_off and days_overdue(row.due_on, today):
        raise DayIsOver(_("An answer that is under consideration names a day that is over."))
    number = row.versions[0].number + 1 if row.versions else 1
    row.versions.insert(
        0,
        ResponseVersion(
            number=number,
            state=row.state,
            owner=row.owner,
            due_on=row.due_on,
            body=row.body,
            published_at=now,
        ),
    )
    if is_put_off:
        row.first_due_on = first_promised(row.first_due_on, row.due_on)
    row.is_ready = False
    row.revision += 1


def _ready(period: CommentPeriod) -> sa.Select[Response]:
    return (
        sa.select(Response)
        .where(Response.period_id == period.id, Response.is_ready)
        .options(selectinload(Response.versions))
        .order_by(Response.concern)
    )
