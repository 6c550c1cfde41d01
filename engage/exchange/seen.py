"""Remembers the ids of a file, in memory that does not grow with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager


class SeenIds:
    """Where each id stood first and how often it came."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, source_id: str, row: int) -> tuple[int, int]:
        """Note an id; returns the row where it came first and how often it has come, this time included."""
        first: tuple[int, int] = self._connection.execute(
            "INSERT INTO seen VALUES (?, ?, 1) "
            "ON CONFLICT DO UPDATE SET times = times + 1 RETURNING row, times",
            (source_id, row),
        ).fetchone()
        return first


@contextmanager
def seen_ids() -> Iterator[SeenIds]:
    """A memory of ids, gone at the end of the block; SQLite moves it to a temporary file when it grows."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(
            "CREATE TABLE seen (id TEXT PRIMARY KEY, row INTEGER, times INTEGER) WITHOUT ROWID"
        )
        connection.execute("BEGIN")
        yield SeenIds(connection)
