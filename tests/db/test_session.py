"""The database keeps what it acknowledged, and lets one writer at a time pass."""

from __future__ import annotations

import threading
from inspect import iscoroutinefunction

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.comments.models import Comment, CommentPeriod
from engage.db.session import db, write_transaction
from tests.support import makers


def test_sqlite_is_made_to_behave(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("about SQLite")
        with db.engine.connect() as connection:
            pragmas = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            }

    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000
    }  # fmt: skip


def test_no_request_ends_with_an_event_loop(app: Flask) -> None:
    assert app.teardown_appcontext_funcs
    assert not any(iscoroutinefunction(act) for act in app.teardown_appcontext_funcs)


def test_a_transaction_that_fails_leaves_nothing(app: Flask, session: Session) -> None:
    period = makers.comment_period(session)
    session.commit()

    def fail_after_writing() -> None:
        with write_transaction() as writing:
            makers.comment(writing, writing.get_one(CommentPeriod, period.id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()

    assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0


def test_many_writers_wait_for_each_other_instead_of_failing(app: Flask, session: Session) -> None:
    period = makers.comment_period(session)
    session.commit()
    failures: list[Exception] = []

    def read_then_write() -> None:
        try:
            with app.app_context():
                for _ in range(5):
                    with write_transaction() as writing:
                        mine = writing.get_one(CommentPeriod, period.id)
                        makers.comment(writing, mine)
        except sa.exc.SQLAlchemyError as error:
            failures.append(error)

    threads = [threading.Thread(target=read_then_write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 40


def test_ids_do_not_tell_who_came_first(session: Session) -> None:
    period = makers.comment_period(session)
    ids = [makers.comment(session, period).id for _ in range(50)]

    assert ids != sorted(ids)
    assert len(set(ids)) == 50
