"""The results page and the files of a form with very many answers: milliseconds, seconds and memory."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.app import create_app
from engage.config import from_environment
from engage.db.base import random_id
from engage.db.session import db
from engage.feedback import answer_files
from engage.feedback.answer_columns import asked_in
from engage.feedback.models import Channel, FeedbackForm, FormResponse, FormText, TextState
from tests.bench import Figure, Place, benchmark, median_milliseconds, texts
from tests.feedback.tables import counted_form

MANY = 100_000
FORMATS = ("csv", "zip", "xlsx", "json")
_CHUNK = 5_000


@benchmark
def form_exports(place: Place) -> Iterator[Figure]:
    """A page that reads one row; files that stream in constant memory, each made in a process of its own."""
    with place.app.app_context(), db.sessionmaker() as session, session.begin():
        slug = fill(session, MANY)
    client = place.app.test_client()
    for path in ("results", "results/tables?all=1", "results.csv"):
        url = f"/en/forms/{slug}/{path}"
        median = median_milliseconds(lambda url=url: client.get(url))  # type: ignore[misc]
        yield Figure(f"{path} of a form with {MANY:,} answers, median", median, "ms")
    with place.app.app_context():
        db.engine.dispose()
    for kind in FORMATS:
        told = _apart(place, slug, kind)
        yield Figure(f"{MANY:,} answers as {kind}", told["seconds"], "s")
        yield Figure(f"{MANY:,} answers as {kind}, size", told["bytes"] / 1e6, "MB")
        yield Figure(f"{MANY:,} answers as {kind}, memory that it adds", told["grown"] / 1e6, "MB")


def fill(session: Session, number: int) -> str:
    """A form with so many counted answers to everything, a quarter of them with a text; returns its slug."""
    chance = random.Random(number)  # noqa: S311 - the same rows at every run, nothing secret
    form = counted_form(session)
    version, bodies = form.versions[-1].id, texts(1000)
    for first in range(0, number, _CHUNK):
        ids = [random_id() for _ in range(min(_CHUNK, number - first))]
        session.execute(sa.insert(FormResponse), [_response(one, version, chance) for one in ids])
        session.execute(
            sa.insert(FormText),
            [
                {
                    "id": random_id(), "response_id": one, "question": "why", "body": chance.choice(bodies),
                    "state": TextState.SHOWN,
                }
                for one in ids[::4]
            ],
        )  # fmt: skip
    return form.slug


def _response(number: int, version: int, chance: random.Random) -> dict[str, object]:
    degrees = ["never", "rarely", "sometimes", "often", "always"]
    return {
        "id": number,
        "version_id": version,
        "language": chance.choice(["en", "en", "es"]),
        "channel": Channel.WEB,
        "answered_on": date(2026, 10, 1) + timedelta(days=chance.randrange(45)),
        "is_doubtful": False,
        "answers": {
            "trust": chance.choice(["yes", "no"]),
            "contact": chance.sample(["sheriff", "police"], chance.randrange(1, 3)),
            "safe": chance.randrange(1, 6),
            "often": {"walk": chance.choice(degrees), "drive": chance.choice(degrees)},
            "first": chance.sample(["safety", "trust", "cost"], 3),
            "years": chance.randrange(60),
            "since": "2026-10-12",
            "area": chance.choice(["north", "south", "east"]),
            "stopped": chance.choice(["yes", "no"]),
        },
    }


def _apart(place: Place, slug: str, kind: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.form_exports", slug, kind],
        env=os.environ | place.environment,
        capture_output=True,
        check=True,
        text=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _measure(slug: str, kind: str) -> dict[str, float]:
    """Make one file and throw it away; how long it took, and how far the process grew beyond what it was."""
    make = getattr(answer_files, f"as_{kind}")
    with create_app(from_environment(os.environ)).app_context(), db.sessionmaker() as session:
        form = session.scalars(sa.select(FeedbackForm).where(FeedbackForm.slug == slug)).one()
        file = answer_files.answer_file(form, asked_in(form), [("Form", slug)], reads_waiting=False)
        pieces = make(session, file)
        size = len(next(pieces))
        before, begun = _memory("VmRSS"), time.perf_counter()
        # Forget the peak so far: what the start of the site took, and on Linux what the parent did.
        Path("/proc/self/clear_refs").write_text("5")
        size += sum(map(len, pieces))
        return {"bytes": size, "seconds": time.perf_counter() - begun, "grown": _memory("VmHWM") - before}


def _memory(name: str) -> float:
    """A line of the kernel's account of this process, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) * 1024 for line in lines if line.startswith(name))


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], sys.argv[2])))  # noqa: T201
