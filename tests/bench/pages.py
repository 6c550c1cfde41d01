"""How long pages take with many comments, and how heavy they are on the wire."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import default_taxonomy, fingerprint
from engage.comments.models import (
    Channel,
    Comment,
    CommentAnalysis,
    CommentConcern,
    Disposition,
    Position,
)
from engage.comments.tracking import new_tracking_number
from engage.db.base import random_id
from engage.db.session import db
from engage.jobs.queue import run_once
from engage.reports.service import count_due
from engage.web.templating import built_files
from tests.bench import Figure, Place, benchmark, median_milliseconds, seconds, texts
from tests.support import makers

FEW, MANY = 5_000, 50_000
_CHUNK = 5_000


@benchmark
def pages(place: Place) -> Iterator[Figure]:
    """The report must cost the same at any number of comments."""
    client = place.app.test_client()
    medians = []
    for number in (FEW, MANY):
        with place.app.app_context(), db.sessionmaker() as session, session.begin():
            slug = period_with(session, number)
        with place.app.app_context():
            rate = number / seconds(lambda: run_once({"count": count_due}))
        yield Figure(f"comments counted, {number:,} at once", rate, "comments/s")
        report = f"/en/reports/{slug}"
        medians.append(median_milliseconds(lambda url=report: client.get(url)))  # type: ignore[misc]
        yield Figure(f"report page with {number:,} comments, median", medians[-1], "ms")
        room = f"/en/periods/{slug}/comments"
        median = median_milliseconds(lambda url=room: client.get(url), times=15)  # type: ignore[misc]
        yield Figure(f"reading room with {number:,} comments, median", median, "ms")
    yield Figure(f"report page, {MANY:,} to {FEW:,} comments", medians[1] / medians[0], "ratio")


@benchmark
def weight(place: Place) -> Iterator[Figure]:
    """What a first visit brings over the wire: the page with its styles, scripts and fonts."""
    with place.app.app_context(), db.sessionmaker() as session, session.begin():
        slug = period_with(session, 500)
    with place.app.app_context():
        run_once({"count": count_due})
    client = place.app.test_client()
    for name, address in (
        ("home", "/en/"),
        ("period", f"/en/periods/{slug}"),
        ("form", f"/en/periods/{slug}/comment"),
        ("report", f"/en/reports/{slug}"),
    ):
        html = client.get(address, follow_redirects=True).data
        files = [html, *_files(html.decode())]
        yield Figure(f"{name} page with styles and scripts", sum(map(len, files)) / 1000, "kB")
        zipped = sum(len(gzip.compress(content, 6)) for content in files) / 1000
        yield Figure(f"{name} page with styles and scripts, gzipped", zipped, "kB gzip")


def period_with(session: Session, number: int) -> str:
    """A period with so many posted comments, as if analysed, that wait to be counted; returns its slug."""
    chance = random.Random(number)  # noqa: S311 - the same rows at every run, nothing secret
    period = makers.comment_period(session)
    codes = default_taxonomy().codes
    bodies = [(text, fingerprint(text)) for text in texts(1000)]
    for first in range(0, number, _CHUNK):
        ids = [random_id() for _ in range(min(_CHUNK, number - first))]
        session.execute(sa.insert(Comment), [_comment(one, period.id, chance, bodies) for one in ids])
        session.execute(sa.insert(CommentAnalysis), [_analysis(one, chance) for one in ids])
        session.execute(
            sa.insert(CommentConcern),
            [
                {"comment_id": one, "code": code, "denied": chance.random() < 0.05, "spans": []}
                for one in ids
                for code in chance.sample(codes, 2)
            ],
        )
    return period.slug


def _comment(
    number: int, period_id: int, chance: random.Random, bodies: list[tuple[str, str]]
) -> dict[str, object]:
    body, digest = chance.choice(bodies)
    return {
        "id": number,
        "period_id": period_id,
        "tracking_number": new_tracking_number(),
        "body": body,
        "body_digest": digest,
        "position": chance.choice([None, *Position]),
        "name": f"Person {chance.randrange(500)}" if chance.random() < 0.4 else None,
        "channel": chance.choice(list(Channel)),
        "received_on": date(2026, 10, 1) + timedelta(days=chance.randrange(45)),
        "disposition": Disposition.POSTED,
        "analysis_due": False,
    }


def _analysis(number: int, chance: random.Random) -> dict[str, object]:
    score = round(chance.uniform(-1, 1), 3)
    return {
        "comment_id": number,
        "analyser_version": "1+bench",
        "language": chance.choice(["en", "en", "es"]),
        "language_confidence": 0.9,
        "tone": "positive" if score > 0.1 else "negative" if score < -0.1 else "neutral",
        "tone_score": score,
        "position_suggested": "unclear",
    }


def _files(html: str) -> Iterator[bytes]:
    """The built files that a page asks for, and the fonts that its styles ask for."""
    folder = built_files()
    if folder is None:
        raise RuntimeError("The styles and scripts are not built: make setup")
    wanted = dict.fromkeys(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html))
    for name in wanted:
        content = (folder / name).read_bytes()
        yield content
        if name.endswith(".css"):
            for font in re.findall(rb"url\([\"']?\.\./(fonts/[^\"')]+)", content):
                yield (folder / font.decode()).read_bytes()
        for module in re.findall(rb"from\s*[\"']\./([^\"']+)", content) if name.endswith(".js") else ():
            yield (folder / "js" / module.decode()).read_bytes()
