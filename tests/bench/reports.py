# ruff: noqa: S608, E501 - the statements are our own words, and one line each
"""What a report costs with ten thousand and with a million comments, and how soon a new one is in it.

The rows are made by the database itself, on SQLite and on PostgreSQL where its programs are there.
"""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.analysis import default_taxonomy
from engage.app import create_app
from engage.comments.models import CommentPeriod, Disposition
from engage.comments.service import analyse_due
from engage.config import from_environment
from engage.db.base import random_id
from engage.db.session import db, write_transaction
from engage.dockets.models import District
from engage.jobs.queue import run_once
from engage.reports.models import Tally
from engage.reports.service import count_due
from tests.bench import Figure, Place, benchmark, median_milliseconds, seconds
from tests.conftest import test_environment
from tests.support import databases, makers

FEW, MANY = 10_000, int(os.environ.get("ENGAGE_BENCH_REPORTS", "1000000"))
DISTRICTS = 8
LETTERS = 5_000
"""Form letters of a period: a sixth of the comments are copies of one, another sixth of all the others."""

TIMES = 20


@benchmark
def reports(place: Place) -> Iterator[Figure]:
    """The same page at both sizes, and the way of one comment into it; on both databases."""
    yield from _reports("SQLite", place.app)
    if databases.has_postgresql():
        with databases.postgresql_cluster() as folder:
            url = databases.create_database(folder, "bench")
            databases.migrated(url)
            queue = Path(place.folder) / "postgresql"
            queue.mkdir()
            yield from _reports("PostgreSQL", create_app(from_environment(test_environment(url, queue))))


def _reports(name: str, app: Flask) -> Iterator[Figure]:
    client = app.test_client()
    medians = []
    with app.app_context(), write_transaction() as session:
        session.add_all(
            District(code=f"d{number}", name=makers.both(f"District {number}"), position=number)
            for number in range(DISTRICTS)
        )
    for number in (FEW, MANY):
        with app.app_context():
            begun = time.perf_counter()
            period_id, slug = _fill(number)
            yield Figure(f"{name}: {number:,} comments made", time.perf_counter() - begun, "s")
            before = _megabytes()
            rate = number / seconds(lambda: run_once({"count": count_due}))
            yield Figure(f"{name}: comments counted, {number:,} at once", rate, "comments/s")
            yield Figure(f"{name}: memory to count {number:,}", _megabytes() - before, "MB")
            tallies = sa.select(sa.func.count()).where(Tally.period_id == period_id)
            with db.sessionmaker() as session:
                yield Figure(f"{name}: numbers of {number:,} comments", session.scalar(tallies) or 0, "rows")
        address = f"/en/reports/{slug}"
        medians.append(median_milliseconds(_getter(client, address), times=TIMES))
        yield Figure(f"{name}: report of {number:,}, median", medians[-1], "ms")
        with _statements(app) as statements:
            client.get(address)
        yield Figure(f"{name}: statements for the report of {number:,}", len(statements), "statements")
        for what, link in _links(slug).items():
            median = median_milliseconds(_getter(client, link), times=3)
            yield Figure(f"{name}: {what} of {number:,}, median", median, "ms")
        yield Figure(
            f"{name}: until a new comment is in the report of {number:,}", _until_told(app, slug), "s"
        )
    yield Figure(f"{name}: report, {MANY:,} to {FEW:,} comments", medians[1] / medians[0], "ratio")


def _getter(client: object, address: str) -> Callable[[], object]:
    def get() -> None:
        answer = client.get(address)  # type: ignore[attr-defined]
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    return get


def _links(slug: str) -> dict[str, str]:
    """Some lists that numbers of the report lead to, from the largest to a small one."""
    room = f"/en/periods/{slug}/comments"
    codes = default_taxonomy().codes
    return {
        "reading room": room,
        "list of a position": f"{room}?position=oppose",
        "list of a concern": f"{room}?concern={codes[0]}",
        "list of a concern and a district": f"{room}?concern={codes[0]}&district=d1",
        "list of a concern and a tone": f"{room}?concern={codes[0]}&tone=negative",
        "list of a day": f"{room}?day=2026-10-05",
    }


def _until_told(app: Flask, slug: str) -> float:
    """Seconds from the commit of a posted comment until the report's page counts it, the jobs running."""
    stopped = threading.Event()
    worker = threading.Thread(target=_work, args=(app, stopped))
    client = app.test_client()

    def posted() -> int:
        told: int = client.get(f"/en/reports/{slug}.json").get_json()["posted"]["count"]
        return told

    before = posted()
    worker.start()
    try:
        with app.app_context(), write_transaction() as session:
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


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def _fill(number: int) -> tuple[int, str]:
    """A period with so many posted comments, as if analysed: a third of the texts are sent by many."""
    with write_transaction() as session:
        period = makers.comment_period(session)
        period_id, slug, offset = period.id, period.slug, random_id() % 1_000_000
        _number(session, 0, LETTERS - 1)
        for statement in _letters(session.get_bind().dialect.name):
            session.execute(sa.text(statement), {"period": period_id})
        session.execute(sa.text("DROP TABLE bench_number"))
    for first in range(0, number, 100_000):
        with write_transaction() as session:
            _number(session, first, min(first + 100_000, number) - 1)
            values = {"period": period_id, "offset": offset, "start": date(2026, 10, 1).toordinal()}
            for statement in _inserts(session.get_bind().dialect.name):
                session.execute(sa.text(statement), values)
            session.execute(sa.text("DROP TABLE bench_number"))
    with write_transaction() as session:
        session.execute(sa.text("ANALYZE"))
    return period_id, slug


