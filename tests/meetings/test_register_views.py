"""The form to register."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage import worker
from engage.clock import utcnow
from engage.contacts.models import Contact, Purpose
from engage.contacts.service import address_of
from engage.jobs.queue import run_once
from engage.meetings.codes import open_text
from engage.meetings.models import (
    AccommodationKind,
    AccommodationRequest,
    AttendeeState,
    Meeting,
)
from engage.meetings.service.mail import REGISTRATIONS_A_DAY
from tests.guards.test_privacy import MARKS, _everything_kept
from tests.meetings.conftest import Mails
from tests.meetings.registering import ANA, attendees, own_page, register
from tests.support import makers
from tests.support.pages import Client, page


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A meeting of three places, in a room and online."""
    row = makers.meeting(session, slug="forum", capacity=3)
    session.commit()
    return row


class TestRegistering:
    def test_needs_no_account_no_name_and_no_address(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        said = own_page(client, register(client))

        assert "You have a place in the room." in said
        assert "Your registration number 1" in said
        (attendee,) = attendees(session)
        assert (attendee.sealed_name, attendee.contact_id, attendee.language) == (None, None, "en")

    def test_tells_how_many_wait_before_one(self, client: Client, session: Session, meeting: Meeting) -> None:
        for _ in range(3):
            register(client)

        assert "You are next in line." in own_page(client, register(client))
        assert "1 person waits before you." in own_page(client, register(client))
        assert "All are taken." in page(client.get("/en/meetings/forum")).text()

    def test_shows_the_way_in_to_whoever_has_a_place_only(self, client: Client, session: Session) -> None:
        makers.meeting(
            session, slug="forum", capacity=1, join_is_public=False, join_url="https://meet.example.org/x"
        )
        session.commit()

        assert "meet.example.org" in own_page(client, register(client))
        assert "meet.example.org" not in own_page(client, register(client))
        assert "meet.example.org" in own_page(client, register(client, way="remote"))

    def test_keeps_name_and_needs_encrypted_and_the_address_apart(
        self, app: Flask, client: Client, session: Session, meeting: Meeting
    ) -> None:
        answer = register(
            client,
            name="Marked Mariposa",
            email=f" {ANA.upper()} ",
            kinds=["interpreter", "wheelchair"],
            spoken="es",
            details="Marked details: two steps at most.",
        )

        said = own_page(client, answer)
        assert "Marked Mariposa" in said
        assert ANA not in said.lower()
        assert "Interpreter: Spanish" in said
        (attendee,) = attendees(session)
        assert attendee.contact is not None
        assert address_of(attendee.contact) == ANA
        assert attendee.contact.purpose is Purpose.MEETING
        assert (
            attendee.contact.purge_after
            == (meeting.last_instant + timedelta(days=30)).astimezone(meeting.zone).date()
        )
        needs = {need.kind: need for need in attendee.accommodations}
        assert needs[AccommodationKind.INTERPRETER].spoken == "es"
        wheelchair = needs[AccommodationKind.WHEELCHAIR]
        assert wheelchair.spoken is None
        assert wheelchair.sealed_details is not None
        assert open_text(wheelchair.sealed_details, bound_to=wheelchair.id).startswith("Marked details")
        left = _everything_kept(app).lower()
        assert "mariposa" not in left
        assert "two steps" not in left
        assert ANA not in left

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"email": "nobody"}, "This is not an e-mail address."),
            ({"kinds": "interpreter"}, "Choose the language of the interpreter."),
            ({"kinds": "other"}, "Write what you need."),
            ({"details": "A ramp"}, "Choose above what this is about"),
            ({"way": "nothing"}, "Choose what you need"),
            ({"name": "x" * 81}, "That is too long for a name."),
            ({"way": "flying"}, "Not a valid choice"),
        ],
    )
    def test_gives_back_what_has_to_be_mended(
        self, client: Client, session: Session, meeting: Meeting, typed: dict[str, str], said: str
    ) -> None:
        """Case 17."""
        answer = register(client, **{"name": "Kept"} | typed)

        assert answer.status_code == 422
        assert said in page(answer).text()
        assert page(answer).field("name").get("value") == typed.get("name", "Kept")
        assert attendees(session) == []

    def test_asks_once_more_before_personal_data_is_sent(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        typed = {"kinds": "other", "details": "Call me at 404-555-0123 about the ramp."}
        asked = register(client, **typed)

        assert asked.status_code == 422
        assert "telephone number" in page(asked).text()
        assert attendees(session) == []
        kept = client.post(
            "/en/meetings/forum/register", data=page(asked).fields() | {"personal_data": "keep"}
        )
        assert kept.status_code == 303

    def test_only_for_a_need_takes_no_place(self, client: Client, session: Session, meeting: Meeting) -> None:
        said = own_page(client, register(client, way="nothing", kinds="captions"))

        assert "You have no place in the room, where places are counted." in said
        (attendee,) = attendees(session)
        assert (attendee.state, attendee.seat) == (AttendeeState.NOT_ASKED, None)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"cancelled_at": utcnow()}, "Cancelled"),
            ({"postponed_at": utcnow()}, "Postponed"),
            ({"starts_at": utcnow() - timedelta(hours=3)}, "Over"),
        ],
    )
    def test_is_refused_where_the_meeting_does_not_take_place(
        self, client: Client, session: Session, fields: dict[str, object], said: str
    ) -> None:
        makers.meeting(session, slug="forum", **fields)
        session.commit()

        assert said in page(client.get("/en/meetings/forum/register")).text()
        sent = client.post(
            "/en/meetings/forum/register", data={"csrf_token": client.csrf_token(), "way": "in_person"}
        )
        assert sent.status_code == 409
        assert attendees(session) == []

    def test_after_its_cut_off_takes_needs_only_and_says_they_are_late(
        self, client: Client, session: Session
    ) -> None:
        makers.meeting(
            session, slug="forum", starts_at=utcnow() + timedelta(hours=1), registration_minutes=90
        )
        session.commit()
        opened = page(client.get("/en/meetings/forum/register"))

        assert "is over. Ask all the same" in opened.text()
        assert opened.all(".//input[@type='radio']") == []
        said = own_page(client, register(client, kinds="hearing_loop"))
        assert "You asked after the day up to which we can promise an answer." in said
        (attendee,) = attendees(session)
        assert [need.is_late for need in attendee.accommodations] == [True]
        refused = client.post("/en/meetings/forum/register", data=opened.fields() | {"way": "in_person"})
        assert refused.status_code == 422

    def test_that_meets_the_cut_off_while_typing_keeps_the_words(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        opened = page(client.get("/en/meetings/forum/register")).fields()
        session.execute(sa.update(Meeting).values(takes_registrations=False))
        session.commit()

        answer = client.post("/en/meetings/forum/register", data=opened | {"name": "Kept"})

        assert answer.status_code == 422
        assert page(answer).field("name").get("value") == "Kept"

    def test_of_a_draft_is_not_there(self, client: Client, session: Session) -> None:
        makers.meeting(session, slug="draft", published_at=None)
        session.commit()

        assert client.get("/en/meetings/draft/register").status_code == 404


class TestSendingTwice:
    def test_makes_one_registration_and_shows_the_same_page(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        """Cases 14 and 15."""
        form = page(client.get("/en/meetings/forum/register")).fields() | {
            "email": ANA,
            "name": "Ana",
            "kinds": "captions",
        }

        first = client.post("/en/meetings/forum/register", data=form)
        second = client.post("/en/meetings/forum/register", data=form)

        assert (second.status_code, second.location) == (303, first.location)
        assert len(attendees(session)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(AccommodationRequest)) == 1

    def test_twenty_times_at_once_makes_one_registration(
        self, app: Flask, client: Client, session: Session, meeting: Meeting
    ) -> None:
        form = page(client.get("/en/meetings/forum/register")).fields() | {"name": "Ana"}
        cookie = client.get_cookie("session") or client.get_cookie("__Host-session")
        assert cookie is not None

        def send(_number: int) -> str:
            browser = app.test_client()
            browser.set_cookie(cookie.key, cookie.value)
            return browser.post("/en/meetings/forum/register", data=form).location

        with ThreadPoolExecutor(20) as pool:
            locations = set(pool.map(send, range(20)))

        assert len(locations) == 1
        assert len(attendees(session)) == 1

    def test_with_other_words_registers_nobody_and_keeps_what_was_typed(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        form = page(client.get("/en/meetings/forum/register")).fields()
        client.post("/en/meetings/forum/register", data=form | {"name": "Ana"})

        second = client.post("/en/meetings/forum/register", data=form | {"name": "Luis"})

        assert second.status_code == 409
        assert page(second).field("name").get("value") == "Luis"
        assert len(attendees(session)) == 1
        assert client.post("/en/meetings/forum/register", data=page(second).fields()).status_code == 303
        assert len(attendees(session)) == 2


class TestMachines:
    def test_what_fills_in_the_hidden_field_is_registered_and_gets_no_mail(
        self, client: Client, session: Session, meeting: Meeting, mails: Mails
    ) -> None:
        """Cases 25 and 26: nothing is refused; but nobody's mailbox is filled by a machine."""
        said = own_page(client, register(client, website="http://spam.example", email=ANA))

        assert "You have a place in the room." in said
        assert "We have no address of yours" in said
        assert mails() == []

    @pytest.mark.parametrize("proof", ["", "e30=", "garbage", "A" * 5000])
    def test_a_missing_or_wrong_proof_makes_no_difference(
        self, client: Client, session: Session, meeting: Meeting, mails: Mails, proof: str
    ) -> None:
        """Cases 23 and 24: nothing here hangs on a proof, and none is taken for one."""
        assert register(client, proof=proof, email=ANA).status_code == 303
        assert len(mails()) == 1

    @pytest.mark.parametrize(
        "text", ["Nul\0", "\ud800".encode("utf-8", "surrogatepass"), "\u202eabc", "ñ" * 81]
    )
    def test_odd_characters_are_cleaned_or_refused(
        self, client: Client, session: Session, meeting: Meeting, text: str | bytes
    ) -> None:
        """Case 22."""
        answer = register(client, name=text)

        assert answer.status_code in (303, 422)

    def test_a_megabyte_is_refused(self, client: Client, session: Session, meeting: Meeting) -> None:
        assert register(client, details="x" * 1_000_000, kinds="other").status_code == 413
        assert attendees(session) == []

    def test_one_address_is_confirmed_ten_times_a_day_at_most(
        self, client: Client, session: Session, meeting: Meeting, mails: Mails
    ) -> None:
        for _ in range(REGISTRATIONS_A_DAY):
            register(client, email=ANA)

        assert "We have no address of yours" in own_page(client, register(client, email=ANA))
        assert len(mails()) == REGISTRATIONS_A_DAY

    def test_what_others_set_is_not_taken_from_the_form(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        """Case 36's like: a form sets what it asks for and nothing else."""
        register(client, seat="1", number="77", has_come="1", was_promoted="1", is_late="1", kinds="captions")

        (attendee,) = attendees(session)
        assert (attendee.number, attendee.has_come, attendee.was_promoted) == (1, False, False)


def test_nothing_of_the_browser_and_no_code_is_left_anywhere(
    app: Flask,
    client: Client,
    session: Session,
    meeting: Meeting,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Cases 1 and 7's like."""
    client.environ_base.update(MARKS)
    with caplog.at_level(logging.DEBUG):
        answer = register(client, email=ANA, name="Ana", kinds="captions")
        client.get(answer.location)
        client.send(f"{answer.location}/needs", kinds="quiet_space")
        run_once(worker.HANDLERS)
        client.send(f"{answer.location}/cancel")
        run_once(worker.HANDLERS)

    left = _everything_kept(app) + caplog.text + "".join(capfd.readouterr())
    code = answer.location.rsplit("/", 1)[1]
    assert re.fullmatch(r"[\w-]{22}", code)
    for mark in ("203.0.113", "MarkedBrowser", "marked-referrer", code, ANA):
        assert mark not in left


def test_no_page_of_a_registration_asks_another_site_for_anything(
    client: Client, session: Session, meeting: Meeting
) -> None:
    """Case 7."""
    answer = register(client, email=ANA)

    for path in ("/en/meetings/forum/register", answer.location, f"{answer.location}/cancel"):
        opened = page(client.get(path))
        loaded = [
            element.get("src") or element.get("href") or ""
            for element in opened.root.iter()
            if element.tag in ("img", "script", "link", "iframe")
        ]
        assert all(address.startswith("/") for address in loaded)
