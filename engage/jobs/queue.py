"""Waking the worker. Losing a wake-up loses nothing: the worker also looks by itself every few seconds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from sqlalchemy.orm import Session

log = structlog.get_logger()

KEEP_MARKS = "keep_marks"
"""The job that raises the marks of the logs (backup.marks): woken by whoever adds to one of them."""

Handler = Callable[[], int]
"""Does what the database says is due; may run twice at once; returns how many items it did."""

QUEUE_DOWN = (OSError, sqlite3.Error, psycopg.Error, redis.RedisError)
"""What a queue that cannot be reached raises, whichever it is."""

_QUEUE = "engage"
_PROMISED = "promised_wakes"


def make_huey(url: str) -> Huey:
    """The queue behind a ``sqlite:``, ``postgresql:`` or ``redis:`` address."""
    scheme = urlsplit(url).scheme
    if scheme in ("redis", "rediss"):
        return RedisHuey(_QUEUE, url=url, results=False)
    if scheme.startswith("postgresql"):
        return PostgresHuey(_QUEUE, dsn=url.replace("+psycopg", ""), results=False)
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(_QUEUE, filename=str(path), results=False)


def init_app(app: Flask, url: str) -> None:
    """Give the app its queue; opened at the first use, so that a page needs no queue to be read."""
    app.config["ENGAGE_QUEUE_URL"] = url


def wake(session: Session, job: str) -> None:
    """Promise to call the worker for a job once this session's work is committed; never if it rolls back."""
    session.info.setdefault(_PROMISED, {})[job] = current_app.config["ENGAGE_QUEUE_URL"]


@sa.event.listens_for(Session, "after_commit")
def _keep_promises(session: Session) -> None:
    for job, url in session.info.pop(_PROMISED, {}).items():
        _enqueue(url, job)


@sa.event.listens_for(Session, "after_rollback")
def _forget_promises(session: Session) -> None:
    session.info.pop(_PROMISED, None)


def run_once(handlers: Mapping[str, Handler]) -> int:
    """Call every handler until none finds anything to do; returns how many items were done."""
    done = 0
    while step := sum(handler() for handler in handlers.values()):
        done += step
    return done


def register(huey: Huey, app: Flask, handlers: Mapping[str, Handler]) -> Callable[[str], object]:
    """Let the queue know the one task that it carries: call the handler of a name. Returns what enqueues it.

    A handler that did something is asked again, behind what others wait for, until it finds nothing to do.
    """

    def run_job(name: str) -> None:
        if name not in handlers:
            log.error("unknown_job", job=name)
            return
        with app.app_context():
            done = handlers[name]()
        if done:
            task(name)

    task: Callable[[str], object] = huey.task(name=_TASK)(run_job)
    return task


_TASK = "run_job"
_hueys: dict[str, Callable[[str], object]] = {}


def _enqueue(url: str, job: str) -> None:
    try:
        if url not in _hueys:
            _hueys[url] = make_huey(url).task(name=_TASK)(_only_a_name)
        _hueys[url](job)
    except QUEUE_DOWN as error:
        log.warning("queue_down", job=job, error=type(error).__name__)


def _only_a_name(_name: str) -> None:
    """The web process knows the task's name and nothing of what it does."""
