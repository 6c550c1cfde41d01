"""Choose a docket's own rule of notice, or go back to the site's default. Posted notices keep theirs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.meetings.models import MeetingKind, NoticeRule, NoticeUnit


def set_notice_rule(
    session: Session, docket: Docket, kind: MeetingKind, *, amount: int, unit: NoticeUnit, basis: Localised
) -> None:
    """Let this docket have a rule of its own for a kind of meeting, from the next notice on."""
    values = {"amount": amount, "unit": unit, "basis": basis}
    is_this = (NoticeRule.docket_id == docket.id, NoticeRule.kind == kind)
    try:
        with session.begin_nested():
            session.execute(sa.insert(NoticeRule).values(docket_id=docket.id, kind=kind, **values))
    except sa.exc.IntegrityError:
        session.execute(sa.update(NoticeRule).where(*is_this).values(values))


def drop_notice_rule(session: Session, docket: Docket, kind: MeetingKind) -> None:
    """Go back to the site's default for a kind of meeting, from the next notice on."""
    session.execute(sa.delete(NoticeRule).where(NoticeRule.docket_id == docket.id, NoticeRule.kind == kind))
