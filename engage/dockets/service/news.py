"""What happens on a docket: dated news, and at the end the decision."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Decision, Docket, DocketUpdate
from engage.dockets.service.docket import need_both


def post_update(
    session: Session, docket: Docket, *, title: Localised, body: Localised, published_at: datetime
) -> DocketUpdate:
    """Put news on a docket, shown from ``published_at`` on; ``body`` is Markdown. Raises Incomplete.

    News that is there already, word for word, is not put there again: a form may be sent twice.
    """
    need_both(title, body)
    session.scalars(sa.select(Docket.id).where(Docket.id == docket.id).with_for_update()).one()
    session.expire(docket, ["updates"])
    for earlier in docket.updates:
        if (earlier.title, earlier.body) == (title, body):
            return earlier
    update = DocketUpdate(docket_id=docket.id, title=title, body=body, published_at=published_at)
    session.add(update)
    session.flush()
    session.expire(docket, ["updates"])
    return update


def record_decision(
    session: Session,
    docket: Docket,
    *,
    decided_on: date,
    decided_by: Localised,
    outcome: Localised,
    reasons: Localised,
    goes_ahead: bool | None = None,
) -> Decision:
    """Write down what was decided, or correct it. ``reasons`` is Markdown. Raises Incomplete.

    ``goes_ahead``: whether the later phases of the docket come; None where that is not said.
    """
    need_both(decided_by, outcome, reasons)
    decision = docket.decision or Decision(docket=docket)
    decision.decided_on, decision.decided_by = decided_on, decided_by
    decision.outcome, decision.reasons = outcome, reasons
    decision.goes_ahead = goes_ahead
    session.add(decision)
    session.flush()
    return decision
