"""What was said at a meeting: typed in by the clerk or the host, in the same record as what is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.clock import utcnow
from engage.comments.models import Channel, Comment, Disposition, Position
from engage.meetings.models import AgendaItem, Meeting, MeetingComment
from engage.receipts.models import LogEntry
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
ORAL = "/en/staff/meetings/forum/oral"
SAID = {"body": "My name does not matter. Keep the money for the roads."}
DAY = timedelta(days=1)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A forum that began yesterday evening by the clocks of its place, in an open period."""
    period = makers.comment_period(session, slug="jail")
    host = makers.user(session, RoleName.HOST)
    meeting = makers.meeting(
        session, slug="forum", period=period, docket=period.docket, host=host, starts_at=utcnow() - DAY
    )
    makers.agenda_item(session, meeting)
    makers.agenda_item(session, meeting, title=makers.both("The budget"))
    session.commit()
    return meeting


@pytest.fixture
def typist(session: Session, meeting: Meeting) -> User:
    person = makers.user(session, RoleName.CLERK)
    session.commit()
    return person


@pytest.fixture
def clerk(sign_in: SignIn, typist: User) -> Client:
    return sign_in(typist)


def spoken(session: Session) -> list[tuple[Comment, MeetingComment]]:
    session.rollback()
    rows = session.execute(
        sa.select(Comment, MeetingComment).join(MeetingComment, MeetingComment.comment_id == Comment.id)
    )
    return [(comment, tie) for comment, tie in rows]


def budget(meeting: Meeting) -> AgendaItem:
    return meeting.items[1]


def test_what_was_said_joins_the_record_with_its_item_its_day_and_who_typed_it(
    session: Session, meeting: Meeting, clerk: Client, typist: User
) -> None:
    answer = clerk.send(ORAL, **SAID, item=str(budget(meeting).id), position="oppose")

    ((comment, tie),) = spoken(session)
    assert answer.status_code == 303
    assert (tie.meeting_id, tie.item_id) == (meeting.id, budget(meeting).id)
    assert (comment.channel, comment.entered_by_id) == (Channel.MEETING_ORAL, typist.id)
    assert comment.received_on == meeting.local_start.date()
    assert (comment.body, comment.position, comment.name) == (SAID["body"], Position.OPPOSE, None)
    assert comment.disposition is Disposition.RECEIVED
    assert comment.analysis_due
    assert session.scalar(sa.select(sa.func.count()).select_from(LogEntry)) == 1


def test_the_day_is_that_of_the_place_and_nobody_can_send_another(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    # 01:30 UTC on the 3rd is the evening of the 2nd in New York.
    meeting.starts_at = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)
    meeting.ends_at = None
    assert meeting.period is not None
    meeting.period.opens_at = datetime(2026, 10, 1, tzinfo=UTC)
    session.commit()

    clerk.send(ORAL, **SAID, received_on="2026-10-05")

    ((comment, _tie),) = spoken(session)
    assert comment.received_on == date(2026, 11, 2)


