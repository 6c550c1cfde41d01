"""Opening and changing comment periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.comments import service
from engage.comments.models import CommentPeriod, PeriodState
from engage.db.types import Localised
from tests.support import makers
from tests.support.makers import NOON, both

DAY = timedelta(days=1)
DRAFT = service.PeriodDraft(
    title=both("Jail agreement"),
    summary=both("What is proposed"),
    opens_at=NOON,
    closes_at=NOON + DAY,
    time_zone="America/New_York",
)


def create(
    session: Session, slug: str = "jail", draft: service.PeriodDraft = DRAFT, *, public: bool = True
) -> CommentPeriod:
    return service.create_period(
        session,
        docket=makers.docket(session),
        slug=slug,
        draft=draft,
        published_at=NOON - DAY if public else None,
    )


@pytest.mark.parametrize(
    ("when", "state"),
    [
        (NOON - 2 * DAY, PeriodState.DRAFT),
        (NOON - DAY, PeriodState.SCHEDULED),
        (NOON - timedelta(seconds=1), PeriodState.SCHEDULED),
        (NOON, PeriodState.OPEN),
        (NOON + DAY - timedelta(seconds=1), PeriodState.OPEN),
        (NOON + DAY, PeriodState.CLOSED),
    ],
)
def test_the_state_follows_the_clock(session: Session, when: object, state: PeriodState) -> None:
    assert create(session).state(when) is state  # type: ignore[arg-type]


def test_a_draft_may_lack_a_language_and_the_public_may_not_see_it_so(session: Session) -> None:
    unfinished = replace(DRAFT, summary=Localised(en="Only English"))
    period = create(session, draft=unfinished, public=False)

    with pytest.raises(service.NotInBothLanguages):
        service.change_period(session, period, draft=unfinished, published_at=NOON)
    with pytest.raises(service.NotInBothLanguages):
        create(session, "other", unfinished)


def test_a_period_without_a_summary_can_be_published(session: Session) -> None:
    assert create(session, draft=replace(DRAFT, summary=Localised())).published_at


@pytest.mark.parametrize("slug", ["", "Jail", "a b", "-a", "a-", "a--b", "é", "../x", "a" * 81])
def test_an_address_has_only_what_stands_in_one(session: Session, slug: str) -> None:
    with pytest.raises(service.BadSlug):
        create(session, slug)


def test_an_address_is_taken_once(session: Session) -> None:
    create(session)

    with pytest.raises(service.SlugTaken, match="jail"):
        create(session)

    assert session.scalar(sa.select(sa.func.count()).select_from(CommentPeriod)) == 1


@pytest.mark.parametrize("length", [timedelta(0), -DAY])
def test_a_period_closes_after_it_opens(session: Session, length: timedelta) -> None:
    with pytest.raises(service.ClosesTooEarly):
        create(session, draft=replace(DRAFT, closes_at=NOON + length))


def test_the_database_says_so_too(session: Session) -> None:
    with pytest.raises(IntegrityError, match="closes_after_it_opens"):
        makers.comment_period(session, opens_at=NOON, closes_at=NOON)


def test_what_residents_have_seen_stays_visible(session: Session) -> None:
    period = create(session)

    with pytest.raises(service.AlreadyPublic):
        service.change_period(session, period, draft=DRAFT, published_at=None)


def test_a_period_can_be_extended(session: Session) -> None:
    period = create(session)

    service.change_period(
        session, period, draft=replace(DRAFT, closes_at=NOON + 9 * DAY), published_at=NOON + DAY
    )

    assert period.closes_at == NOON + 9 * DAY
    assert period.published_at == NOON - DAY
