"""Erased is erased: what was deleted or overwritten leaves the database's files too.

SQLite overwrites deleted content (``secure_delete``), but its write-ahead log holds older pages until it is
taken over and cut off. PostgreSQL keeps older versions of rows until they are vacuumed, and their bytes until
the space is used again or the table is written anew (``rewrite``, which locks it).
"""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from engage.db.session import db, write_transaction
from engage.jobs.models import IDS, ScrubRequest
from engage.jobs.queue import wake

log = structlog.get_logger()

SCRUB = "scrub_erased"


def promise_scrub(session: Session) -> None:
    """Promise, inside the transaction that erases words, that the files forget them soon after it."""
    session.add(ScrubRequest())
    session.flush()
    wake(session, SCRUB)


def scrub_due() -> int:
    """Job: scrub if it was promised; returns how many promises were kept. May run twice at once."""
    with db.sessionmaker() as session:
        promised = session.scalars(IDS).all()
    if not promised or not scrub():
        return 0
    with write_transaction() as session:
        session.execute(sa.delete(ScrubRequest).where(ScrubRequest.id.in_(promised)))
    # The promise itself was a write, so the log is cut off once more; a reader may prevent it, harmlessly.
    scrub()
    return len(promised)


def scrub(*, rewrite: bool = False) -> bool:
    """Let the files forget what was erased. False where a reader prevented it: try again later.

    With ``rewrite`` the tables are written anew: nothing of what was erased is left, and nobody can use them
    meanwhile.
    """
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM FULL" if rewrite else "VACUUM")
        return True
    # The driver's own connection: the engine would open a transaction, in which neither is possible.
    raw = db.engine.raw_connection()
    try:
        cursor = raw.cursor()
        if rewrite:
            cursor.execute("VACUUM")
        # Waits for nobody: who waits here for a reader holds up every writer. The next try is seconds away.
        cursor.execute("PRAGMA busy_timeout=0")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        # Not back into the pool: its other connections do wait.
        raw.invalidate()
        raw.close()
    if busy:
        log.info("scrub_waits")
    return not busy