def _number(session: Session, first: int, last: int) -> None:
    rows = _number_rows(session.get_bind().dialect.name)
    session.execute(sa.text(rows), {"first": first, "last": last})


def _digest(dialect: str, text: str) -> str:
    return f"lpad(to_hex({text}), 64, '0')" if dialect == "postgresql" else f"printf('%064x', {text})"


def _letters(dialect: str) -> Iterator[str]:
    """The campaigns of the texts that many send; each of one text."""
    yes, no = ("true", "false") if dialect == "postgresql" else ("1", "0")
    number = f":period * {LETTERS} + n"
    yield (
        "INSERT INTO campaign (id, period_id, is_stale, is_broken)"
        f" SELECT {number}, :period, {no}, {no} FROM bench_number"
    )
    yield (
        "INSERT INTO campaign_text (id, period_id, digest, campaign_id, is_exemplar, is_personal, is_placed,"
        f" recount) SELECT {number}, :period, {_digest(dialect, 'n')}, {number}, {yes}, {no}, {yes}, {no}"
        " FROM bench_number"
    )


def _number_rows(dialect: str) -> str:
    source = (
        "generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS t(n)"
        if dialect == "postgresql"
        else "(WITH RECURSIVE t(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM t WHERE n < :last) SELECT n FROM t)"
    )
    return f"CREATE TEMPORARY TABLE bench_number AS SELECT n FROM {source}"


def _inserts(dialect: str) -> Iterator[str]:
    """The rows of comments, their analysis and concerns. ``h`` is a number that jumps about with ``n``."""
    is_postgresql = dialect == "postgresql"
    number = "(n + 1 + :offset)"
    comment_id = f"(({number} * 1000003) % 1000000007) * 1000000 + {number} % 1000000"
    h = f"(({number} * 7919) % 104729)"
    text = f"(CASE WHEN {h} % 6 = 0 THEN 0 WHEN {h} % 3 = 0 THEN {h} % {LETTERS} ELSE n + {LETTERS} END)"
    digest = _digest(dialect, text)
    tracking = f"'B' || CAST({number} AS text)"
    if is_postgresql:
        day = f"DATE '2026-10-01' + CAST({h} % 45 AS integer)"
        boolean = ("true", "false")
    else:
        day = f"date('2026-10-01', '+' || ({h} % 45) || ' days')"
        boolean = ("1", "0")
    yes, no = boolean
    positions = "CASE " + " ".join(
        f"WHEN {h} % 20 < {limit} THEN '{name}'"
        for limit, name in ((8, "oppose"), (15, "support"), (16, "neutral"), (17, "mixed"), (18, "question_only"))
    ) + " ELSE NULL END"  # fmt: skip
    channels = f"CASE WHEN {h} % 10 < 7 THEN 'web' WHEN {h} % 10 < 9 THEN 'email' ELSE 'phone' END"
    district = f"(SELECT id FROM district WHERE position = ({h} / 7) % {DISTRICTS + 1})"
    name = f"CASE WHEN {h} % 5 < 2 THEN 'Person ' || CAST(n % 200000 AS text) ELSE NULL END"
    yield (
        "INSERT INTO comment (id, period_id, tracking_number, body, body_digest, position, name, district_id,"
        " channel, received_on, on_time, disposition, analysis_due, count_due, is_redacted, campaign_due)"
        f" SELECT {comment_id}, :period, {tracking}, 'What number ' || CAST({text} AS text) || ' says of it.',"
        f" {digest}, {positions}, {name}, {district}, {channels}, {day}, {yes}, '{Disposition.POSTED}',"
        f" {no}, {yes}, {no}, {no} FROM bench_number WHERE :start > 0"
    )
    tone = f"CASE WHEN ({h} / 11) % 3 = 0 THEN 'positive' WHEN ({h} / 11) % 3 = 1 THEN 'negative' ELSE 'neutral' END"
    language = f"CASE WHEN ({h} / 13) % 5 = 0 THEN 'es' ELSE 'en' END"
    yield (
        "INSERT INTO comment_analysis (comment_id, analyser_version, language, language_confidence, tone,"
        f" tone_score, position_suggested) SELECT {comment_id}, '1+bench', {language}, 0.9, {tone}, 0.2,"
        " 'unclear' FROM bench_number WHERE :period > 0 AND :start > 0"
    )
    codes = [code for code in default_taxonomy().codes if code]
    for step, factor in enumerate((17, 19)):
        half = len(codes) // 2
        some = codes[step * half : (step + 1) * half]
        code = "CASE " + " ".join(
            f"WHEN ({h} / {factor}) % {half} = {place} THEN '{one}'" for place, one in enumerate(some)
        )  # fmt: skip
        yield (
            "INSERT INTO comment_concern (comment_id, code, denied, spans)"
            f" SELECT {comment_id}, {code} END, {no}, '[]' FROM bench_number WHERE :period > 0 AND :start > 0"
        )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
