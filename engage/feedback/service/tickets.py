"""Codes to hand out, each good for one answer: made of random ids whenever they are needed, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engage.accounts.models import User
from engage.db.base import random_id
from engage.errors import NotFound, RuleBroken
from engage.feedback.codes import code_index, code_of
from engage.feedback.models import Entry, FeedbackForm, FormStatus, FormTicket, TicketBatch

LARGEST_BATCH = 2_000
"""The most codes that are made at once."""

STEP = 10
"""How many were used is told in whole tens: neither one more nor one less says that somebody has answered."""


class NoCodesNow(RuleBroken):
    """The form takes no codes, or is not there for residents."""


class LabelTaken(RuleBroken):
    """This form already has codes of this name: a second click, or a mistake."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes made at once. ``used`` is at least how many were used, in whole tens; None is not told."""

    batch: TicketBatch
    used: int | None


def takes_codes(form: FeedbackForm, now: datetime) -> bool:
    """Whether codes can be made: the address that is printed with them stays only once it is published."""
    return form.entry is Entry.CODE and form.status(now) in (FormStatus.SCHEDULED, FormStatus.OPEN)


def make_codes(
    session: Session, form: FeedbackForm, *, label: str, size: int, actor: User, now: datetime
) -> TicketBatch:
    """Make ``size`` codes. Raises NoCodesNow, LabelTaken; RuleBroken for another number than 1 to 2,000."""
    session.refresh(form, with_for_update=True)
    if not takes_codes(form, now):
        raise NoCodesNow(_l("Codes can be made while a published form asks for them and is not closed."))
    if not 1 <= size <= LARGEST_BATCH:
        raise RuleBroken(_l("Write a whole number from 1 to %(most)s.", most=f"{LARGEST_BATCH:,}"))
    # The form is held, so that of two clicks only one makes codes.
    if session.scalar(sa.select(sa.exists().where(*_called(form, label)))):
        raise LabelTaken(_l("This form already has codes for “%(label)s”.", label=label))
    batch = TicketBatch(form_id=form.id, label=label, size=size, made_at=now, actor_id=actor.id)
    session.add(batch)
    session.flush()
    ids = [random_id() for _ in range(size)]
    rows = [
        {"id": one, "form_id": form.id, "batch_id": batch.id, "code_index": code_index(code_of(one))}
        for one in ids
    ]
    session.execute(sa.insert(FormTicket), rows)
    return batch


def batches(session: Session, form: FeedbackForm) -> list[Batch]:
    """The batches of a form, the newest first."""
    wanted = sa.select(TicketBatch).where(TicketBatch.form_id == form.id).order_by(TicketBatch.id.desc())
    found = session.execute(
        sa.select(FormTicket.batch_id, sa.func.count())
        .where(FormTicket.form_id == form.id, FormTicket.is_spent, FormTicket.batch_id.is_not(None))
        .group_by(FormTicket.batch_id)
    )
    used = {batch_id: int(count) for batch_id, count in found}
    return [
        Batch(batch, told_of_used(used.get(batch.id, 0), batch.size)) for batch in session.scalars(wanted)
    ]


def told_of_used(used: int, size: int) -> int | None:
    """At least so many of ``size`` codes were used, in whole tens; None where even that would say too much.

    Never so near to all that everybody who got one is known to have answered: ten always stay open.
    """
    if size < 2 * STEP:
        return None
    return min(used, size - STEP) // STEP * STEP


def get_batch(session: Session, form: FeedbackForm, batch_id: int) -> TicketBatch:
    """One batch of this form. Raises NotFound, also for another form's."""
    batch = session.get(TicketBatch, batch_id)
    if batch is None or batch.form_id != form.id:
        raise NotFound(_l("There are no such codes."))
    return batch


def codes(session: Session, batch: TicketBatch, *, start: int = 0, count: int | None = None) -> Sequence[str]:
    """The codes of a batch, always in the same order of chance; whether one was used does not show."""
    ids = sa.select(FormTicket.id).where(FormTicket.batch_id == batch.id).order_by(FormTicket.id)
    return [code_of(one) for one in session.scalars(ids.offset(start).limit(count))]


def _called(form: FeedbackForm, label: str) -> tuple[sa.ColumnElement[bool], ...]:
    return TicketBatch.form_id == form.id, TicketBatch.label == label
