"""Promise something in public, and tell how far it has come. What was promised is never written anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.errors import NotFound, RuleBroken
from engage.responses.models import Commitment, CommitmentState, CommitmentStep, Response

NOT_WRITTEN = Localised()


class AlreadyPromised(RuleBroken):
    """Residents know of the promise: its words stay, and what becomes of it is told by its steps."""


class NotPromised(RuleBroken):
    """Of a draft nothing has become yet."""


class NotAsRead(RuleBroken):
    """The draft is another than the one that was read."""


class NotComplete(RuleBroken):
    """It lacks a language, an owner or a day."""


class PastDay(RuleBroken):
    """A day was promised that is over already."""


class NothingNew(RuleBroken):
    """The newest step says just this."""


class KeptInPart(RuleBroken):
    """What is said to be kept is not done yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDraft:
    """What is to be promised. ``response``: with which answer."""

    title: Localised
    body: Localised = NOT_WRITTEN
    owner: Localised = NOT_WRITTEN
    due_on: date | None = None
    response: Response | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """What has become of a promise. ``due_on``: the day that it is moved to, None where it stays."""

    state: CommitmentState
    percent: int | None = None
    due_on: date | None = None
    note: Localised = NOT_WRITTEN


def create_commitment(session: Session, docket: Docket, draft: CommitmentDraft) -> Commitment:
    """Begin a promise that only staff see."""
    row = Commitment(docket=docket)
    _write(row, draft)
    session.add(row)
    session.flush()
    return row


def change_commitment(session: Session, row: Commitment, draft: CommitmentDraft, *, seen: str | None) -> None:
    """Write a draft anew, if it still is the one that was read. Raises AlreadyPromised, NotAsRead."""
    _lock(session, row)
    _require_as_read(row, seen)
    _write(row, draft)
    session.flush()


def mark_of(row: Commitment) -> str:
    """What stands for exactly these words: SHA-256."""
    texts = [text for value in (row.title, row.body, row.owner) for text in (value.en, value.es)]
    content = [row.id, *texts, row.due_on.isoformat() if row.due_on else None, row.response_id]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def lacking(row: Commitment) -> list[str]:
    """What a draft lacks to be published, as names of fields: every text in every language, and a day."""
    texts = {"title": row.title, "body": row.body, "owner": row.owner}
    fields = [
        f"{name}_{code}"
        for name, text in texts.items()
        for code, written in (("en", text.en), ("es", text.es))
        if not written
    ]
    return fields if row.due_on is not None else [*fields, "due_on"]


def require_fit(row: Commitment, today: date) -> None:
    """Refuse what nobody can promise. Raises NotComplete, PastDay."""
    if lacking(row):
        raise NotComplete(
            _("A commitment is published with its title, text and owner in both languages, and with a day.")
        )
    _require_to_come(row.due_on, today)


def is_over(row: Commitment, today: date) -> bool:
    """Whether it would be promised for a day that has passed."""
    return row.due_on is not None and row.due_on < today


def drafts_with(session: Session, answers: Collection[Response], *, lock: bool = False) -> list[Commitment]:
    """The drafts that are promised with one of these answers, the oldest first; ``lock``: hold them."""
    wanted = (
        sa.select(Commitment)
        .where(Commitment.published_at.is_(None), Commitment.response_id.in_(answer.id for answer in answers))
        .order_by(Commitment.id)
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(wanted))


def publish_commitment(
    session: Session, row: Commitment, *, seen: str | None, today: date, now: datetime
) -> None:
    """Promise it in public, in just the words that were read.

    Raises AlreadyPromised, NotAsRead, NotComplete, PastDay.
    """
    _lock(session, row)
    _require_as_read(row, seen)
    require_fit(row, today)
    row.published_at = now
    session.flush()


def delete_commitment(session: Session, row: Commitment, *, seen: str | None) -> None:
    """Throw a draft away, if it still is the one that was read. Raises AlreadyPromised, NotAsRead."""
    _lock(session, row)
    _require_as_read(row, seen)
    session.delete(row)
    session.flush()


def add_step(
    session: Session, row: Commitment, step: StepDraft, *, today: date, now: datetime
) -> CommitmentStep:
    """Tell everybody what has become of a promise.

    Raises NotPromised, PastDay, NotComplete, NothingNew, KeptInPart.
    """
    _lock(session, row)
    if row.published_at is None:
        raise NotPromised(_("Publish the commitment first."))
    if not step.note.is_complete:
        raise NotComplete(_("Say in both languages what has been done."))
    if step.state is CommitmentState.DONE and step.percent not in (None, 100):
        raise KeptInPart(_("What is kept is done in full: leave the number empty, or choose another state."))
    _require_to_come(step.due_on, today)
    newest = row.steps[-1] if row.steps else None
    if newest is not None and _said(newest) == _said(step):
        raise NothingNew(_("The newest step says just this already."))
    made = CommitmentStep(
        state=step.state, percent=step.percent, due_on=step.due_on, note=step.note, published_at=now
    )
    row.steps.append(made)
    session.flush()
    return made


def _said(step: StepDraft | CommitmentStep) -> tuple[object, ...]:
    return step.state, step.percent, step.due_on, step.note


def _write(row: Commitment, draft: CommitmentDraft) -> None:
    row.title, row.body, row.owner = draft.title, draft.body, draft.owner
    row.due_on, row.response = draft.due_on, draft.response


def _require_as_read(row: Commitment, seen: str | None) -> None:
    _require_draft(row)
    if seen != mark_of(row):
        raise NotAsRead(_("Somebody else has changed this draft meanwhile. Nothing was changed now."))


def _require_draft(row: Commitment) -> None:
    if row.published_at is not None:
        raise AlreadyPromised(_("Residents know of this commitment: its words stay."))


def _require_to_come(due_on: date | None, today: date) -> None:
    if due_on is not None and due_on < today:
        raise PastDay(_("This day is over. Choose today or a later day."))


def _lock(session: Session, row: Commitment) -> None:
    """Read the row as it is now and hold it to the end of the transaction. Raises NotFound."""
    session.flush()
    columns = [column.key for column in sa.inspect(Commitment).column_attrs]
    try:
        session.refresh(row, [*columns, "steps"], with_for_update={"of": Commitment})
    except sa.exc.InvalidRequestError:
        raise NotFound(_("There is no such commitment.")) from None
