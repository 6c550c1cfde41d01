"""The commands that run a site: migrate, serve, work — as processes of their own, killed where it hurts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import cli
from engage.app import create_app
from engage.comments.models import Comment
from engage.config import from_environment
from engage.db import migrate
from engage.db.session import db
from tests.conftest import test_environment
from tests.support import databases, makers

PATIENCE = 30.0


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The settings of a site on an SQLite file that does not exist yet."""
    return test_environment(f"sqlite:///{tmp_path / 'site.sqlite'}", tmp_path)


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[Flask]:
    """The same site in this process, migrated."""
    databases.migrated(environment["ENGAGE_DATABASE_URL"])
    app = create_app(from_environment(environment))
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def running(environment: dict[str, str], *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command of ours as a process; ended at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "engage", *command],
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=PATIENCE)


def run_engage(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *arguments: str) -> int:
    """Run the command in this process; returns its exit code."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["engage", *arguments])
    try:
        cli.main()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def _waiting(session: Session) -> int:
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(Comment).where(Comment.analysis_due)) or 0


def _until_waiting_is(session: Session, most: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _waiting(session) > most:
        assert time.monotonic() < deadline, f"{_waiting(session)} comments still wait"
        time.sleep(0.05)


def test_setup_makes_the_database_and_may_be_repeated(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_engage(monkeypatch, environment, "setup") == 0
    assert run_engage(monkeypatch, environment, "setup") == 0

    engine = sa.create_engine(environment["ENGAGE_DATABASE_URL"], poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        assert migrate.is_current(connection)
    assert "newest version" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_a_database_of_another_version(
    command: str,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_engage(monkeypatch, environment, command) == 1
    assert "Run: engage setup" in capsys.readouterr().err


def test_a_killed_worker_loses_no_work(site: Flask, environment: dict[str, str]) -> None:
    with site.app_context(), db.sessionmaker() as session:
        period = makers.comment_period(session)
        for number in range(600):
            makers.comment(session, period, body=f"I support comment number {number} of this agreement.")
        session.commit()

        with running(environment, "worker") as first:
            _until_waiting_is(session, 550)
            first.kill()
        left = _waiting(session)
        assert left > 0, "the worker was killed too late to show anything"

        with running(environment, "worker"):
            _until_waiting_is(session, 0)
        assert session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 600


def test_the_server_answers_and_stops_with_its_worker(site: Flask, environment: dict[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with running(environment, "serve", "--port", str(port), "--with-worker") as server:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                    assert answer.read() == b"ok\n"
                break
            except OSError:
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.1)
        server.terminate()
        assert server.wait(timeout=PATIENCE) is not None


def test_a_port_that_is_taken_is_told_in_one_sentence(
    site: Flask,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        status = run_engage(monkeypatch, environment, "serve", "--port", str(port), "--with-worker")

    said = capsys.readouterr().err.splitlines()
    assert status == 1
    assert said[-1] == (
        f"Error: Port {port} of 127.0.0.1 cannot be served: another program uses it. "
        "Stop that one, or choose another with --port."
    )
    assert not any("Traceback" in line for line in said)


def test_an_address_of_another_machine_is_told_in_one_sentence(
    site: Flask,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = run_engage(monkeypatch, environment, "serve", "--host", "192.0.2.1", "--port", "8000")

    assert status == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("Error: Port 8000 of 192.0.2.1 cannot be ")
