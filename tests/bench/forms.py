"""A hundred thousand answers to a form of twenty questions: to count them, and to read what is told."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from engage.app import create_app
from engage.clock import utcnow
from engage.config import from_environment
from engage.db.base import random_id
from engage.db.session import db, write_transaction
from engage.feedback.models import Channel, FeedbackForm, FormResponse, FormResult
from engage.feedback.results import from_json
from engage.feedback.service.count import count_again
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question
from engage.survey.expressions import parse
from tests.bench import Figure, Place, benchmark, median_milliseconds, seconds
from tests.support import databases
from tests.support.makers import both, feedback_form

ANSWERS = 100_000
_CHUNK = 5_000


@benchmark
def forms(place: Place) -> Iterator[Figure]:
    """On each database."""
    yield from figures("SQLite", place, ANSWERS)
    if databases.has_postgresql():
        with databases.postgresql_cluster() as socket_folder:
            url = databases.create_database(socket_folder, "forms")
            databases.migrated(url)
            environment = place.environment | {"ENGAGE_DATABASE_URL": url}
            other = replace(place, app=create_app(from_environment(environment)), environment=environment)
            yield from figures("PostgreSQL", other, ANSWERS)


def figures(database: str, place: Place, number: int) -> Iterator[Figure]:
    """Fill a form, count it in a process of its own (whose memory is measured), read what is told."""
    with place.app.app_context():
        with write_transaction() as session:
            form = feedback_form(session, definition())
            slug, version_id = form.slug, form.versions[-1].id
        fill(version_id, number)
        base, _took = counted(place, "")
        peak, took = counted(place, slug)
        yield Figure(f"count {number:,} answers to 20 questions, {database}", took, "s")
        yield Figure(f"… memory above that of an empty site, {database}", peak - base, "MB")
        with db.sessionmaker() as session:
            form_id = session.scalars(sa.select(FeedbackForm.id).where(FeedbackForm.slug == slug)).one()
            read = sa.select(FormResult.tables).where(FormResult.form_id == form_id)
            told = from_json(session.scalars(read).one())
            milliseconds = median_milliseconds(lambda: from_json(session.scalars(read).one()))
        yield Figure(f"… read what is told of them, {database}", milliseconds, "ms")
        client = place.app.test_client()
        for what, address in (("results page", "results"), ("page of a question's tables", "results/tables")):
            url = f"/en/forms/{slug}/{address}"
            if client.get(url).status_code != 200:
                raise RuntimeError(f"{url} cannot be read.")
            yield Figure(f"… {what}, {database}", median_milliseconds(partial(client.get, url)), "ms")
        tables = sum(len(question.crosstabs) for question in told.questions)
        yield Figure(f"… cross tables told, {database}", tables, "tables")
        db.engine.dispose()


def counted(place: Place, slug: str) -> tuple[float, float]:
    """The most memory (MB) of a process that counts this form, or none, and how long the counting took."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.forms", slug],
        env=place.environment | {"PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    peak, took = ran.stdout.split()[-2:]
    return float(peak), float(took)


def count(slug: str) -> None:
    """What that process does."""
    app, took = create_app(from_environment(os.environ)), 0.0
    with app.app_context(), write_transaction() as session:
        form = session.scalar(sa.select(FeedbackForm).where(FeedbackForm.slug == slug))
        if form is not None:
            took = seconds(lambda: count_again(session, form, utcnow()))
    # Of this process alone: what getrusage says begins with the memory of the one that started it.
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    sys.stdout.write(f"{int(peak[1]) / 1024 if peak else 0.0} {took}\n")


def definition() -> Definition:
    """Twenty questions of all kinds; the others are told by three of them."""

    def choices(number: int) -> tuple[Choice, ...]:
        return tuple(Choice(f"c{place}", both(f"Choice {place}")) for place in range(number))

    def question(name: str, kind: Kind, **fields: object) -> Question:
        return Question(name=name, kind=kind, title=both(name), **fields)  # type: ignore[arg-type]

    broken_down = frozenset({Flag.BREAKDOWN})
    elements = (
        *(question(f"single{n}", Kind.SINGLE, choices=choices(4)) for n in range(6)),
        *(question(f"several{n}", Kind.MULTIPLE, choices=choices(6)) for n in range(3)),
        *(question(f"scale{n}", Kind.SCALE) for n in range(4)),
        question("matrix", Kind.MATRIX, choices=choices(4), rows=choices(5)),
        question("ranking", Kind.RANKING, choices=choices(5)),
        question("number", Kind.NUMBER, minimum="0"),
        question("why", Kind.SINGLE, choices=choices(5), visible_if=parse("{single0} = 'c1'")),
        question("area", Kind.SINGLE, choices=choices(8), flags=broken_down),
        question("age", Kind.SINGLE, choices=choices(6), flags=broken_down),
        question("home", Kind.SINGLE, choices=choices(3), flags=broken_down),
    )
    return Definition(
        title=both("Twenty questions"),
        intro=both("All of them."),
        pages=(Page(name="all", title=both("All"), elements=elements),),
    )


def fill(version_id: int, number: int) -> None:
    """Write so many answers as the job does that takes them out of the box."""
    chance = random.Random(6)  # noqa: S311 - the same answers at every run
    for start in range(0, number, _CHUNK):
        rows = [
            {
                "id": random_id(),
                "version_id": version_id,
                "language": chance.choice(("en", "en", "en", "es")),
                "channel": Channel.WEB,
                "answered_on": date(2026, 11, 26),
                "answers": _answers(chance),
                "is_doubtful": False,
            }
            for _ in range(min(_CHUNK, number - start))
        ]
        with write_transaction() as session:
            session.execute(sa.insert(FormResponse), rows)


def _answers(chance: random.Random) -> dict[str, object]:
    def one(number: int) -> str:
        return f"c{min(int(chance.expovariate(0.7)), number - 1)}"

    answers: dict[str, object] = {f"single{n}": one(4) for n in range(6)}
    answers |= {f"several{n}": [one(6), *({one(6)} - {one(6)})] for n in range(3)}
    answers |= {f"scale{n}": chance.randint(1, 5) for n in range(4)}
    answers["matrix"] = {f"c{row}": one(4) for row in range(5)}
    answers["ranking"] = chance.sample([f"c{n}" for n in range(5)], 5)
    answers["number"] = int(chance.expovariate(0.02))
    answers |= {"area": one(8), "age": one(6), "home": one(3)}
    if answers["single0"] == "c1":
        answers["why"] = one(5)
    return answers


if __name__ == "__main__":
    count(sys.argv[1])
