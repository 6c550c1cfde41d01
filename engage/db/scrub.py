"""Let deleted words go from the disk too, as far as the database lets us.

SQLite overwrites what is deleted (secure_delete), but the write-ahead log beside the file keeps pages as they
were until it is written over. So it is emptied soon after every write: what was redacted, withdrawn or purged
is then in no file. PostgreSQL keeps dead rows until VACUUM and its own log until it is recycled; both run by
themselves, and a backup is only as forgetful as whoever keeps it.
"""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa

from engage.db.session import db

_QUIET_SECONDS = 2.0
_AT_MOST_SECONDS = 60.0
_last = {"at": 0.0}


def forget_due() -> int:
    """Empty the write-ahead log once nothing was written for a moment, or a minute has passed. A job.

    Returns 0: there is never more of it to do.
    """
    path = _log_of(db.engine)
    if path is None or not path.is_file() or path.stat().st_size == 0:
        return 0
    is_quiet = time.time() - path.stat().st_mtime > _QUIET_SECONDS
    is_time = time.monotonic() - _last["at"] > _AT_MOST_SECONDS
    if is_quiet or is_time:
        empty_log(db.engine)
    return 0


def empty_log(engine: sa.Engine) -> bool:
    """Write the log into the database and cut it to nothing; False where a reader still needs it."""
    if _log_of(engine) is None:
        return True
    _last["at"] = time.monotonic()
    raw = engine.raw_connection()
    try:
        # Waits for nobody: a reader would hold up every writer meanwhile. The next call is seconds away.
        raw.execute("PRAGMA busy_timeout=0")
        (is_busy, *_pages) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.invalidate()
        raw.close()
    return not is_busy


def _log_of(engine: sa.Engine) -> Path | None:
    url = engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    return Path(f"{url.database}-wal")
