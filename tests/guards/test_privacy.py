"""What is not collected cannot leak: no table has a place for it, and no file ends up holding it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import worker
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.models import Base
from tests.support import makers
from tests.support.pages import Client

IDENTIFYING = re.compile(
    r"(^|_)(ip|ip_address|address|user_agent|agent|referr?er|device|last_login|fingerprint)(_|$)"
)

# The marks of one resident's browser: an address on the network, a browser, and where the person came from.
MARKS = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "203.0.113.78",
    "HTTP_USER_AGENT": "MarkedBrowser/7.7",
    "HTTP_REFERER": "http://localhost/from-marked-referrer",
}


def test_no_table_has_a_column_for_who_or_where_a_person_is() -> None:
    found = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if IDENTIFYING.search(column.name)
    ]

    assert found == []


def test_no_column_of_a_comment_holds_an_instant() -> None:
    instants = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        if table.name.startswith("comment") and table.name != "comment_period"
        for column in table.columns
        if isinstance(column.type, sa.DateTime) or isinstance(getattr(column.type, "impl", None), sa.DateTime)
    ]

    assert instants == []


def test_nothing_of_the_browser_is_left_anywhere(
    app: Flask,
    session: Session,
    client: Client,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    period = makers.comment_period(session)
    session.commit()
    client.environ_base.update(MARKS)
    form = f"/en/periods/{period.slug}/comment"

    with caplog.at_level(logging.DEBUG):
        sent = client.send(form, body="A marked comment.")
        assert sent.status_code == 303
        client.post(form, data={"body": "Without a token"})
        client.get("/en/nowhere")
        run_once(worker.HANDLERS)

    left = _everything_kept(app) + caplog.text + "".join(capfd.readouterr())
    assert "A marked comment." in left
    for mark in ("203.0.113", "MarkedBrowser", "marked-referrer"):
        assert mark not in left


def _everything_kept(app: Flask) -> str:
    """All rows of all tables, and on SQLite the bytes of the database, its log and the queue beside it."""
    with app.app_context(), db.engine.connect() as connection:
        rows = [
            repr(row) for table in Base.metadata.sorted_tables for row in connection.execute(sa.select(table))
        ]
        url = connection.engine.url
    files: list[Path] = []
    if url.get_backend_name() == "sqlite":
        files += Path(str(url.database)).parent.glob("engage.sqlite*")
    files += Path(app.config["ENGAGE_QUEUE_URL"].removeprefix("sqlite:///")).parent.glob("*")
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])
