"""Rows that take long to make: made once in a process, then put back as they were.

What a test would have made in an empty database is copied from what another test made there: rows, numbers
that count up, and all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

_MADE: dict[tuple[sa.URL, object], tuple[Callable[[], None], int]] = {}


def made_once(session: Session, key: object, make: Callable[[], int]) -> int:
    """What ``make`` returns, the id of what it has committed; where nothing is there yet, put back instead.

    ``key`` says what is made: whatever else ``make`` looks at must be the same in all tests.
    """
    engine = session.get_bind()
    assert isinstance(engine, sa.Engine)
    if not _is_empty(session, engine):
        return make()
    session.rollback()
    if (engine.url, key) not in _MADE:
        made = make()
        session.rollback()
        _MADE[engine.url, key] = _copy_of(engine), made
        return made
    put_back, made = _MADE[engine.url, key]
    put_back()
    return made


def _is_empty(session: Session, engine: sa.Engine) -> bool:
    if session.new:
        return False
    anything = " UNION ALL ".join(
        f"SELECT 1 WHERE EXISTS (SELECT 1 FROM {name})"  # noqa: S608 - our own tables
        for name in _tables(engine)
    )
    return session.execute(sa.text(anything)).first() is None


_NAMES: dict[sa.URL, list[str]] = {}


def _tables(engine: sa.Engine) -> list[str]:
    if engine.url not in _NAMES:
        names = sa.inspect(engine).get_table_names()
        _NAMES[engine.url] = [f'"{name}"' for name in names if name != "alembic_version"]
    return _NAMES[engine.url]


def _copy_of(engine: sa.Engine) -> Callable[[], None]:
    """Copy everything; returns what puts it back into the same database while that is empty."""
    return _sqlite_copy(engine) if engine.dialect.name == "sqlite" else _postgresql_copy(engine)


def _sqlite_copy(engine: sa.Engine) -> Callable[[], None]:
    path = str(engine.url.database)
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(path)) as connection:
        connection.backup(kept)

    def put_back() -> None:
        with closing(sqlite3.connect(path)) as connection:
            kept.backup(connection)

    return put_back


def _postgresql_copy(engine: sa.Engine) -> Callable[[], None]:
    with _psycopg(engine) as connection:
        sequences = connection.execute(
            "SELECT format('%I', sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        ).fetchall()
        rows = {}
        for table in _tables(engine):
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                rows[table] = b"".join(bytes(part) for part in copy)

    def put_back() -> None:
        with _psycopg(engine) as connection:
            # As a replica would, without asking triggers and foreign keys.
            connection.execute("SET LOCAL session_replication_role = replica")
            for table, text in rows.items():
                if text:
                    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(text)
            for name, value in sequences:
                connection.execute("SELECT setval(%s, %s)", (name, value))

    return put_back


@contextmanager
def _psycopg(engine: sa.Engine) -> Iterator[psycopg.Connection]:
    """The driver's own connection, in a transaction."""
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        yield driver
