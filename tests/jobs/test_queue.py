"""The queue only says when: a wake-up follows the commit, and losing one loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from huey import PostgresHuey, RedisHuey
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from engage.jobs import queue
from tests.support import makers


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were enqueued."""
    jobs: list[str] = []
    monkeypatch.setattr(queue, "_enqueue", lambda _url, job: jobs.append(job))
    return jobs


def test_the_worker_is_called_once_after_the_commit(session: Session, called: list[str]) -> None:
    queue.wake(session, "analyse_comments")
    queue.wake(session, "analyse_comments")
    makers.docket(session)
    assert called == []

    session.commit()
    assert called == ["analyse_comments"]

    makers.docket(session)
    session.commit()
    assert called == ["analyse_comments"]


def test_nobody_is_called_for_what_was_rolled_back(session: Session, called: list[str]) -> None:
    queue.wake(session, "analyse_comments")
    makers.docket(session)
    session.rollback()
    makers.docket(session)
    session.commit()

    assert called == []


def test_a_queue_that_is_down_does_not_fail_the_request(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ENGAGE_QUEUE_URL", "redis://127.0.0.1:1/0")
    queue.wake(session, "analyse_comments")
    makers.docket(session)
    with capture_logs() as logs:
        session.commit()

    assert [line["event"] for line in logs] == ["queue_down"]


def test_a_job_that_was_enqueued_reaches_its_handler_until_nothing_is_left(
    app: Flask, tmp_path: Path
) -> None:
    left, asked = [2, 1, 0], []

    def count() -> int:
        asked.append("count")
        return left.pop(0)

    huey = queue.make_huey(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    enqueue = queue.register(huey, app, {"count": count})
    enqueue("count")
    enqueue("nonsense")
    for _ in range(10):
        if (task := huey.dequeue()) is not None:
            huey.execute(task)

    assert asked == ["count"] * 3
    assert huey.pending_count() == 0
    huey.storage.close()


def test_each_address_opens_its_own_kind_of_queue() -> None:
    assert queue.make_huey("redis://127.0.0.1:6379/0").__class__ is RedisHuey
    assert PostgresHuey.__name__ == "PostgresHuey"


def test_running_once_goes_on_until_nothing_is_left() -> None:
    batches = [3, 2, 0, 0]

    assert queue.run_once({"batches": lambda: batches.pop(0)}) == 5
