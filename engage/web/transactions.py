"""One transaction a request: begun as a writer for unsafe methods, committed only when they are answered
below 400."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from engage.db.session import begin_writing, db

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def init_app(app: Flask) -> None:
    """Begin before the view, end after it. Registered so that a failing commit still becomes an error
    page."""
    app.before_request(_begin)
    app.after_request(_end)


def begin_late(app: Flask, *endpoints: str) -> None:
    """Let these views open their transaction as a writer themselves, by ``begin_writing`` after a rollback.

    For a view that strangers can keep busy with something slow, such as a password's hash, before there is
    anything to write: on SQLite everybody else's writes would wait for it.
    """
    app.extensions.setdefault("begin_late", set()).update(endpoints)


def call_before_writing(app: Flask, endpoint: str, prepare: Callable[[], None]) -> None:
    """Call ``prepare`` for unsafe requests of a view, before the transaction of the request begins.

    For what is slow and needs no lock, such as files that have to be read. It leaves what it found in ``g``.
    """
    app.extensions.setdefault("before_writing", {}).setdefault(endpoint, []).append(prepare)


def _begin() -> None:
    g.writes = request.method not in SAFE_METHODS
    if g.writes:
        if request.endpoint in current_app.extensions.get("begin_late", ()):
            return
        # The body is read first: a slow line must not hold the write lock while it types.
        _ = request.form
        for prepare in current_app.extensions.get("before_writing", {}).get(request.endpoint, ()):
            prepare()
        begin_writing(db.session)
        return
    if db.engine.dialect.name == "postgresql":
        # GET never writes; the database makes sure of it. Nothing is opened yet: a page that asks the
        # database nothing must answer without one.
        sa.event.listen(db.session, "after_begin", _only_read)


def _only_read(_session: Session, _transaction: object, connection: sa.Connection) -> None:
    """A page tells one instant, as on SQLite: what was read one after another belongs together."""
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _end(response: Response) -> Response:
    """Commit or roll back. An error here is handled by Flask like one of the view: nothing was acknowledged
    yet."""
    session = g.get("_sqlalchemy_sessions", {}).get("default")
    if session is None:
        return response
    if g.get("writes") and response.status_code < 400:
        session.commit()
    else:
        session.rollback()
    return response


def is_database_down(error: BaseException) -> bool:
    """Whether an error means that the database cannot be reached or cannot take the write just now."""
    return isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError | sa.exc.TimeoutError)
