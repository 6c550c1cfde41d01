"""Check in at the door: who is here, by number or name; and who comes without having registered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.meetings.codes import seal_text
from engage.meetings.models import Attendee, AttendeeState, Meeting, Mode, SpeakerRequest, SpeakerState
from engage.meetings.service import join_meeting
from engage.meetings.service.speak import Wish, ask_to_speak
from tests.support import makers
from tests.support.pages import Client, Page, page

SignIn = Callable[..., Client]
NOW = datetime.now(UTC)
DOOR = "/en/staff/meetings/forum/door"
MARK = "José of the Market"


@pytest.fixture
def forum(session: Session) -> Meeting:
    """A meeting that begins in ten minutes: its lists are closed on the site."""
    meeting = makers.meeting(
        session, slug="forum", starts_at=NOW + timedelta(minutes=10), registration_minutes=60, capacity=2
    )
    makers.agenda_item(session, meeting)
    session.commit()
    return meeting


@pytest.fixture
def door(session: Session, sign_in: SignIn, forum: Meeting) -> Client:
    host = makers.user(session, RoleName.HOST)
    forum.host = host
    session.commit()
    return sign_in(host)


def register(session: Session, meeting: Meeting, **fields: Any) -> Attendee:
    values: dict[str, Any] = {
        "wants_place": True, "mode": Mode.IN_PERSON, "language": "en", "now": NOW - timedelta(days=1),
    }  # fmt: skip
    made = join_meeting(session, meeting=meeting, **values | fields).attendee
    session.commit()
    return made


def tap(browser: Client, attendee: Attendee, *, here: bool = True) -> int:
    data = {"csrf_token": browser.csrf_token(), "here": "1" if here else "0"}
    return browser.post(f"{DOOR}/{attendee.id}/come", data=data).status_code


def opened(browser: Client, wanted: str = "") -> Page:
    return page(browser.get(DOOR, query_string={"q": wanted}))


def counts(browser: Client) -> list[str]:
    """Here, registered, waiting."""
    return ["".join(each.itertext()) for each in opened(browser).all(".//main/dl//dd")]


def test_one_tap_says_that_somebody_is_here_and_may_arrive_twice(
    session: Session, door: Client, forum: Meeting
) -> None:
    attendee = register(session, forum, name=MARK)

    assert [tap(door, attendee) for _ in range(2)] == [303, 303]
    assert counts(door) == ["1", "1", "0"]
    assert "Undo: registration 1 is not here" in opened(door).text()
    assert [tap(door, attendee, here=False) for _ in range(2)] == [303, 303]
    assert counts(door) == ["0", "1", "0"]


def test_people_are_found_by_number_or_by_a_part_of_a_name(
    session: Session, door: Client, forum: Meeting
) -> None:
    register(session, forum, name=MARK)
    speaker = register(session, forum, name="Bo")
    ask_to_speak(
        session,
        attendee=speaker,
        wish=Wish(None, Mode.IN_PERSON, name="Called Zed"),
        is_at_door=True,
        now=NOW,
    )
    session.commit()

    for wanted in ("jose", "JOSÉ", "#1 ", "market"):
        shown = opened(door, wanted).text()
        if wanted != "#1 ":
            assert "Bo" not in shown.partition("People")[2]
        assert MARK in shown
    assert "Called Zed" in opened(door, "zed").text()
    assert "Called Zed" in opened(door, "2").text()
    assert "Nobody was found" in opened(door, "nobody").text()
    assert "Nobody was found" in opened(door, "99999999999999999999\x00").text()


def test_names_are_shown_to_staff_of_the_meeting_only(
    session: Session, door: Client, client: Client, sign_in: SignIn, forum: Meeting
) -> None:
    register(session, forum, name=MARK)

    assert MARK in door.get(DOOR).text
    assert MARK not in client.get("/en/meetings/forum").text
    assert sign_in(RoleName.HOST).get(DOOR).status_code == 404
    for role in (RoleName.MODERATOR, RoleName.OFFICIAL, RoleName.RESIDENT):
        assert sign_in(role).get(DOOR).status_code == 403


def test_a_name_under_a_lost_key_does_not_close_the_door(
    session: Session, door: Client, forum: Meeting
) -> None:
    attendee = register(session, forum)
    attendee.sealed_name = seal_text(MARK, bound_to=attendee.id + 1)
    session.commit()

    assert "Registration 1" in opened(door).text()


def test_another_meetings_attendee_is_not_there(session: Session, door: Client) -> None:
    theirs = register(session, makers.meeting(session))

    assert tap(door, theirs) == 404
    assert door.get(f"{DOOR}/{theirs.id}").status_code == 404
    session.refresh(theirs)
    assert not theirs.has_come


def test_who_comes_late_goes_back_into_the_list(session: Session, door: Client, forum: Meeting) -> None:
    attendee = register(session, forum)
    wish = ask_to_speak(session, attendee=attendee, wish=Wish(None, Mode.IN_PERSON), is_at_door=True, now=NOW)
    wish.state = SpeakerState.ABSENT
    session.commit()

    tap(door, attendee)

    session.commit()
    session.refresh(wish)
    assert wish.state is SpeakerState.REQUESTED


class TestWithoutARegistration:
    def come(self, browser: Client, **typed: Any) -> None:
        assert browser.send(f"{DOOR}/new", **typed).status_code == 303

    def test_somebody_gets_a_free_place_and_the_next_one_waits(
        self, session: Session, door: Client, forum: Meeting
    ) -> None:
        register(session, forum)

        self.come(door)
        self.come(door)

        rows = session.scalars(sa.select(Attendee).order_by(Attendee.number)).all()
        assert [row.seat for row in rows] == [1, 2, None]
        assert [row.state for row in rows[1:]] == [AttendeeState.REGISTERED, AttendeeState.WAITLISTED]
        assert [row.has_come for row in rows] == [False, True, True]
        assert [row.was_promoted for row in rows] == [False, False, False]
        assert counts(door) == ["2", "2", "1"]

    def test_nobody_has_to_say_a_name(self, session: Session, door: Client) -> None:
        self.come(door)

        row = session.scalars(sa.select(Attendee)).one()
        assert (row.sealed_name, row.contact_id) == (None, None)

    def test_a_wish_to_speak_is_taken_on_the_spot(
        self, session: Session, door: Client, forum: Meeting
    ) -> None:
        self.come(door, name=MARK, item=str(forum.items[0].id), spoken="es")

        wish = session.scalars(sa.select(SpeakerRequest)).one()
        assert (wish.item_id, wish.spoken, wish.number) == (forum.items[0].id, "es", 1)
        assert MARK in opened(door, MARK).text()

    def test_a_form_that_arrives_twice_makes_one_person(self, session: Session, door: Client) -> None:
        shown = page(door.get(f"{DOOR}/new"))
        action = shown.one(".//main//form").get("action") or ""
        typed = shown.fields() | {"item": "any"}

        for _ in range(3):
            assert door.post(action, data=typed).status_code == 303

        assert session.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(SpeakerRequest)) == 1


def test_who_is_registered_can_ask_to_speak_at_the_door(
    session: Session, door: Client, forum: Meeting
) -> None:
    attendee = register(session, forum)
    url = f"{DOOR}/{attendee.id}"

    assert door.send(url, item=str(forum.items[0].id)).status_code == 303
    door.send(url, item=str(forum.items[0].id))

    assert session.scalar(sa.select(sa.func.count()).select_from(SpeakerRequest)) == 1
    assert "Waiting to be called" in page(door.get(url)).text()
    assert door.send(url, item="987654").status_code == 422
