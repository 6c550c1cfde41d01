"""Clear what a withdrawal leaves behind in the files of the database. May run twice, and be killed.

The rows are gone or blank when a withdrawal commits, and SQLite overwrites what it frees (secure_delete). But
its write-ahead log still holds the pages as they were, until it is written back and cut off. PostgreSQL frees
the old version of a row by its own vacuum.
"""

from __future__ import annotations

import sqlalchemy as sa

from engage.db.scrub import cut_write_ahead_log
from engage.db.session import db, write_transaction
from engage.receipts.models import LogEntry

BATCH = 1000


def scrub_due() -> int:
    """Clear the files if a comment was withdrawn since; returns how many were. A job: own transactions.

    Where a reader is in the way nothing is done; the next sweep tries again.
    """
    with db.sessionmaker() as session:
        left = session.scalars(
            sa.select(LogEntry.id).where(LogEntry.text_left).order_by(LogEntry.id).limit(BATCH)
        ).all()
    if not left or not cut_write_ahead_log(db.engine):
        return 0
    with write_transaction() as session:
        session.execute(sa.update(LogEntry).where(LogEntry.id.in_(left)).values(text_left=False))
    return len(left)
