"""One at a time: who changes a meeting's line, its order or what is posted of it holds its row first."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.meetings.models import Meeting

_COLUMNS = tuple(column.key for column in sa.inspect(Meeting).column_attrs)


def lock(session: Session, meeting: Meeting) -> None:
    """Read the row as it is now and hold it to the end of the transaction; what was read before may be old.

    On SQLite every request that writes is alone anyway. New rows may point to the meeting meanwhile, so that
    a resident's comment waits for nobody.
    """
    session.flush()
    session.refresh(meeting, _COLUMNS, with_for_update={"key_share": True})
