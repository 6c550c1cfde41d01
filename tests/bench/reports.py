"""What a report costs with ten thousand and with a million comments: counting, pages, PDF, publishing.

On SQLite and on PostgreSQL where its programs are there (as they come, durable). Where other work runs
beside, processor seconds say more than seconds; on PostgreSQL they are the site's and the server's together.
``ENGAGE_BENCH_REPORTS`` is the larger number of comments, ``ENGAGE_BENCH_ON`` names one of the two databases.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from engage.analysis import default_taxonomy
from engage.app import create_app
from engage.comments.models import CommentPeriod
from engage.comments.service import analyse_due
from engage.config import from_environment
from engage.db.session import db, write_transaction
from engage.jobs.queue import run_once
from engage.reports.models import FrozenColumn, ReportVersion, Tally
from engage.reports.service import count_due
from tests.bench import Figure, Place, benchmark
from tests.bench.million import fill, make_districts
from tests.conftest import test_environment
from tests.support import databases, makers

FEW, MANY = 10_000, int(os.environ.get("ENGAGE_BENCH_REPORTS", "1000000"))
ONLY = os.environ.get("ENGAGE_BENCH_ON", "").lower()
TIMES = 20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Site:
    """A site on one database, the environment that starts it anew, and the processor seconds it has taken."""

    name: str
    app: Flask
    environment: dict[str, str]
    processor: Callable[[], float]


@benchmark
def reports(place: Place) -> Iterator[Figure]:
    """The same report at both sizes; on both databases."""
    if ONLY != "postgresql":
        yield from _reports(Site("SQLite", place.app, place.environment, time.process_time))
    if ONLY != "sqlite" and databases.has_postgresql():
        with _postgresql(place) as site:
            yield from _reports(site)


@contextmanager
def _postgresql(place: Place) -> Iterator[Site]:
    cluster = databases.DurableCluster()
    try:
        cluster.start()
        url = databases.create_database(str(cluster.socket_folder), "bench")
        databases.migrated(url)
        folder = place.folder / "postgresql"
        folder.mkdir()
        environment = test_environment(url, folder) | {"ENGAGE_STAFF_MFA": "optional"}
        first_line = (cluster.socket_folder / "data" / "postmaster.pid").read_text().split()[0]

        def processor() -> float:
            return time.process_time() + _seconds_of(int(first_line))

        yield Site("PostgreSQL", create_app(from_environment(environment)), environment, processor)
    finally:
        cluster.close()


def _seconds_of(server: int) -> float:
    """Processor seconds of a process, of its children that live and of those that have ended."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            numbers = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        own, ended, parent = numbers[11:13], numbers[13:15], int(numbers[1])
        if status.parent.name == str(server):
            ticks += sum(map(int, own + ended))
        elif parent == server:
            ticks += sum(map(int, own))
    return ticks / _TICKS


def _reports(site: Site) -> Iterator[Figure]:
    with site.app.app_context():
        make_districts()
    pages: dict[int, tuple[float, float]] = {}
    for number in (FEW, MANY):
        yield Figure(f"{site.name}, {number:,} comments:", number, "comments")
        with site.app.app_context():
            begun = time.perf_counter()
            period_id, slug = fill(number, 0 if number == FEW else 3_000_000)
            yield Figure("  made", time.perf_counter() - begun, "s")
            yield from _counting(site, number, period_id)
        yield from _publishing(site, slug)
        for what, address in _addresses(slug).items():
            times = _medians(site, address, TIMES if "report" in what else 5)
            if what == "open report":
                pages[number] = times
            yield Figure(f"  {what}: median of a page", times[0], "ms")
            yield Figure(f"  {what}: processor", times[1], "ms")
        yield Figure("  statements of the open report", _statements(site, f"/en/reports/{slug}/open"), "")
        yield Figure("  until a new comment is in the open report", _until_told(site, slug), "s")
        yield from _files(site, slug)
    yield Figure(f"{site.name}: open report, {MANY:,} to {FEW:,}", pages[MANY][0] / pages[FEW][0], "ratio")
    yield Figure(f"{site.name}: the same, processor", pages[MANY][1] / pages[FEW][1], "ratio")


def _counting(site: Site, number: int, period_id: int) -> Iterator[Figure]:
    """Batch after batch, as the worker does it; of each tenth how many in a second."""
    whole, whole_cpu, before, done = time.perf_counter(), site.processor(), _megabytes(), 0
    for tenth in range(1, 11):
        begun, cpu, first = time.perf_counter(), site.processor(), done
        while done < number * tenth // 10:
            done += count_due()
        took, used = time.perf_counter() - begun, site.processor() - cpu
        if number == MANY:
            yield Figure(f"  counting, tenth {tenth}", (done - first) / took, "comments/s")
            yield Figure(f"  counting, tenth {tenth}, processor", (done - first) / used, "comments/s")
    yield Figure("  counting", number / (time.perf_counter() - whole), "comments/s")
    yield Figure("  counting, processor", number / (site.processor() - whole_cpu), "comments/s")
    yield Figure("  counting, more memory", _megabytes() - before, "MB")
    with db.sessionmaker() as session:
        tallies = sa.select(sa.func.count()).where(Tally.period_id == period_id)
        yield Figure("  numbers that are kept", session.scalar(tallies) or 0, "rows")
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        size = size if is_sqlite else "SELECT pg_database_size(current_database())"
        yield Figure("  database", (session.scalar(sa.text(size)) or 0) / 1e6, "MB")


