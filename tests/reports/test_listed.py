"""A list of comments is the same and has the same number, whichever way it is found and counted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments import queries
from engage.comments.filters import CommentFilter
from engage.comments.finding import narrowed
from engage.comments.listing import page_ids
from engage.comments.models import CampaignText, Comment, CommentPeriod
from engage.reports import listed
from engage.reports.behind import criteria
from engage.reports.listed import kept_counts
from engage.reports.measures import TallyKey
from engage.reports.service import recount_period
from tests.reports.test_count import count_all
from tests.reports.test_count_everything import LongStory


def filters(session: Session, period: CommentPeriod) -> Iterator[CommentFilter]:
    """What stands behind every number of a period, and some that no number is kept of."""
    codes = {str(place.id): place.code for place in queries.districts(session)}
    for measure, key in recount_period(session, period.id):
        if (behind := criteria(TallyKey(measure, key), codes)) is not None:
            yield behind
    yield CommentFilter()
    yield CommentFilter(month="2020-01")
    yield CommentFilter(month=f"{utcnow():%Y-%m}")
    yield CommentFilter(concern="family_separation", denied=False)
    yield CommentFilter(position="oppose", concern="family_separation", channel="phone")
    for text in session.scalars(sa.select(Comment.body_digest).distinct()):
        yield CommentFilter(text=text)


def plainly(session: Session, period: CommentPeriod, wanted: CommentFilter) -> list[int]:
    """The ids of a list in its order, by nothing but the comments."""
    public = queries.public_comments(utcnow()).where(Comment.period_id == period.id)
    ids = queries.newest_first(narrowed(public, wanted)).with_only_columns(Comment.id)
    return list(session.scalars(ids))


@pytest.fixture
def story(session: Session) -> LongStory:
    """A period in which a great deal has happened since it was last counted."""
    story = LongStory(session, 3)
    story.happen(60)
    session.commit()
    return story


def test_is_counted_exactly_while_comments_wait(session: Session, story: LongStory) -> None:
    counts = kept_counts(session, story.period)
    assert counts is not None

    kept = 0
    for wanted in filters(session, story.period):
        found = plainly(session, story.period, wanted)
        number, days = counts.number(wanted), counts.days(wanted)
        assert number in (None, len(found)), wanted
        assert days is None or sum(days.values()) == len(found), wanted
        kept += number is not None
    assert kept > 200


@pytest.mark.parametrize("is_counted", [True, False])
def test_has_its_pages_in_order(session: Session, story: LongStory, is_counted: bool) -> None:
    if is_counted:
        count_all()
    counts = kept_counts(session, story.period)
    public = queries.public_comments(utcnow()).where(Comment.period_id == story.period.id)

    for wanted in set(filters(session, story.period)):
        found = plainly(session, story.period, wanted)
        pages = [
            page_ids(session, public, wanted, counts, total=len(found), size=3, offset=offset)
            for offset in range(0, len(found) + 3, 3)
        ]
        assert [one for page in pages for one in page] == found, wanted


def test_is_the_same_whatever_is_found_first(session: Session, story: LongStory) -> None:
    public = queries.public_comments(utcnow()).where(Comment.period_id == story.period.id)

    for wanted in set(filters(session, story.period)):
        names = set(wanted.arguments)
        found = set(plainly(session, story.period, wanted))
        for first in (set(), names, *map(set, combinations(sorted(names), 1))):
            ids = narrowed(public, wanted, listed=first).with_only_columns(Comment.id)
            assert set(session.scalars(ids)) == found, (wanted, first)


def test_is_counted_itself_where_too_much_waits(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    story = LongStory(session, 5)
    monkeypatch.setattr(listed, "MOST_WAITING", 2)
    story.happen(5)
    story.late(story.comments[0])
    for comment in story.comments[:4]:
        comment.mark_changed()
    session.commit()

    assert kept_counts(session, story.period) is None
    page = queries.read(session, story.period, CommentFilter(), number=1)
    assert page.total == queries.count(session, story.period, CommentFilter())


def test_of_a_letter_is_counted_itself_while_its_texts_come_and_go(session: Session) -> None:
    story = LongStory(session, 7)
    story.letter(story.comments[0])
    session.commit()
    count_all()
    story.session.execute(sa.update(CampaignText).values(campaign_id=None, is_personal=None, recount=True))
    session.commit()

    wanted = CommentFilter(campaign=story.campaign.id)
    counts = kept_counts(session, story.period)

    assert counts is not None
    assert counts.number(wanted) is None
    assert queries.read(session, story.period, wanted, number=1).total == 0
