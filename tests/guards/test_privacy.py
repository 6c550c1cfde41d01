"""What is not collected cannot leak: no table has a place for it, and no file ends up holding it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import re
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa
import structlog
from flask import Flask
from limits import parse_many
from sqlalchemy.orm import Session

from engage import logs, worker
from engage.accounts.access import public
from engage.app import create_app
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.models import Base
from engage.web.limit_keys import MemoryFile
from engage.web.limits import Kind
from tests.support import makers
from tests.support.pages import Client
from tests.support.redis import throwaway_redis

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


def test_nothing_of_the_network_is_left_where_requests_are_counted(
    limited: Flask,
    session: Session,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    left = _left_by_a_flood(limited, session, caplog) + "".join(capfd.readouterr())

    store = Path(limited.config["ENGAGE_SETTINGS"].limits_url.removeprefix("sqlite:///"))
    files = [path for path in store.parent.iterdir() if path.is_file()]
    assert store in files
    left += "".join(path.read_bytes().decode("latin-1") for path in files)
    assert "counted" in left
    _assert_no_network(left)
    key = MemoryFile.beside(f"sqlite:///{store}").path.read_bytes()
    assert key[-32:].decode("latin-1") not in left


def test_nothing_of_the_network_is_left_in_redis(
    app: Flask, session: Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with throwaway_redis(tmp_path) as url:
        settings = dataclasses.replace(app.config["ENGAGE_SETTINGS"], limits=True, limits_url=url)
        site = create_app(settings)
        site.test_client_class = Client
        left = _left_by_a_flood(site, session, caplog)
        with site.app_context():
            db.engine.dispose()
        client = redis.Redis.from_url(url.removeprefix("redis+"), decode_responses=True)
        names = [str(name) for name in client.scan_iter()]
        assert len([name for name in names if "LIMIT" in name]) == 1
        # Everything expires, the key of the day with it.
        assert all(client.ttl(name) > 0 for name in names)
        client.save()
        dumped = (tmp_path / "dump.rdb").read_bytes().decode("latin-1")
    _assert_no_network(left + "".join(names) + dumped)


def test_a_line_break_in_what_was_asked_for_makes_no_line_of_its_own_in_the_log(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Case 56."""

    @public
    def broken(**_arguments: str) -> str:
        raise RuntimeError('a text\n{"event": "forged", "level": "info"}\r\nforged: yes')

    monkeypatch.setitem(app.view_functions, "comments.period", broken)
    before = structlog.get_config()
    logs.configure()
    try:
        answer = client.get("/en/periods/x%0A%7B%22event%22:%22forged%22%7D%0D%0Aforged:%20yes")
    finally:
        structlog.configure(**before)

    assert answer.status_code == 500
    lines = capfd.readouterr().err.splitlines()
    assert lines
    assert [json.loads(line)["event"] for line in lines] == ["unexpected_error"] * len(lines)


def _left_by_a_flood(site: Flask, session: Session, caplog: pytest.LogCaptureFixture) -> str:
    """What is kept and logged after one marked browser has come more often than it may."""
    period = makers.comment_period(session)
    session.commit()
    site.extensions["limits"].rates = {kind: parse_many("2 per hour") for kind in Kind}
    browser = site.test_client()
    assert isinstance(browser, Client)
    browser.environ_base.update(MARKS)
    with caplog.at_level(logging.DEBUG):
        form = f"/en/periods/{period.slug}/comment"
        statuses = [browser.send(form, body="A marked comment.").status_code for _ in range(3)]
        assert statuses == [303, 303, 429]
    return _everything_kept(site) + caplog.text


def _assert_no_network(left: str) -> None:
    network = hashlib.sha256
    for address in ("203.0.113.77", "203.0.113.78", "203.0.113.0/24", "203.0.113.0"):
        # Neither as it is nor hashed without a key, nor in bytes.
        assert address not in left
        assert network(address.encode()).hexdigest()[:16] not in left
    assert bytes([203, 0, 113]).decode("latin-1") not in left
    assert "203.0.113" not in left


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