def _publishing(site: Site, slug: str) -> Iterator[Figure]:
    """As staff do it by the command, in a process of its own: with reading for themes, letters and quotes."""
    yield from _command(
        site, "publishing", "reports", "publish", slug, "--note-en", "Bench", "--note-es", "Prueba"
    )
    with site.app.app_context(), db.sessionmaker() as session:
        digest = sa.select(ReportVersion.list_digest).order_by(ReportVersion.id.desc()).limit(1)
        size = sa.select(sa.func.sum(sa.func.length(FrozenColumn.content)))
        kept = session.scalar(size.where(FrozenColumn.list_digest == digest.scalar_subquery()))
        yield Figure("  published list, as it is kept", (kept or 0) / 1e6, "MB")
    yield from _command(site, "checking what was published", "reports", "check", slug)


def _files(site: Site, slug: str) -> Iterator[Figure]:
    out = Path(site.environment["ENGAGE_MARK_FILE"]).parent / "report.pdf"
    for which, language in (("open", "en"), ("open", "es"), ("1", "en")):
        arguments = (slug, "--format", "pdf", "--version", which, "--language", language, "--out", str(out))
        yield from _command(site, f"PDF of {which}, {language}", "report", *arguments)
        yield Figure(f"  PDF of {which}, {language}: size", out.stat().st_size / 1e6, "MB")


def _command(site: Site, what: str, *arguments: str) -> Iterator[Figure]:
    """Seconds and megabytes of a command, from the start of its process to the end."""
    environment = {"PATH": os.environ["PATH"]} | site.environment
    server = site.processor() - time.process_time()
    begun = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURED, sys.executable, "-m", "engage", *arguments],
        env=environment, stdout=subprocess.PIPE, check=True,
    ).stdout  # fmt: skip
    took = time.perf_counter() - begun
    server = site.processor() - time.process_time() - server
    used, peak = map(float, told.split()[-2:])
    yield Figure(f"  {what}", took, "s")
    yield Figure(f"  {what}: processor", used + server, "s")
    yield Figure(f"  {what}: peak memory", peak, "MB")


_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""
"""Runs a command from a small process: what a large one starts counts its parent's memory as its own."""


def _addresses(slug: str) -> dict[str, str]:
    """The pages of the report, and some lists that its numbers lead to, from the largest to a small one."""
    report, room = f"/en/reports/{slug}", f"/en/periods/{slug}/comments"
    codes = default_taxonomy().codes
    return {
        "open report": f"{report}/open",
        "published report": f"{report}/1",
        "concern of the published": f"{report}/1/concerns/{codes[0]}",
        "JSON of the published": f"{report}/1.json",
        "published list of a position": f"{report}/1/comments?position=oppose",
        "published list of a concern in a month": f"{report}/1/comments?concern={codes[0]}&month=2026-10",
        "published list of a concern and a district": f"{report}/1/comments?concern={codes[0]}&district=d1",
        "reading room": room,
        "list of a position": f"{room}?position=oppose",
        "list of a concern": f"{room}?concern={codes[0]}",
        "list of a concern and a district": f"{room}?concern={codes[0]}&district=d1",
        "list of a concern and a tone": f"{room}?concern={codes[0]}&tone=negative",
        "list of a concern and a month": f"{room}?concern={codes[0]}&month=2026-10",
        "list of a concern and a position": f"{room}?concern={codes[0]}&position=oppose",
        "list of a concern without a letter": f"{room}?concern={codes[0]}&part=alone",
        "list of a tone": f"{room}?tone=negative",
        "list of a language": f"{room}?written_in=es",
        "list of a district": f"{room}?district=d1",
        "list of a channel": f"{room}?channel=phone",
        "list of a position in a district": f"{room}?position=oppose&district=d1",
        "list of the named": f"{room}?named=yes",
        "list of what a program measured": f"{room}?analyser=1%2Bbench",
        "list of what nobody has read": f"{room}?read_by=machine",
        "list of a day": f"{room}?day=2026-10-05",
        "page 500 of the list of a concern": f"{room}?concern={codes[0]}&page=500",
    }


def _medians(site: Site, address: str, times: int) -> tuple[float, float]:
    """Milliseconds of a page, warm, and of the processors for it."""
    client = site.app.test_client()
    took, used = [], []
    for _ in range(times + 2):
        begun, cpu = time.perf_counter(), site.processor()
        answer = client.get(address)
        took.append(time.perf_counter() - begun)
        used.append(site.processor() - cpu)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return statistics.median(took[2:]) * 1000, statistics.mean(used[2:]) * 1000


def _until_told(site: Site, slug: str) -> float:
    """Seconds from the commit of a posted comment until the report's page counts it, the jobs running."""
    stopped = threading.Event()
    worker = threading.Thread(target=_work, args=(site.app, stopped))
    client = site.app.test_client()

    def posted() -> int:
        told: int = client.get(f"/en/reports/{slug}/open.json").get_json()["posted"]["count"]
        return told

    before = posted()
    worker.start()
    try:
        with site.app.app_context(), write_transaction() as session:
            period = session.scalars(sa.select(CommentPeriod).where(CommentPeriod.slug == slug)).one()
            makers.comment(session, period, body="This one is new. Who pays for it?")
        begun = time.perf_counter()
        while posted() == before:
            time.sleep(0.05)
        return time.perf_counter() - begun
    finally:
        stopped.set()
        worker.join()


def _work(app: Flask, stopped: threading.Event) -> None:
    with app.app_context():
        while not stopped.wait(0.2):
            run_once({"analyse": analyse_due, "count": count_due})


def _statements(site: Site, address: str) -> int:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    with site.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    site.app.test_client().get(address)
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
