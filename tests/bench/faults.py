"""10,000 comments by 20 people at once while workers, database and server are killed 20 times.

Then every acknowledged tracking number must exist exactly once, and the verifier that residents download must
call every receipt proven.
"""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.clock import utcnow
from engage.comments.models import Comment
from engage.comments.queries import find_receipt
from engage.config import from_environment
from engage.db.session import db, write_transaction
from engage.receipts import verify
from engage.receipts.codes import CodeKind, from_code
from engage.receipts.documents import as_text, receipt
from engage.receipts.holding import codes_of
from engage.receipts.keys import log_keys
from engage.receipts.queries import entry_of
from engage.receipts.service import seal
from tests.bench import Figure, Place, benchmark, texts
from tests.conftest import test_environment
from tests.support import databases, makers
from tests.support.faults import Outcome, Process, Victims, free_port, send_under_fire

COMMENTS, CLIENTS, ROUNDS = 10_000, 20, 20
_SETTLED_WITHIN = 600.0  # seconds


@benchmark
def faults_postgresql(place: Place) -> Iterator[Figure]:
    """On PostgreSQL: the database server itself is killed, and both workers; the web server stays."""
    cluster = databases.DurableCluster()
    cluster.start()
    try:
        url = databases.create_database(str(cluster.socket_folder), "faults")
        databases.migrated(url)
        yield from _measure("PostgreSQL", place.folder / "pg", url, cluster)
    finally:
        cluster.close()


@benchmark
def faults_sqlite(place: Place) -> Iterator[Figure]:
    """On SQLite: the database lives in the web server and the worker, so both are killed."""
    folder = place.folder / "lite"
    folder.mkdir()
    url = f"sqlite:///{folder / 'engage.sqlite'}"
    databases.migrated(url)
    yield from _measure("SQLite", folder, url, None)


def _measure(name: str, folder: Path, url: str, cluster: databases.DurableCluster | None) -> Iterator[Figure]:
    folder.mkdir(exist_ok=True)
    with free_port() as port:
        environment = test_environment(url, folder) | {
            "ENGAGE_BASE_URL": f"http://127.0.0.1:{port}",
            "ENGAGE_TRUSTED_HOSTS": "127.0.0.1",
        }
        app = create_app(from_environment(environment))
        with app.app_context(), db.sessionmaker() as session, session.begin():
            slug = makers.comment_period(session).slug
        with app.app_context():
            db.engine.dispose()
        outcome = under_fire(
            environment, folder, slug, port, cluster, list(texts(COMMENTS)), clients=CLIENTS, rounds=ROUNDS
        )
    with app.app_context():
        yield from figures(name, outcome, app)


def under_fire(
    environment: dict[str, str],
    folder: Path,
    slug: str,
    port: int,
    cluster: databases.DurableCluster | None,
    said: list[str],
    *,
    clients: int,
    rounds: int,
    processes: int = 2,
) -> Outcome:
    """Start a server and workers, send while they are killed, and wait until all is done.

    ``processes`` is the number of the server's processes, and of the workers.
    """
    web = Process(environment, folder / "web.log", "serve", "--port", str(port), "--workers", str(processes))
    workers = [Process(environment, folder / "worker.log", "worker") for _ in range(processes)]
    killed: dict[str, Process] = {f"worker {number}": worker for number, worker in enumerate(workers, 1)}
    if cluster is None:
        killed["web server"] = web
    kill = {victim: process.kill for victim, process in killed.items()}
    revive = {victim: process.start for victim, process in killed.items()}
    if cluster is not None:
        kill, revive = kill | {"database": cluster.kill}, {"database": cluster.start} | revive
    for process in (web, *workers):
        process.start()
    try:
        outcome = send_under_fire(
            said, clients=clients, rounds=rounds, port=port, slug=slug, victims=Victims(kill, revive)
        )
        _let_settle(create_app(from_environment(environment)))
    finally:
        for process in (web, *workers):
            process.kill()
    return outcome


def _let_settle(app: Flask) -> None:
    """Until the workers have analysed and counted everything that was received."""
    deadline = time.monotonic() + _SETTLED_WITHIN
    waiting = sa.select(sa.func.count()).where(sa.or_(Comment.analysis_due, Comment.count_due))
    with app.app_context():
        while True:
            with db.sessionmaker() as session:
                left = session.scalar(waiting.select_from(Comment))
            if not left:
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"{left} comments were not worked on.")
            time.sleep(0.5)
        db.engine.dispose()


def figures(name: str, outcome: Outcome, app: Flask) -> Iterator[Figure]:
    """The counts: what was acknowledged, what exists, what does not agree."""
    numbers = list(outcome.acknowledged.values())
    with db.sessionmaker() as session:
        stored = session.scalars(sa.select(Comment.tracking_number)).all()
    yield Figure(f"{name}: kills -9 ({', '.join(outcome.kills)})", sum(outcome.kills.values()), "kills")
    yield Figure(f"{name}: requests sent again", outcome.retries, "requests")
    yield Figure(f"{name}: comments acknowledged", len(numbers), "comments")
    yield Figure(
        f"{name}: acknowledged per second, kills included", len(numbers) / outcome.seconds, "comments/s"
    )
    yield Figure(f"{name}: acknowledged and not stored exactly once", _not_once(numbers, stored), "comments")
    yield Figure(f"{name}: stored and never acknowledged", len(set(stored) - set(numbers)), "comments")
    yield Figure(f"{name}: two receipts for one form", len(outcome.contradictions), "forms")
    with write_transaction() as session:
        seal(session, now=utcnow())
    with db.sessionmaker() as session:
        failed, took = _unproven(session, numbers)
    yield Figure(f"{name}: acknowledged and not proven by verify.py", failed, "comments")
    yield Figure(f"{name}: receipts made and verified per second", len(numbers) / took, "receipts/s")


def _unproven(session: Session, numbers: Sequence[str]) -> tuple[int, float]:
    """How many receipts the verifier does not call proven, and how many seconds it took for all."""
    begun, failed, keys = time.perf_counter(), 0, log_keys()
    trusted = verify.read_key(str(keys.signer.verifier_key))
    for number in numbers:
        comment = find_receipt(session, number)
        entry = entry_of(session, comment) if comment else None
        codes = codes_of(keys, entry) if entry else None
        if comment is None or entry is None or codes is None:
            failed += 1
            continue
        code = from_code(codes.receipt, CodeKind.RECEIPT)
        file = json.loads(as_text(receipt(session, keys, entry, comment, code)))
        try:
            with redirect_stdout(io.StringIO()):
                failed += verify.check_receipt(file, trusted) != verify.PROVEN
        except verify.Wrong:
            failed += 1
    return failed, time.perf_counter() - begun


def _not_once(numbers: list[str], stored: Sequence[str]) -> int:
    found = Counter(stored)
    return sum(found[number] != 1 for number in numbers) + len(numbers) - len(set(numbers))
