"""Opening and changing comment periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engage.comments import service
from engage.comments.models import CommentPeriod, LatePolicy, PeriodState
from engage.db.types import Localised
from tests.support import makers
from tests.support.makers import NOON, both

DAY = timedelta(days=1)
DRAFT = service.PeriodDraft(
    title=both("Jail agreement"),
    summary=both("What is proposed"),
    notice=both("The county asks"),
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

    with pytest.raises(service.NotFinished):
        service.change_period(session, period, draft=unfinished, published_at=NOON)
    with pytest.raises(service.NotFinished):
        create(session, "other", unfinished)


@pytest.mark.parametrize("text", ["title", "summary", "notice"])
@pytest.mark.parametrize("written", [Localised(), Localised(en="Only English"), Localised(es="Solo español")])
def test_nothing_is_published_before_it_is_written_in_every_language(
    session: Session, text: str, written: Localised
) -> None:
    with pytest.raises(service.NotFinished, match=text) as refusal:
        create(session, draft=replace(DRAFT, **{text: written}))  # type: ignore[arg-type]

    assert {name for name, _ in refusal.value.missing} == {text}


def test_the_form_may_say_nothing_but_not_in_one_language_only(session: Session) -> None:
    assert create(session, draft=replace(DRAFT, instructions=Localised())).published_at
    with pytest.raises(service.NotFinished, match="instructions"):
        create(session, "other", replace(DRAFT, instructions=Localised(en="By mail")))


def test_a_period_may_need_one_language_only_and_never_none(session: Session) -> None:
    spanish = Localised(es="Solo español")
    draft = replace(DRAFT, title=spanish, summary=spanish, notice=spanish, required_languages=("es",))

    assert create(session, draft=draft).required_languages == ["es"]
    with pytest.raises(service.NotFinished):
        create(session, "none", replace(DRAFT, required_languages=()))


UNFINISHED = [
    {"title": Localised(en="Only English")},
    {"summary": Localised()},
    {"notice": None},
    {"notice": Localised(es="Solo español")},
    {"notice_posted_on": None},
    {"required_languages": []},
    {"instructions": Localised(en="By mail")},
]


@pytest.mark.parametrize("lack", UNFINISHED, ids=lambda lack: "-".join(map(str, lack)))
def test_the_database_refuses_an_unfinished_period_whoever_publishes_it(
    session: Session, lack: dict[str, object]
) -> None:
    draft = makers.comment_period(session, published_at=None, **lack)
    session.commit()

    with pytest.raises(IntegrityError, match="notice in each language"):
        session.execute(sa.update(CommentPeriod).values(published_at=NOON))
    session.rollback()
    with pytest.raises(IntegrityError, match="notice in each language"):
        makers.comment_period(session, **lack)
    session.rollback()
    session.execute(
        sa.update(CommentPeriod)
        .where(CommentPeriod.id == draft.id)
        .values(
            title=both("T"), summary=both("S"), notice=both("N"), instructions=both("I"),
            notice_posted_on=NOON.date(), required_languages=["en", "es"], published_at=NOON,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="notice in each language"):
        session.execute(sa.update(CommentPeriod).values(notice=Localised(en="No more Spanish")))


def test_the_notice_is_posted_on_the_day_of_publication_unless_said_otherwise(session: Session) -> None:
    assert create(session).notice_posted_on == (NOON - DAY).date()
    posted_on = (NOON - 9 * DAY).date()
    assert (
        create(session, "earlier", replace(DRAFT, notice_posted_on=posted_on)).notice_posted_on == posted_on
    )
    assert create(session, "draft", public=False).notice_posted_on is None


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


@pytest.mark.parametrize(
    "dates",
    [
        {"closes_at": NOON + 9 * DAY},
        {"opens_at": NOON - DAY},
        {"time_zone": "America/Denver"},
        {"late_policy": LatePolicy.ACCEPT_MARKED},
    ],
    ids=lambda dates: "-".join(dates),
)
def test_dates_that_residents_have_seen_are_not_changed_in_silence(
    session: Session, dates: dict[str, object]
) -> None:
    period = create(session)

    with pytest.raises(service.AlreadyPublic):
        service.change_period(session, period, draft=replace(DRAFT, **dates), published_at=NOON)  # type: ignore[arg-type]

    assert period.closes_at == NOON + DAY


def test_late_comments_are_taken_until_a_time_after_the_end(session: Session) -> None:
    late = replace(DRAFT, late_policy=LatePolicy.ACCEPT_MARKED, late_until=NOON + 2 * DAY)

    assert create(session, draft=late).late_until == NOON + 2 * DAY
    with pytest.raises(service.ClosesTooEarly):
        create(session, "other", replace(late, late_until=NOON + DAY))
    with pytest.raises(IntegrityError, match="late_until_is_after_the_end"):
        makers.comment_period(session, late_policy=LatePolicy.REFUSE, late_until=NOON + 99 * DAY)


@pytest.mark.parametrize("docket_published_at", [None, NOON - DAY + timedelta(seconds=1)])
def test_no_period_is_published_before_its_docket(
    session: Session, docket_published_at: datetime | None
) -> None:
    docket = makers.docket(session, published_at=docket_published_at)
    period = service.create_period(session, docket=docket, slug="jail", draft=DRAFT, published_at=None)

    with pytest.raises(service.DocketIsDraft):
        service.create_period(session, docket=docket, slug="other", draft=DRAFT, published_at=NOON - DAY)
    with pytest.raises(service.DocketIsDraft):
        service.change_period(session, period, draft=DRAFT, published_at=NOON - DAY)

    assert period.published_at is None
    docket.published_at = NOON - DAY
    service.change_period(session, period, draft=DRAFT, published_at=NOON - DAY)
    assert period.published_at == NOON - DAY
