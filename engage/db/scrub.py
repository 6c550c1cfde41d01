"""Let nothing that was deleted outlive itself in a file beside the database."""

from __future__ import annotations

import sqlalchemy as sa

_PATIENCE_MILLISECONDS = 500


def cut_write_ahead_log(engine: sa.Engine) -> bool:
    """Write SQLite's log of changes back into the database and cut it to nothing; False where it is in use.

    True at once on a database that keeps no such file.
    """
    if engine.dialect.name != "sqlite":
        return True
    # Not by way of SQLAlchemy's connection, which would begin a transaction first.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE_MILLISECONDS}")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={usual}")
        cursor.close()
    finally:
        connection.close()
    return bool(busy == 0)
