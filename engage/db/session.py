"""Engines and sessions. SQLite is made to behave: one writer, foreign keys, full sync, deleted is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.orm import Session

db = SQLAlchemy(session_options={"expire_on_commit": False})

_BUSY_MILLISECONDS = 5000
_CACHE_KIBIBYTES = 32_768
"""At most, of each connection. With SQLite's own 2 MB a batch of counting writes pages again and again."""

_BEGIN = "sqlite_begin"


def init_app(app: Flask, database_url: str) -> None:
    """Give the app its engine. Call once, before the first request."""
    # Without its parameters: an error's text is logged, and a parameter may be a comment or an address.
    options: dict[str, Any] = {"url": database_url, "hide_parameters": True}
    if not database_url.startswith("sqlite"):
        options |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    db.init_app(app)
    # It also closes asynchronous sessions, of which there are none, by a thread and an event loop a request.
    app.teardown_appcontext_funcs[:] = [
        act for act in app.teardown_appcontext_funcs if not iscoroutinefunction(act)
    ]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)


class _Compiler(SQLiteCompiler):
    """Writes hints such as INDEXED BY, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def prepare_sqlite(engine: sa.Engine) -> None:
    """Set the pragmas of every connection, let begin_writing choose BEGIN IMMEDIATE, and pass on hints."""
    engine.dialect.statement_compiler = _Compiler

    @sa.event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        # The driver would otherwise open transactions by itself, and only deferred ones.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={_BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"cache_size=-{_CACHE_KIBIBYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(_BEGIN, 'DEFERRED')}")


def begin_writing(session: Session) -> None:
    """Open this session's transaction as a writer.

    On SQLite this takes the write lock at once: a transaction that reads first and writes later fails under
    load instead of waiting. On PostgreSQL it is an ordinary transaction.
    """
    session.connection(execution_options={_BEGIN: "IMMEDIATE"})


@contextmanager
def write_transaction() -> Iterator[Session]:
    """A session of its own for a job or a command: committed at its end, rolled back if it raises."""
    with db.sessionmaker() as session, session.begin():
        begin_writing(session)
        yield session


def advisory_lock(session: Session, key: int) -> None:
    """Let one transaction at a time pass, until it ends. On SQLite the write lock already does this."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
