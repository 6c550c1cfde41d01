"""What waited in the outbox when it learned to seal is sent all the same; the way back loses no row."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from engage.db import migrate
from engage.mail.compose import message_key
from tests.support import databases

BEFORE_SEALING = "0018"

_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> sa.Engine:
    """An engine on a database without any table."""
    if request.param == "sqlite":
        return sa.create_engine(f"sqlite:///{tmp_path / 'old.sqlite'}", poolclass=sa.pool.NullPool)
    name = f"outbox_{os.getpid()}_{next(_numbers)}"
    return sa.create_engine(
        databases.create_database(request.getfixturevalue("cluster"), name), poolclass=sa.pool.NullPool
    )


def test_messages_of_before_survive_the_way_there_and_back(empty: sa.Engine) -> None:
    with empty.connect() as connection:
        migrate.upgrade(connection, BEFORE_SEALING)
        for key, due in (("invitation:1", "2026-11-25 10:00:00"), ("reset_notice:2", None)):
            connection.execute(
                sa.text(
                    "INSERT INTO outbox_message"
                    " (event_key, recipient, subject, body, queued_at, due_at, sent_at, attempts)"
                    " VALUES (:key, 'ana@example.org', 'About', 'Línea', :queued, :due, :sent, 1)"
                ),
                {
                    "key": key,
                    "queued": "2026-11-25 10:11:12",
                    "due": due,
                    "sent": None if due else "2026-11-25 10:11:13",
                },
            )
        connection.commit()
        migrate.upgrade(connection)

        waiting, sent = connection.execute(
            sa.text("SELECT kind, message_key, sealed, queued_at FROM outbox_message ORDER BY event_key")
        ).all()
        assert (waiting.kind, waiting.message_key) == ("invitation", message_key("invitation:1"))
        content = json.loads(bytes(waiting.sealed).removeprefix(b"plain\0"))
        assert content == {
            "recipient": "ana@example.org",
            "subject": "About",
            "body": "Línea",
            "headers": {},
        }
        assert sent.sealed is None
        assert "00:00:00" in str(sent.queued_at)

        connection.execute(
            sa.text("UPDATE outbox_message SET sealed = :sealed WHERE event_key = 'reset_notice:2'"),
            {"sealed": b"something that only a key opens"},
        )
        connection.commit()
        migrate.downgrade(connection, BEFORE_SEALING)
        rows = connection.execute(
            sa.text("SELECT recipient, due_at FROM outbox_message ORDER BY event_key")
        ).all()
        assert rows[0].recipient == "ana@example.org"
        assert (rows[1].recipient, rows[1].due_at) == ("", None)
