"""Form letters for everybody: every posted member is there and counted once, and nobody else is."""

from __future__ import annotations

import random

import pytest
from sqlalchemy.orm import Session

from engage.campaigns import queries
from engage.clock import utcnow
from engage.comments import queries as comment_queries
from engage.comments.filters import AS_ONE, CHANGED, COPY, OWN_WORDS, CommentFilter
from engage.comments.models import Campaign, Comment, CommentPeriod, Disposition, Position
from engage.evaluation.campaign_sets import campaign_set
from engage.moderation.service import withdraw_comment
from tests.campaigns.letters import LETTER, OTHER_LETTER, OWN, campaign_of, comments, group
from tests.support import makers
from tests.support.pages import Client

EVIL = '<script>alert(1)</script> "><img src=x onerror=alert(1)> and nobody else has ever said so here.'


def shown(session: Session, period: CommentPeriod, criteria: CommentFilter) -> set[int]:
    """All that the reading room lists, page after page."""
    found: set[int] = set()
    number = 1
    while True:
        page = comment_queries.read(session, period, criteria, number=number)
        found.update(comment.id for comment in page.rows)
        if number >= page.pages:
            assert len(found) == page.total
            return found
        number += 1


def letter_of(session: Session, comment: Comment) -> int:
    number = campaign_of(session, comment)
    assert number is not None
    return number


@pytest.mark.parametrize("seed", [1, 2])
def test_groups_part_the_comments_and_their_sizes_add_up(session: Session, seed: int) -> None:
    """Whatever was sent and whatever became of it: every posted comment is in one group or in none."""
    chance = random.Random(seed)  # noqa: S311 - the same at every run
    period = makers.comment_period(session)
    some = [
        makers.comment(
            session,
            period,
            body=sent.text,
            position=chance.choice([*Position, None]),
            disposition=chance.choice([Disposition.POSTED] * 4 + [Disposition.RECEIVED]),
        )
        for sent in campaign_set(sizes=(30, 12, 5, 3), unrelated=25, seed=seed)
    ]
    withdraw_comment(session, some[0], None, makers.NOON)
    group(session)
    now = utcnow()
    posted = {comment.id for comment in some if comment.disposition is Disposition.POSTED}

    pages = [queries.read(session, period, number=number, now=now) for number in (1, 2)]
    lines = [line for page in pages for line in page.rows]
    members = [shown(session, period, CommentFilter(campaign=line.campaign.id)) for line in lines]

    assert len(lines) == pages[0].total > 3
    assert sum(map(len, members)) == len(set().union(*members))
    assert set().union(*members) <= posted
    in_none = {comment.id for comment in some if comment.id in posted - set().union(*members)}
    assert sum(line.size.submissions for line in lines) + len(in_none) == len(posted)
    for line, its in zip(lines, members, strict=True):
        parts = [
            shown(session, period, CommentFilter(campaign=line.campaign.id, part=part))
            for part in (COPY, CHANGED, OWN_WORDS)
        ]
        assert line.size.submissions == len(its) == sum(map(len, parts))
        assert its == set().union(*parts)
        assert line.size.with_additions == len(parts[2])
        assert line.size.texts == len({comment.body_digest for comment in some if comment.id in its})
        splits = queries.positions(session, line.campaign, now)
        assert sum(split.n for split in splits) == len(its)
        assert all(len(shown(session, period, split.filter)) == split.n for split in splits)
        assert line.exemplar.id in its


def test_shows_each_letter_once_and_everybody_who_added_something(session: Session) -> None:
    period = makers.comment_period(session)
    alone, *copies, named, own = comments(
        session, period, OTHER_LETTER, *[LETTER] * 4, f"{LETTER} Rosa", f"{LETTER} {OWN}"
    )
    makers.comment(session, period, body=LETTER, disposition=Disposition.RECEIVED)
    group(session)

    once = shown(session, period, CommentFilter(letters=AS_ONE))

    assert {alone.id, own.id} < once
    assert len(once & {comment.id for comment in (*copies, named)}) == 1
    assert len(once) == 3
    assert len(shown(session, period, CommentFilter())) == 7


