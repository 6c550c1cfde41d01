"""The job that groups comments: as the library does, kept in the database."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import CampaignIndex, fingerprint
from engage.campaigns.service import group_due, regroup_period
from engage.comments.models import Campaign, CampaignText, Comment, Disposition, LetterAnchor, TextAnchor
from engage.evaluation.campaign_sets import campaign_set
from engage.evaluation.pairs import pair_scores
from engage.moderation.service import withdraw_comment
from tests.campaigns.letters import LETTER, OTHER_LETTER, OWN, campaign_of, comments, group, partition
from tests.support import makers


def test_versions_of_a_letter_come_together_and_other_texts_stay_alone(session: Session) -> None:
    period = makers.comment_period(session)
    some = comments(
        session,
        period,
        LETTER,
        OTHER_LETTER,
        f"{LETTER} Rosa Díaz",
        f"As a nurse I say: {LETTER}",
        LETTER.upper(),
        "Vote no",
        "Vote no",
    )
    group(session)

    assert partition(session, some) == [[0, 2, 3, 4]]


def test_the_same_text_in_another_period_is_another_campaign(session: Session) -> None:
    here, there = makers.comment_period(session), makers.comment_period(session)
    some = [*comments(session, here, LETTER, LETTER), *comments(session, there, LETTER, LETTER)]
    group(session)

    assert partition(session, some) == [[0, 1], [2, 3]]


def test_a_campaign_keeps_its_id_as_it_grows_one_by_one(session: Session) -> None:
    period = makers.comment_period(session)
    some = comments(session, period, LETTER, f"{LETTER} Thanks.")
    group(session)
    before = campaign_of(session, some[0])
    for number in range(8):
        some += comments(session, period, f"{LETTER} Yours, number {number}", OTHER_LETTER)
        group(session)

    assert before is not None
    assert {campaign_of(session, comment) for comment in some[:2] + some[2::2]} == {before}
    assert len({campaign_of(session, comment) for comment in some[3::2]} - {before, None}) == 1


@pytest.mark.parametrize("at_once", [1000, 40], ids=["all at once", "as they come"])
def test_the_groups_are_as_right_as_those_of_the_library(session: Session, at_once: int) -> None:
    sent = campaign_set(sizes=(60, 25, 25, 5, 3), unrelated=60, seed=5)
    period = makers.comment_period(session)
    some: list[Comment] = []
    for place in range(0, len(sent), at_once):
        some += comments(session, period, *(one.text for one in sent[place : place + at_once]))
        group(session)
    truth = [one.campaign for one in sent]
    index: CampaignIndex[int] = CampaignIndex()
    for place, one in enumerate(sent):
        index.add(place, one.text)
    theirs = {member: one.id for one in index.groups() for member in one.members}

    ours = pair_scores(truth, [campaign_of(session, comment) for comment in some])
    library = pair_scores(truth, [theirs.get(place) for place in range(len(sent))])

    assert ours.precision >= 0.99
    assert ours.precision >= library.precision - 0.01
    assert ours.recall >= library.recall - 0.01


def test_a_text_that_is_withdrawn_leaves_nothing_behind(session: Session) -> None:
    period = makers.comment_period(session)
    alone, first, second = comments(session, period, OTHER_LETTER, LETTER, f"{LETTER} {OWN}")
    group(session)
    digests = [alone.body_digest, second.body_digest]

    for comment in (alone, second):
        withdraw_comment(session, comment, None, makers.NOON)
    session.flush()

    left = sa.select(CampaignText.digest)
    assert session.scalars(left).all() == [first.body_digest]
    owners = sa.select(TextAnchor.owner_id).distinct()
    assert set(session.scalars(owners)) <= {session.scalar(sa.select(CampaignText.id))}
    assert not set(digests) & set(session.scalars(left))
    group(session)
    assert session.scalars(sa.select(LetterAnchor)).all() == []
    assert session.scalars(sa.select(CampaignText.is_exemplar)).all() == [True]


def test_the_last_text_of_a_campaign_ends_it(session: Session) -> None:
    period = makers.comment_period(session)
    some = comments(session, period, LETTER, f"{LETTER} {OWN}")
    group(session)
    for comment in some:
        withdraw_comment(session, comment, None, makers.NOON)
    group(session)

    for table in (Campaign, CampaignText, LetterAnchor, TextAnchor):
        assert session.scalars(sa.select(table)).all() == []


def test_a_text_that_is_changed_is_placed_anew(session: Session) -> None:
    period = makers.comment_period(session)
    first, second, third = comments(session, period, LETTER, f"{LETTER} Rosa", f"{LETTER} {OWN}")
    group(session)
    # As a redaction does, which need not go through the objects of this process.
    session.execute(
        sa.update(Comment)
        .where(Comment.id == third.id)
        .values(body=OTHER_LETTER, body_digest=fingerprint(OTHER_LETTER))
    )
    group(session)

    assert campaign_of(session, first) == campaign_of(session, second) is not None
    assert campaign_of(session, third) is None


def test_one_text_of_several_comments_stays_when_one_of_them_goes(session: Session) -> None:
    period = makers.comment_period(session)
    first, second, third = comments(session, period, LETTER, LETTER, LETTER)
    group(session)
    withdraw_comment(session, first, None, makers.NOON)
    group(session)

    assert campaign_of(session, second) == campaign_of(session, third) is not None
    assert campaign_of(session, first) is None


def test_who_added_something_is_told_apart_from_who_did_not(session: Session) -> None:
    period = makers.comment_period(session)
    comments(session, period, LETTER, LETTER, f"{LETTER} Rosa", f"{LETTER} {OWN}")
    group(session)

    rows = session.execute(sa.select(CampaignText.digest, CampaignText.is_exemplar, CampaignText.is_personal))
    assert {row.digest: (row.is_exemplar, row.is_personal) for row in rows} == {
        fingerprint(LETTER): (True, False),
        fingerprint(f"{LETTER} Rosa"): (False, False),
        fingerprint(f"{LETTER} {OWN}"): (False, True),
    }


def test_the_text_that_most_have_sent_becomes_the_exemplar(session: Session) -> None:
    period = makers.comment_period(session)
    comments(session, period, f"{OWN} {LETTER}", f"{OWN} {LETTER}")
    group(session)
    comments(session, period, *[LETTER] * 5)
    group(session)

    texts = session.scalars(sa.select(CampaignText)).all()
    assert {text.digest: (text.is_exemplar, text.is_personal) for text in texts} == {
        fingerprint(LETTER): (True, False),
        fingerprint(f"{OWN} {LETTER}"): (False, True),
    }


def test_grouping_anew_keeps_groups_and_addresses_however_often(session: Session) -> None:
    period = makers.comment_period(session)
    some = comments(
        session,
        period,
        *[LETTER] * 3,
        f"{LETTER} {OWN}",
        *[OTHER_LETTER] * 2,
        "Quite another text of eight words here.",
    )
    group(session)
    before = [campaign_of(session, comment) for comment in some]

    for steps in (1, 0):
        assert regroup_period(session, period.id) == len(some)
        session.commit()
        for _ in range(steps):
            group_due()
    group(session)

    assert [campaign_of(session, comment) for comment in some] == before
    assert len(session.scalars(sa.select(Campaign)).all()) == 2


def test_what_waits_and_what_is_withheld_is_grouped_too(session: Session) -> None:
    period = makers.comment_period(session)
    some = [
        *comments(session, period, LETTER, disposition=Disposition.RECEIVED),
        *comments(session, period, LETTER),
    ]
    group(session)

    assert partition(session, some) == [[0, 1]]


def test_a_step_done_twice_at_once_changes_nothing(session: Session) -> None:
    period = makers.comment_period(session)
    some = comments(session, period, LETTER, f"{LETTER} {OWN}")
    group(session)
    before = partition(session, some)
    session.execute(sa.update(Comment).values(campaign_due=True))
    group(session)

    assert partition(session, some) == before == [[0, 1]]
