"""Draft the answers to concerns, and say by when they will come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from engage.errors import RuleBroken
from engage.responses.due import first_promised
from engage.responses.models import Response, ResponseState, ResponseVersion

NOT_WRITTEN = Localised()


class AnswerChanged(RuleBroken):
    """Somebody else has changed the answer since it was read."""


class PastDay(RuleBroken):
    """A day was promised that is over already."""


class PromiseStays(RuleBroken):
    """Residents know of the day: it can be moved, and not taken back."""


class NotComplete(RuleBroken):
    """Not fit to be published; ``fields`` are what it lacks, such as ``body_es``."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(_("An answer is published complete, in English and in Spanish."))
        self.fields = tuple(fields)


class HalfAnOwner(RuleBroken):
    """Who answers stands next to a promised day for everybody, so in both languages or not at all."""

    def __init__(self) -> None:
        super().__init__(_("Residents see who answers: write it in English and in Spanish."))


class NothingNew(RuleBroken):
    """Just this is published already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """What staff write as the answer to a concern. ``due_on``: by when it, or the decision, is promised."""

    owner: Localised = NOT_WRITTEN
    due_on: date | None = None
    state: ResponseState | None = None
    body: Localised = NOT_WRITTEN
    is_ready: bool = False


def lacking(draft: AnswerDraft | Response | ResponseVersion) -> list[str]:
    """What a draft lacks to be published, as names of fields: every text in every language, and the state.

    One that is under consideration names the day of the decision, so that nobody is put off without end.
    """
    texts = {
        "owner_en": draft.owner.en,
        "owner_es": draft.owner.es,
        "body_en": draft.body.en,
        "body_es": draft.body.es,
    }
    fields = [name for name, text in texts.items() if not text]
    if draft.state is None:
        fields.append("state")
    if draft.state is ResponseState.UNDER_CONSIDERATION and draft.due_on is None:
        fields.append("due_on")
    return fields


def save_answer(
    session: Session,
    *,
    period: CommentPeriod,
    concern: str,
    draft: AnswerDraft,
    revision: int,
    today: date,
) -> Response:
    """Keep a draft, if the answer still is as it was at ``revision`` (0: nobody had begun).

    Raises AnswerChanged, PastDay, PromiseStays, HalfAnOwner, and for one that is said to be ready
    NotComplete and
    NothingNew.
    """
    row = _locked(session, period, concern)
    if row.revision != revision:
        raise AnswerChanged(_("Somebody else has changed this answer meanwhile. Nothing was changed now."))
    if draft.is_ready and (fields := lacking(draft)):
        raise NotComplete(fields)
    if draft.is_ready and _is_published(row, draft):
        raise NothingNew(_("Just this answer is published already."))
    if draft.due_on is not None:
        _refuse_half(draft.owner)
    _promise(row, draft.due_on, today)
    row.owner, row.state, row.body, row.is_ready = draft.owner, draft.state, draft.body, draft.is_ready
    row.revision += 1
    session.flush()
    return row


def promise_answers(
    session: Session,
    *,
    period: CommentPeriod,
    concerns: Collection[str],
    due_on: date,
    owner: Localised,
    today: date,
) -> int:
    """Promise an answer to each of these concerns by a day, which everybody sees; returns to how many.

    One that is published already keeps its day. ``owner`` is set where none was named.
    Raises PastDay, HalfAnOwner.
    """
    _refuse_half(owner)
    # In one order, so that two who do this at once wait for each other and do not lock each other out.
    found = [_locked(session, period, concern) for concern in sorted(set(concerns))]
    rows = [row for row in found if not row.versions]
    for row in rows:
        # A draft may name it in one language; what is typed now takes the place of that.
        _refuse_half(owner or row.owner)
    for row in rows:
        _promise(row, due_on, today)
        row.owner = row.owner if row.owner.is_complete else owner
        row.revision += 1
    session.flush()
    return len(rows)


def _promise(row: Response, due_on: date | None, today: date) -> None:
    """Set the day. Before the first version everybody sees it, so then it leaves a trace."""
    if due_on is not None and due_on != row.due_on and due_on < today:
        raise PastDay(_("This day is over. Choose today or a later day."))
    if row.versions:
        row.due_on = due_on
        return
    if row.due_on is not None and due_on is None:
        raise PromiseStays(_("Residents see this day. It can be moved, but not taken back."))
    row.first_due_on = first_promised(row.first_due_on, due_on)
    row.due_on = due_on


def _refuse_half(owner: Localised) -> None:
    if owner and not owner.is_complete:
        raise HalfAnOwner


def _is_published(row: Response, draft: AnswerDraft) -> bool:
    if not row.versions:
        return False
    newest = row.versions[0]
    return (draft.state, draft.owner, draft.due_on, draft.body) == (
        newest.state,
        newest.owner,
        newest.due_on,
        newest.body,
    )


def _locked(session: Session, period: CommentPeriod, concern: str) -> Response:
    """The answer's row, made where nobody had begun, and held to the end of the transaction."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    made = dialect.insert(Response).values(
        period_id=period.id,
        concern=concern,
        owner=NOT_WRITTEN,
        body=NOT_WRITTEN,
        is_ready=False,
        revision=0,
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["period_id", "concern"]))
    return session.scalars(
        sa.select(Response)
        .where(Response.period_id == period.id, Response.concern == concern)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
