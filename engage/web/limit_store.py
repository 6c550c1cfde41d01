"""Counts of requests in a small SQLite file, for a site on one machine with any number of processes."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from limits.storage import Storage

from engage.clock import utcnow

_BUSY_SECONDS = 0.5
_TABLE = """
CREATE TABLE IF NOT EXISTS counted (
  key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL
) WITHOUT ROWID
"""
_COUNT = """
INSERT INTO counted (key, count, ends_at) VALUES (:key, :amount, :ends_at)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN ends_at <= :now THEN :amount ELSE count + :amount END,
  ends_at = CASE WHEN ends_at <= :now THEN :ends_at ELSE ends_at END
RETURNING count
"""


class SqliteStorage(Storage):
    """A storage for the library limits: fixed windows that begin at round times.

    A window of ten minutes ends at :00, :10 …, whenever its first request came, so that the file tells no
    instant of anybody. Deleted rows are overwritten. Nothing here is needed after a crash, so nothing waits
    for the disk.
    """

    STORAGE_SCHEME = ["sqlite"]  # noqa: RUF012 - the name and the type are the library's.

    def __init__(self, uri: str, wrap_exceptions: bool = True, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions)
        self._path = Path(uri.removeprefix("sqlite:///"))
        self._local = threading.local()

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What a storage that cannot be used raises."""
        return (sqlite3.Error, OSError)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return the count of the present window of ``expiry`` seconds."""
        now = _now()
        values = {"key": key, "amount": amount, "now": now, "ends_at": now - now % expiry + expiry}
        # All rows, or the statement would still be running when the next begins.
        ((count,),) = self._connection().execute(_COUNT, values).fetchall()
        return int(count)

    def get(self, key: str) -> int:
        """The count of the present window; 0 where there is none."""
        found = self._row(key)
        return found[0] if found else 0

    def get_expiry(self, key: str) -> float:
        """When the present window ends, in seconds since 1970; now where there is none."""
        found = self._row(key)
        return float(found[1]) if found else float(_now())

    def check(self) -> bool:
        """Whether it can be used."""
        self._connection().execute("SELECT 1 FROM counted LIMIT 1").fetchall()
        return True

    def reset(self) -> int:
        """Forget every count."""
        return self._connection().execute("DELETE FROM counted").rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._connection().execute("DELETE FROM counted WHERE key = ?", (key,))

    def forget_ended(self) -> int:
        """Overwrite the counts of windows that are over; returns how many."""
        connection = self._connection()
        ended = connection.execute("DELETE FROM counted WHERE ends_at <= ?", (_now(),)).rowcount
        if ended:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return ended

    def _row(self, key: str) -> tuple[int, int] | None:
        query = "SELECT count, ends_at FROM counted WHERE key = ? AND ends_at > ?"
        row: tuple[int, int] | None = self._connection().execute(query, (key, _now())).fetchone()
        return row

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=OFF", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute(_TABLE)
            self._local.connection = connection
        return connection


def _now() -> int:
    return int(utcnow().timestamp())
