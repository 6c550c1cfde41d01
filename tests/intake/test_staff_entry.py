"""Entry by staff: paper, post, telephone and voice, one after another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.comments.models import Channel, Comment, CommentPeriod, Disposition, LatePolicy, Position
from engage.dockets.models import District
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
DAY = timedelta(days=1)
ENTRY = "/en/staff/periods/jail/entry"
TYPED: dict[str, Any] = {"body": "Keep it, says my neighbour.", "came_by": "phone", "is_another": []}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    session.add(District(code="north", name=both("North")))
    period = makers.comment_period(session, slug="jail")
    session.commit()
    return period


@pytest.fixture
def typist(session: Session, period: CommentPeriod) -> User:
    person = makers.user(session, RoleName.CLERK)
    session.commit()
    return person


@pytest.fixture
def clerk(sign_in: SignIn, typist: User) -> Client:
    return sign_in(typist)


def comments(session: Session) -> list[Comment]:
    session.rollback()
    return list(session.scalars(sa.select(Comment)))


def today(period: CommentPeriod) -> str:
    return datetime.now(UTC).astimezone(period.zone).date().isoformat()


def test_what_was_said_on_the_telephone_is_kept_with_channel_day_and_typist(
    session: Session, period: CommentPeriod, clerk: Client, typist: User
) -> None:
    answer = clerk.send(
        ENTRY,
        **TYPED,
        position="oppose",
        organisation="Farms",
        district="north",
        name="",
        receipt_language="es",
    )

    (comment,) = comments(session)
    assert answer.status_code == 303
    assert (comment.channel, comment.entered_by_id, comment.on_time) == (Channel.PHONE, typist.id, True)
    assert (comment.body, comment.position, comment.name) == (TYPED["body"], Position.OPPOSE, None)
    assert comment.disposition is Disposition.RECEIVED
    assert comment.analysis_due
    assert comment.district is not None
    assert comment.district.code == "north"


def test_the_next_form_is_there_at_once_and_remembers_how_the_last_one_came(
    session: Session, period: CommentPeriod, clerk: Client
) -> None:
    yesterday = (datetime.fromisoformat(today(period)) - DAY).date().isoformat()
    sent = clerk.send(ENTRY, **TYPED | {"received_on": yesterday, "receipt_language": "es"})

    following = page(clerk.get(sent.location))

    (comment,) = comments(session)
    fields = following.fields(".//main//form")
    assert f"Entered: {comment.tracking_number}" in following.text(".//*[@role='status']")
    assert (fields["came_by"], fields["received_on"], fields["receipt_language"]) == (
        "phone",
        yesterday,
        "es",
    )
    assert fields["body"].strip() == ""
    receipt = following.links()["Receipt to print and hand over"]
    assert receipt == f"/es/receipts/{comment.tracking_number}"
    assert comment.tracking_number in page(clerk.get(receipt)).text()
    assert "neighbour" not in page(clerk.get(receipt)).text()


def test_the_order_of_the_fields_is_that_of_the_paper(period: CommentPeriod, clerk: Client) -> None:
    screen = page(clerk.get(ENTRY))
    sheet = page(clerk.get("/en/periods/jail/paper"))

    headings = [" ".join("".join(h.itertext()).split()) for h in sheet.all(".//section/h2")]
    printed = [heading.partition(" (")[0] for heading in headings]
    names = [control.get("name") for control in screen.root.iter() if control.get("name") in (
        "body", "position", "name", "organisation", "district", "received_on", "postmarked_on"
    )]  # fmt: skip
    labels = [label.text or "" for label in screen.all(".//main//form//*")]
    assert printed == ["1. Comment", "2. Position on the proposal", "3. Name", "4. Organization",
                       "5. District", "For the office"]  # fmt: skip
    assert list(dict.fromkeys(names)) == ["body", "position", "name", "organisation", "district",
                                          "received_on", "postmarked_on"]  # fmt: skip
    assert all(any(label.strip().startswith(heading) for label in labels) for heading in printed)


def test_the_same_words_are_asked_about_and_entered_if_they_are_another_person_s(
    session: Session, period: CommentPeriod, clerk: Client
) -> None:
    clerk.send(ENTRY, **TYPED)

    asked = clerk.send(ENTRY, **TYPED | {"body": "KEEP IT,   says my neighbour."})

    (first,) = comments(session)
    assert asked.status_code == 409
    assert first.tracking_number in page(asked).text(".//*[@role='alert']")
    assert page(asked).fields()["body"].strip() == "KEEP IT,   says my neighbour."
    again = clerk.post(ENTRY, data=page(asked).fields() | {"is_another": "y"})
    assert again.status_code == 303
    assert len(comments(session)) == 2


def test_the_same_form_sent_twice_makes_one_comment_and_other_words_are_not_lost(
    session: Session, period: CommentPeriod, clerk: Client
) -> None:
    form = page(clerk.get(ENTRY)).fields() | TYPED

    first, second = clerk.post(ENTRY, data=form), clerk.post(ENTRY, data=form)
    other = clerk.post(ENTRY, data=form | {"body": "Something else"})

    assert first.location == second.location
    assert other.status_code == 409
    assert page(other).fields()["body"].strip() == "Something else"
    assert page(other).fields()["client_token"] != form["client_token"]
    assert len(comments(session)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": " "}, "body"),
        ({"body": "\u200b"}, "body"),
        ({"body": "x" * 5001}, "body"),
        ({"received_on": "2999-01-01"}, "received_on"),
        ({"received_on": ""}, "received_on"),
        ({"came_by": "mail", "postmarked_on": "2999-01-01"}, "postmarked_on"),
        ({"came_by": "phone", "postmarked_on": "2026-01-01"}, "postmarked_on"),
        ({"came_by": "web"}, "came_by"),
        ({"came_by": "import"}, "came_by"),
        ({"district": "nowhere"}, "district"),
        ({"position": "sideways"}, "position"),
        ({"name": "N" * 121}, "name"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    session: Session, period: CommentPeriod, clerk: Client, changes: dict[str, str], field: str
) -> None:
    answer = clerk.send(ENTRY, **TYPED | changes)

    targets = page(answer).links(".//*[@class='errors']//a").values()
    assert answer.status_code == 422
    assert any(target.removesuffix("-0") == f"#{field}" for target in targets)
    assert comments(session) == []


def test_what_is_late_follows_the_policy_and_is_marked_everywhere(
    session: Session, period: CommentPeriod, sign_in: SignIn, clerk: Client
) -> None:
    now = datetime.now(UTC)
    late = {"came_by": "mail", "received_on": today(period)}
    period.opens_at, period.closes_at = now - 9 * DAY, now - 3 * DAY
    session.commit()
    refused = clerk.send(ENTRY, **TYPED | late)
    assert refused.status_code == 409
    assert page(refused).fields()["body"].strip() == TYPED["body"]
    postmark = (now - 4 * DAY).date().isoformat()
    assert clerk.send(ENTRY, **TYPED | late | {"postmarked_on": postmark}).status_code == 303

    period.late_policy = LatePolicy.ACCEPT_MARKED
    session.commit()
    taken = clerk.send(ENTRY, **TYPED | late | {"body": "Late words"})

    assert "marked as late" in page(clerk.get(taken.location)).text(".//*[@role='status']")
    kept = next(comment for comment in comments(session) if not comment.on_time)
    assert kept.body == "Late words"
    assert "After the deadline" in page(clerk.get(f"/en/receipts/{kept.tracking_number}")).text()
    moderator = sign_in(RoleName.MODERATOR)
    assert "after the deadline" in page(moderator.get("/en/staff/queue")).text()
    kept = next(comment for comment in comments(session) if not comment.on_time)
    kept.disposition = Disposition.POSTED
    session.commit()
    assert "After the deadline" in page(clerk.get("/en/periods/jail/comments")).text(".//*[@class='comment']")
    assert kept.tracking_number in page(clerk.get("/en/periods/jail/comments?late=yes")).text()
    assert kept.tracking_number not in page(clerk.get("/en/periods/jail/comments?late=no")).text()


def test_nobody_enters_before_the_opening_or_into_a_cancelled_period(
    session: Session, period: CommentPeriod, clerk: Client
) -> None:
    period.cancelled_at = datetime.now(UTC) - 2 * DAY
    session.commit()

    assert clerk.send(ENTRY, **TYPED).status_code == 409
    before = (datetime.now(UTC) - 3 * DAY).date().isoformat()
    assert clerk.send(ENTRY, **TYPED | {"received_on": before}).status_code == 303


def test_a_form_cannot_say_who_typed_or_what_becomes_of_it(
    session: Session, period: CommentPeriod, clerk: Client, typist: User
) -> None:
    """Case 36: mass assignment."""
    other = makers.user(session, RoleName.MODERATOR)
    session.commit()
    forged = {
        "entered_by_id": str(other.id), "entered_by": str(other.id), "batch_id": "1", "on_time": "",
        "disposition": "posted", "channel": "web", "tracking_number": "222-2222-2222", "id": "1",
        "period_id": "9", "analysis_due": "",
    }  # fmt: skip

    clerk.send(ENTRY, **TYPED | forged)

    (comment,) = comments(session)
    assert comment.entered_by_id == typist.id
    assert (comment.batch_id, comment.on_time, comment.disposition) == (None, True, Disposition.RECEIVED)
    assert (comment.channel, comment.period_id) == (Channel.PHONE, period.id)
    assert comment.tracking_number != "222-2222-2222"


def test_moderators_see_who_typed_it_and_the_public_does_not(
    session: Session, period: CommentPeriod, sign_in: SignIn, clerk: Client, typist: User, client: Client
) -> None:
    clerk.send(ENTRY, **TYPED)
    (comment,) = comments(session)
    comment.disposition = Disposition.POSTED
    session.commit()

    moderator = sign_in(RoleName.MODERATOR)
    assert typist.name in page(moderator.get(f"/en/staff/comments/{comment.tracking_number}")).text()
    public = page(client.get(f"/en/comments/{comment.tracking_number}")).text()
    assert typist.name not in public
    assert "Telephone" in public


def test_typists_find_the_periods_in_their_menu(
    session: Session, period: CommentPeriod, sign_in: SignIn
) -> None:
    makers.comment_period(session, slug="draft", published_at=None)
    session.commit()

    for role in (RoleName.MODERATOR, RoleName.CLERK):
        menu = page(sign_in(role).get("/en/staff")).links()
        listed = page(sign_in(role).get(menu["Enter comments"])).links(".//main//a").values()
        assert list(listed) == [ENTRY]
    assert "Enter comments" not in page(sign_in(RoleName.OFFICIAL).get("/en/staff")).links()


def test_a_mistyped_year_is_told_at_its_field(session: Session, period: CommentPeriod, clerk: Client) -> None:
    answer = clerk.send(ENTRY, **TYPED | {"received_on": "2021-01-02"})

    opened = period.opens_at.astimezone(period.zone).date()
    assert answer.status_code == 422
    assert f"{opened:%B} {opened.day}, {opened.year}" in page(answer).text(".//*[@role='alert']")
    assert "#received_on" in page(answer).links(".//*[@role='alert']//a").values()
    assert comments(session) == []


def test_into_a_cancelled_period_only_what_had_come_is_entered(
    session: Session, period: CommentPeriod, clerk: Client
) -> None:
    period.cancelled_at = datetime.now(UTC) - 2 * DAY
    session.commit()
    day = period.cancelled_at.astimezone(period.zone).date()

    screen, running = page(clerk.get(ENTRY)), page(clerk.get("/en/staff/periods/jail/edit"))

    assert f"Enter only what had come by {day:%B} {day.day}, {day.year}." in screen.text()
    deadline = period.closes_at.isoformat()
    for shown in (screen, running, page(clerk.get("/en/staff/entry"))):
        assert deadline not in [time.get("datetime") for time in shown.all(".//main//time")]
    offered = running.links(".//main//a")
    assert "/en/periods/jail/paper" not in offered.values()
    assert not {"Enter comments", "Codes for libraries, churches and clinics"} & set(offered)
    sent = clerk.send(ENTRY, **TYPED | {"received_on": day.isoformat()})
    assert sent.status_code == 303