def test_a_letter_whose_commonest_text_waits_is_shown_by_another_version(session: Session) -> None:
    period = makers.comment_period(session)
    comments(session, period, *[LETTER] * 3, disposition=Disposition.RECEIVED)
    first, second = comments(session, period, f"{LETTER} Rosa", f"{LETTER} Ana")
    group(session)
    number = letter_of(session, first)

    assert queries.exemplars(session, [number], utcnow())[number].id in (first.id, second.id)
    assert len(shown(session, period, CommentFilter(letters=AS_ONE))) == 1


class TestPage:
    def test_shows_the_letter_its_sizes_and_what_people_added(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        first, *_ = comments(session, period, *[LETTER] * 3, position=Position.OPPOSE)
        makers.comment(
            session, period, body=f"{LETTER} {OWN}", position=Position.SUPPORT, organisation="River Church"
        )
        group(session)
        number = letter_of(session, first)

        page = client.get(f"/en/campaigns/{number}").get_data(as_text=True)

        assert LETTER in page
        assert OWN.rstrip(".") in page
        assert "River Church" in page
        for part in (f"position=oppose&amp;campaign={number}", f"position=support&amp;campaign={number}"):
            assert part in page
        assert client.get(f"/es/periods/{period.slug}/campaigns").status_code == 200
        assert f"/en/campaigns/{number}" in client.get(f"/en/comments/{first.tracking_number}").get_data(
            as_text=True
        )
        assert f"/en/campaigns/{number}" in client.get(f"/en/periods/{period.slug}/comments").get_data(
            as_text=True
        )

    def test_what_was_added_cannot_break_the_page(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session)
        first, _ = comments(session, period, LETTER, f"{LETTER} {EVIL}", name=EVIL[:100], organisation=EVIL)
        group(session)

        page = client.get(f"/en/campaigns/{letter_of(session, first)}").get_data(as_text=True)

        assert "<script>alert" not in page
        assert "nobody else has ever said so" in page

    @pytest.mark.parametrize("disposition", [Disposition.RECEIVED, Disposition.WITHDRAWN])
    def test_is_not_there_while_fewer_than_two_are_posted(
        self, session: Session, client: Client, disposition: Disposition
    ) -> None:
        period = makers.comment_period(session)
        first, second = comments(session, period, LETTER, f"{LETTER} {OWN}")
        group(session)
        number = letter_of(session, first)
        assert client.get(f"/en/campaigns/{number}").status_code == 200
        if disposition is Disposition.WITHDRAWN:
            withdraw_comment(session, second, None, makers.NOON)
        second.disposition = disposition
        session.commit()

        assert client.get(f"/en/campaigns/{number}").status_code == 404
        assert OWN[:20] not in client.get(f"/en/periods/{period.slug}/campaigns").get_data(as_text=True)

    def test_of_a_draft_period_is_not_there(self, session: Session, client: Client) -> None:
        period = makers.comment_period(session, published_at=None)
        first, _ = comments(session, period, LETTER, LETTER)
        group(session)

        assert client.get(f"/en/campaigns/{letter_of(session, first)}").status_code == 404
        assert client.get(f"/en/periods/{period.slug}/campaigns").status_code == 404

    def test_of_a_letter_that_was_merged_leads_to_the_one_that_it_is_now(
        self, session: Session, client: Client
    ) -> None:
        period = makers.comment_period(session)
        first, _ = comments(session, period, LETTER, LETTER)
        group(session)
        number = letter_of(session, first)
        session.add(Campaign(id=77, period_id=period.id, merged_into_id=number, is_stale=False))
        session.commit()

        answer = client.get("/en/campaigns/77")

        assert answer.status_code == 301
        assert answer.location.endswith(f"/en/campaigns/{number}")
        assert len(shown(session, period, CommentFilter(campaign=77))) == 2


@pytest.mark.parametrize(
    "query", ["campaign=0", "campaign=x", "campaign=99999999999999999999", "part=all", "letters=two"]
)
def test_a_filter_that_means_nothing_is_refused(session: Session, client: Client, query: str) -> None:
    period = makers.comment_period(session)
    session.commit()

    assert client.get(f"/en/periods/{period.slug}/comments?{query}").status_code == 404
