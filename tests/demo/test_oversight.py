"""The adopted agreement of the demo: both sides alike, and a record with something of everything."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from statistics import mean

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.comments.models import Comment, Disposition
from engage.demo.oversight import FOLDER, add_record
from engage.demo.reading import DATA
from engage.oversight import queries
from engage.oversight.page import IndicatorPage
from engage.oversight.promises import Kept
from tests.support import makers

LINES = [
    json.loads(line) for line in (DATA / FOLDER / "comments.jsonl").read_text("utf-8").split("\n") if line
]


@pytest.mark.parametrize("period", ["carrow-before", "carrow-after"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_both_sides_write_as_many_comments_of_the_same_length(period: str, language: str) -> None:
    support, oppose = (
        [
            len(line["text"])
            for line in LINES
            if (line["period"], line["position"], line["language"]) == (period, side, language)
        ]
        for side in ("support", "oppose")
    )

    assert len(support) == len(oppose) > 1
    assert abs(mean(support) - mean(oppose)) <= 0.15 * mean(support)


def staff(session: Session) -> None:
    for role in (RoleName.MODERATOR, RoleName.CLERK):
        makers.user(session, role)


@pytest.mark.parametrize(
    "day", [None, datetime(2026, 12, 31, 20, tzinfo=UTC), datetime(2028, 2, 29, 20, tzinfo=UTC)]
)
def test_the_record_has_something_of_everything_on_whatever_day_it_is_loaded(
    session: Session, day: datetime | None
) -> None:
    staff(session)
    now = day or utcnow()

    docket = add_record(session, now)

    pages = {
        one.indicator.slug: IndicatorPage(docket, queries.watched(session, one.indicator, now))
        for one in queries.public_record(session, docket, now)
    }
    assert len(pages) == 8
    assert pages["people-screened"].chart.has_break
    assert any(row.earlier for row in pages["charges-by-severity"].watched.stretches)
    assert all(
        not version.is_kept_back
        for row in pages["charges-by-severity"].watched.stretches
        for version in row.versions
    )
    assert pages["charges-by-severity"].chart.has_hidden
    assert pages["interpreter-requests"].chart.has_missing
    assert sum(year.happened for year in pages["public-meetings"].promise) == 2
    assert {year.kept for year in pages["public-meetings"].promise} & {Kept.BEHIND, Kept.NONE}
    waiting = [slug for slug, one in pages.items() if one.watched.standing.is_waiting]
    assert waiting == ["costs"]


def test_its_comments_are_posted_in_two_periods(session: Session) -> None:
    staff(session)
    add_record(session, utcnow())

    posted = session.scalars(sa.select(Comment).where(Comment.disposition == Disposition.POSTED)).all()

    assert Counter(comment.period.slug for comment in posted) == Counter(line["period"] for line in LINES)
    assert {comment.body for comment in posted} == {line["text"] for line in LINES}
