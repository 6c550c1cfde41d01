"""How fast comments are brought into campaigns, from none and one by one, and how much memory that takes."""

from __future__ import annotations

import resource
import statistics
from collections.abc import Iterator

import sqlalchemy as sa

from engage.analysis import fingerprint
from engage.campaigns.service import group_due
from engage.comments.models import Comment, CommentPeriod
from engage.db.base import random_id
from engage.db.session import write_transaction
from engage.evaluation.campaign_sets import campaign_set
from tests.bench import Figure, Place, benchmark, seconds
from tests.support import makers

COMMENTS = 10_000
ONE_BY_ONE = 30


@benchmark
def campaigns(place: Place) -> Iterator[Figure]:
    """Ten thousand comments with hard campaigns in them, then some more that come by themselves."""
    texts = [one.text for one in campaign_set(sizes=(2500, 1200, 600, 200, 50, 20, 5), unrelated=7000)]
    texts = texts[: COMMENTS + ONE_BY_ONE]
    with place.app.app_context():
        with write_transaction() as session:
            period_id = makers.comment_period(session).id
        _add(period_id, texts[:COMMENTS])
        before = _megabytes()
        took = seconds(_group_all)
        yield Figure(f"{COMMENTS:,} comments grouped into campaigns", took, "s")
        yield Figure(f"memory for grouping {COMMENTS:,} comments", _megabytes() - before, "MB")
        singly = []
        for text in texts[COMMENTS:]:
            _add(period_id, [text])
            singly.append(1000 * seconds(group_due))
            _group_all()
        yield Figure(f"one more comment beside {COMMENTS:,} grouped", statistics.median(singly), "ms")


def _add(period_id: int, texts: list[str]) -> None:
    rows = [
        {
            "id": random_id(),
            "tracking_number": f"B{random_id():x}"[:16],
            "period_id": period_id,
            "body": text,
            "body_digest": fingerprint(text),
            "received_on": makers.NOON.date(),
            "disposition": "posted",
            "channel": "web",
        }
        for text in texts
    ]
    with write_transaction() as session:
        session.get_one(CommentPeriod, period_id)
        session.execute(sa.insert(Comment), rows)


def _group_all() -> None:
    while group_due():
        pass


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
