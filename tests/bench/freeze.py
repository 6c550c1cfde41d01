"""Publishing a report of a million comments: how long it takes, how much memory, and how its pages open."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import default_taxonomy, fingerprint
from engage.clock import utcnow
from engage.comments.models import Channel, Comment, Disposition, Position
from engage.comments.tracking import new_tracking_number
from engage.db.base import random_id
from engage.db.session import db
from engage.reports.measures import (
    METHOD,
    Facts,
    of_concern,
    of_distinct,
    tallies,
)
from engage.reports.models import (
    CountedComment,
    CountedPeriod,
    Distinct,
    DistinctKind,
    FrozenColumn,
    ReportVersion,
    Tally,
)
from tests.bench import Figure, Place, benchmark, median_milliseconds, seconds
from tests.support import makers

SIZES = (10_000, int(os.environ.get("ENGAGE_BENCH_FREEZE", "1000000")))
_CHUNK = 10_000
_KINDS = 400
"""So many different facts: what makes a list cost is how many comments are in it."""


@benchmark
def freeze(place: Place) -> Iterator[Figure]:
    """As staff do it by the command: in a process of its own, whose memory is its own."""
    medians = []
    for size in SIZES:
        with place.app.app_context(), db.sessionmaker() as session, session.begin():
            slug = counted_period(session, size)
        took, peak = _publish(place, slug)
        yield Figure(f"publish {size:,} comments", took, "s")
        yield Figure(f"publish {size:,} comments, peak memory", peak, "MB")
        with place.app.app_context(), db.sessionmaker() as session:
            digest = session.scalar(sa.select(ReportVersion.list_digest).order_by(ReportVersion.id.desc()))
            kept = session.scalar(
                sa.select(sa.func.sum(sa.func.length(FrozenColumn.content))).where(
                    FrozenColumn.list_digest == digest
                )
            )
        yield Figure(f"list of {size:,} comments, as it is kept", (kept or 0) / 1e6, "MB")
        client = place.app.test_client()
        address = f"/en/reports/{slug}/1"
        for name, path in (
            ("report", address),
            ("list of one position", f"{address}/comments?position=oppose"),
            ("list of a concern in a month", f"{address}/comments?concern=cost_budget&month=2026-10"),
            ("JSON", f"{address}.json"),
        ):
            median = median_milliseconds(lambda url=path, by=client: by.get(url), times=10)  # type: ignore[misc]
            yield Figure(f"version 1 of {size:,}: {name}, median", median, "ms")
            if name == "report":
                medians.append(median)
        check = [sys.executable, "-m", "engage", "reports", "check", slug]
        took = seconds(lambda call=check: subprocess.run(call, env=_environment(place), check=True))  # type: ignore[misc]
        yield Figure(f"check the version of {size:,} comments", took, "s")
    yield Figure(f"version page, {SIZES[1]:,} to {SIZES[0]:,} comments", medians[1] / medians[0], "ratio")


def _publish(place: Place, slug: str) -> tuple[float, float]:
    """Seconds and megabytes of the command."""
    arguments = ["reports", "publish", slug, "--note-en", "Bench", "--note-es", "Prueba"]
    usage: list[float] = []

    def run() -> None:
        child = subprocess.Popen([sys.executable, "-m", "engage", *arguments], env=_environment(place))
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError("The report could not be published.")
        usage.append(used.ru_maxrss / 1024)

    return seconds(run), usage[0]


def _environment(place: Place) -> dict[str, str]:
    return {"PATH": os.environ["PATH"]} | place.environment


def counted_period(session: Session, size: int) -> str:
    """A period with so many posted comments that are analysed and counted; returns its slug."""
    chance = random.Random(size)  # noqa: S311 - the same rows at every run, nothing secret
    period = makers.comment_period(session)
    kinds = [_facts(chance) for _ in range(_KINDS)]
    bodies = [f"Comment number {number} about the agreement." for number in range(1_000)]
    texts = [fingerprint(body) for body in bodies]
    used: Counter[int] = Counter()
    shared: Counter[tuple[DistinctKind, str]] = Counter()
    of_concerns: set[tuple[str, DistinctKind, str]] = set()
    for first in range(0, size, _CHUNK):
        rows, counted = [], []
        for _ in range(min(_CHUNK, size - first)):
            kind, text, number = chance.randrange(_KINDS), chance.randrange(len(texts)), random_id()
            used[kind] += 1
            name = f"{chance.randrange(size // 2):064x}" if kinds[kind]["submitter"] else None
            facts = kinds[kind] | {"text": texts[text], "submitter": name}
            shared[DistinctKind.TEXT, texts[text]] += 1
            of_concerns |= {(code, DistinctKind.TEXT, texts[text]) for code in facts["concerns"]}
            if name:
                shared[DistinctKind.SUBMITTER, name] += 1
                of_concerns |= {(code, DistinctKind.SUBMITTER, name) for code in facts["concerns"]}
            rows.append(_comment(number, period.id, bodies[text], facts))
            counted.append({"comment_id": number, "facts": {k: v for k, v in facts.items() if v}})
        session.execute(sa.insert(Comment), rows)
        session.execute(sa.insert(CountedComment), counted)
    _store_numbers(session, period.id, kinds, used, shared, of_concerns)
    return period.slug


def _store_numbers(
    session: Session,
    period_id: int,
    kinds: list[dict[str, Any]],
    used: Counter[int],
    shared: Counter[tuple[DistinctKind, str]],
    of_concerns: set[tuple[str, DistinctKind, str]],
) -> None:
    numbers: Counter[tuple[str, str]] = Counter()
    for kind, n in used.items():
        for name in tallies(Facts.from_json(kinds[kind])):
            numbers[name] += n
    for (of, _), n in shared.items():
        numbers.update(of_distinct(of, n))
    numbers.update(of_concern(concern, of) for concern, of, _ in of_concerns)
    session.add(CountedPeriod(period_id=period_id, method=METHOD, counted_at=utcnow()))
    rows = [
        {"period_id": period_id, "measure": measure, "key": key, "n": n}
        for (measure, key), n in numbers.items()
    ]
    session.execute(sa.insert(Tally), rows)
    session.execute(
        sa.insert(Distinct),
        [
            {"period_id": period_id, "kind": of, "key": key, "n": n}
            for (of, key), n in shared.items()
            if of is DistinctKind.TEXT
        ],
    )


def _facts(chance: random.Random) -> dict[str, Any]:
    codes = default_taxonomy().codes
    found = chance.sample(codes, 2)
    return {
        "disposition": "posted",
        "position": chance.choice([None, *Position]),
        "day": f"{date(2026, 10, 1) + timedelta(days=chance.randrange(60))}",
        "channel": chance.choice(list(Channel)),
        "tone": chance.choice(["positive", "neutral", "negative"]),
        "language": chance.choice(["en", "en", "es"]),
        "analyser": "1+bench",
        "concerns": found,
        "denied": found[:1] if chance.random() < 0.05 else [],
        "read_by": "machine",
        "submitter": "somebody" if chance.random() < 0.4 else None,
    }


def _comment(number: int, period_id: int, body: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": number,
        "period_id": period_id,
        "tracking_number": new_tracking_number(),
        "body": body,
        "body_digest": facts["text"],
        "position": facts["position"],
        "channel": facts["channel"],
        "received_on": date.fromisoformat(str(facts["day"])),
        "disposition": Disposition.POSTED,
        "analysis_due": False,
        "count_due": False,
        "campaign_due": False,
    }