def test_the_next_form_keeps_the_item_counts_and_hands_over_the_receipt(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    sent = clerk.send(ORAL, **SAID, item=str(budget(meeting).id), receipt_language="es")

    following = page(clerk.get(sent.location))

    ((comment, _tie),) = spoken(session)
    fields = following.fields()
    assert (fields["item"], fields["receipt_language"]) == (str(budget(meeting).id), "es")
    assert fields["body"].strip() == ""
    assert "Typed in so far 1" in following.text()
    assert f"Entered: {comment.tracking_number}" in following.text(".//*[@role='status']")
    receipt = following.links()["Receipt to print and hand over"]
    assert receipt == f"/es/receipts/{comment.tracking_number}"
    handed_over = page(clerk.get(receipt)).text()
    assert comment.tracking_number in handed_over
    assert "roads" not in handed_over
    assert "1 is typed in." in page(clerk.get("/en/staff/meetings/forum")).text()


def test_the_host_types_in_at_an_own_meeting_and_at_no_other(
    session: Session, meeting: Meeting, sign_in: SignIn
) -> None:
    others = makers.meeting(session, slug="other", period=meeting.period, starts_at=utcnow() - DAY)
    session.commit()
    assert meeting.host is not None
    host = sign_in(meeting.host)

    assert host.send(ORAL, **SAID).status_code == 303
    assert host.get("/en/staff/meetings/other/oral").status_code == 404
    refused = host.post("/en/staff/meetings/other/oral", data={**SAID, "csrf_token": host.csrf_token()})
    assert refused.status_code == 404
    assert [tie.meeting_id for _comment, tie in spoken(session)] == [meeting.id]
    assert others.id != meeting.id


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starts_at": timedelta(minutes=5), "ends_at": timedelta(hours=1)}, "has not begun"),
        ({"cancelled_at": -DAY}, "postponed or cancelled"),
        ({"postponed_at": -DAY}, "postponed or cancelled"),
        ({"published_at": None}, "it is a draft"),
        ({"period": None}, "belongs to no comment period"),
    ],
)
def test_nothing_is_typed_in_where_nothing_can_have_been_said(
    session: Session, meeting: Meeting, clerk: Client, change: dict[str, Any], said: str
) -> None:
    for name, value in change.items():
        setattr(meeting, name, utcnow() + value if isinstance(value, timedelta) else value)
    session.commit()

    opened = clerk.get(ORAL)
    sent = clerk.post(ORAL, data={**SAID, "csrf_token": clerk.csrf_token()})

    assert said in page(opened).text()
    assert (opened.status_code, sent.status_code) == (200, 409)
    assert spoken(session) == []
    assert "Type in spoken comments" not in page(clerk.get("/en/staff/meetings/forum")).text()


def test_a_period_that_had_closed_by_that_day_says_so_and_keeps_the_words(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    assert meeting.period is not None
    meeting.period.opens_at, meeting.period.closes_at = utcnow() - 9 * DAY, utcnow() - 5 * DAY
    session.commit()

    refused = clerk.send(ORAL, **SAID)

    assert refused.status_code == 409
    assert "This comment period does not take comments now." in page(refused).text()
    assert page(refused).fields()["body"].strip() == SAID["body"]
    assert spoken(session) == []


def test_what_is_said_on_the_last_day_is_in_time_also_when_it_is_typed_in_later(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    assert meeting.period is not None
    meeting.period.closes_at = meeting.starts_at + timedelta(minutes=1)
    session.commit()

    clerk.send(ORAL, **SAID)

    ((comment, _tie),) = spoken(session)
    assert comment.on_time


def test_the_same_form_sent_twice_makes_one_comment_with_one_tie(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    form = page(clerk.get(ORAL)).fields() | SAID

    first, second = clerk.post(ORAL, data=form), clerk.post(ORAL, data=form)
    other = clerk.post(ORAL, data=form | {"body": "Something else"})

    assert first.location == second.location
    assert other.status_code == 409
    assert page(other).fields()["body"].strip() == "Something else"
    assert len(spoken(session)) == 1


def test_the_same_words_are_asked_about_and_typed_in_if_another_person_said_them(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    clerk.send(ORAL, **SAID)

    asked = clerk.send(ORAL, **SAID)

    assert asked.status_code == 409
    assert clerk.post(ORAL, data=page(asked).fields() | {"is_another": "y"}).status_code == 303
    assert len(spoken(session)) == 2


@pytest.mark.parametrize("item", ["987654", "x", "-1", "9" * 30])
def test_an_item_that_the_meeting_does_not_have_is_refused_at_its_field(
    session: Session, meeting: Meeting, clerk: Client, item: str
) -> None:
    refused = clerk.send(ORAL, **SAID, item=item)

    assert refused.status_code == 422
    assert "#item" in page(refused).links(".//*[@class='errors']//a").values()
    assert page(refused).fields()["body"].strip() == SAID["body"]
    assert spoken(session) == []


def test_nothing_names_the_speaker_unless_the_speaker_wished_it(
    session: Session, meeting: Meeting, clerk: Client
) -> None:
    screen = page(clerk.get(ORAL))
    names = {control.get("name") for control in screen.root.iter() if control.get("name")}

    assert "Only if the speaker wants it to be published with the comment." in screen.text()
    assert not names & {"speaker", "email", "phone", "address", "number"}
    assert {column.name for column in sa.inspect(MeetingComment).columns} == {
        "comment_id",
        "meeting_id",
        "item_id",
    }
