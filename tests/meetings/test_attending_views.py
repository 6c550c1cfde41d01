"""The page that only a code opens, and what staff see of those who come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.contacts.models import Contact
from engage.meetings import service
from engage.meetings.codes import code_of
from engage.meetings.models import (
    AccommodationKind,
    AccommodationState,
    Attendee,
    AttendeeState,
    Format,
    Meeting,
    Mode,
)
from tests.meetings.conftest import Mails
from tests.meetings.registering import ANA, attendees, joined, register
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A meeting of three places, in a room and online."""
    row = makers.meeting(session, slug="forum", capacity=3)
    session.commit()
    return row


class TestOwnPage:
    def test_is_not_kept_by_the_browser_and_not_opened_by_a_guess(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        attendee, mine = joined(session, meeting)

        assert client.get(mine).headers["Cache-Control"] == "no-store"
        for guess in (attendee.code_index, str(attendee.id), mine[-22:-1], "%00", "a" * 3000):
            assert client.get(f"/en/meetings/attending/{guess}").status_code == 404

    def test_a_link_that_is_opened_in_advance_cancels_nothing(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        """Case 44's like."""
        _attendee, mine = joined(session, meeting)

        client.get(f"{mine}/cancel")
        client.head(f"{mine}/cancel")

        assert [each.state for each in attendees(session)] == [AttendeeState.REGISTERED]

    def test_cancels_by_one_button_and_erases_what_was_left(
        self, app: Flask, client: Client, session: Session, meeting: Meeting
    ) -> None:
        answer = register(client, email=ANA, name="Ana", kinds="other", details="A chair with arms, please.")

        sent = client.send(f"{answer.location}/cancel")

        assert "This registration is cancelled." in page(client.get(sent.location)).text()
        (attendee,) = attendees(session)
        assert attendee.cancelled_on is not None
        assert (attendee.sealed_name, attendee.contact_id) == (None, None)
        assert [(need.state, need.sealed_details) for need in attendee.accommodations] == [
            (AccommodationState.WITHDRAWN, None)
        ]
        assert session.scalar(sa.select(Contact.id)) is None
        assert (
            client.post(f"{answer.location}/cancel", data={"csrf_token": client.csrf_token()}).status_code
            == 303
        )

    def test_attends_otherwise_and_the_next_moves_up(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        _first, mine = joined(session, meeting)
        for _ in range(3):
            joined(session, meeting)

        client.send(mine, form=".//form[@action='" + mine + "/change']", way="remote")

        assert "registered to attend online" in page(client.get(mine)).text()
        last = attendees(session)[-1]
        assert (last.state, last.was_promoted) == (AttendeeState.REGISTERED, True)

    def test_asks_for_something_more_and_takes_it_back(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        _attendee, mine = joined(session, meeting)

        assert client.send(f"{mine}/needs").status_code == 422
        for _twice in range(2):
            client.send(f"{mine}/needs", kinds="large_print", details="Braille, English")
        (need,) = attendees(session)[0].accommodations
        assert "We answer by" in page(client.get(mine)).text()
        client.post(f"{mine}/needs/{need.id}/withdraw", data={"csrf_token": client.csrf_token()})

        session.rollback()
        session.refresh(need)
        assert (need.state, need.sealed_details) == (AccommodationState.WITHDRAWN, None)

    def test_changes_nothing_of_anybody_else(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        """Case 31."""
        other, _theirs = joined(session, meeting)
        (need,) = service.ask_for(session, other, service.Needs((AccommodationKind.CAPTIONS,)), utcnow())
        session.commit()
        _attendee, mine = joined(session, meeting)

        refused = client.post(f"{mine}/needs/{need.id}/withdraw", data={"csrf_token": client.csrf_token()})

        assert refused.status_code in (404, 409)
        session.rollback()
        session.refresh(need)
        assert need.state is AccommodationState.REQUESTED

    def test_stops_all_mail_and_keeps_the_place(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        answer = register(client, email=ANA)

        client.post(f"{answer.location}/no-mail", data={"csrf_token": client.csrf_token()})

        assert "We have no address of yours" in page(client.get(answer.location)).text()
        assert session.scalar(sa.select(Contact.id)) is None
        assert [each.state for each in attendees(session)] == [AttendeeState.REGISTERED]

    def test_is_gone_with_the_meeting_that_is_taken_back(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        _attendee, mine = joined(session, meeting)
        meeting.published_at = None
        session.commit()

        assert client.get(mine).status_code == 404

    def test_speaks_spanish(self, client: Client, session: Session, meeting: Meeting) -> None:
        _attendee, mine = joined(session, meeting, language="es")

        assert page(client.get(mine.replace("/en/", "/es/"))).root.get("lang") == "es"

    def test_of_a_meeting_online_offers_no_room(self, client: Client, session: Session) -> None:
        makers.meeting(session, slug="forum", format=Format.ONLINE)
        session.commit()
        opened = page(client.get("/en/meetings/forum/register"))

        assert [each.get("value") for each in opened.all(".//input[@type='radio']")] == ["remote", "nothing"]


class TestStaff:
    @pytest.fixture
    def asked(self, session: Session, meeting: Meeting) -> Attendee:
        """Somebody who needs two things."""
        attendee = service.register(
            session,
            meeting=meeting,
            registration=service.Registration(
                Mode.IN_PERSON,
                name="Ana at the door",
                address=ANA,
                needs=service.Needs(
                    (AccommodationKind.INTERPRETER, AccommodationKind.OTHER), "es", "A quiet row"
                ),
            ),
            language="es",
            client_token=None,
            now=utcnow(),
        ).attendee
        session.commit()
        return attendee

    def test_sees_what_is_overdue_first_and_no_address(
        self, sign_in: SignIn, session: Session, meeting: Meeting, asked: Attendee
    ) -> None:
        """Case 38's like: whoever runs the meeting sees needs and names, nobody an address."""
        late = next(need for need in asked.accommodations if need.kind is AccommodationKind.OTHER)
        late.due_on = utcnow().date() - timedelta(days=2)
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        said = page(clerk.get("/en/staff/meetings/forum/accommodations"))

        rows = ["".join(row.itertext()) for row in said.all(".//tbody/tr")]
        assert "Something else" in rows[0]
        assert "Overdue" in rows[0]
        assert "A quiet row" in rows[0]
        assert "Interpreter: Spanish" in rows[1]
        section = page(clerk.get("/en/staff/meetings/forum")).text()
        assert "2 requests" in section
        assert "1 overdue" in section
        door = page(clerk.get("/en/staff/meetings/forum/attendees")).text()
        assert "Ana at the door" in door
        for text in (said.text(), section, door):
            assert "ana@" not in text

    def test_answers_and_the_requester_sees_it(
        self,
        client: Client,
        sign_in: SignIn,
        session: Session,
        meeting: Meeting,
        asked: Attendee,
        mails: Mails,
    ) -> None:
        mails()
        need = next(need for need in asked.accommodations if need.kind is AccommodationKind.INTERPRETER)
        clerk = sign_in(RoleName.CLERK)
        form = f"/en/staff/meetings/forum/accommodations/{need.id}"

        assert clerk.send(form, state="not_possible").status_code == 422
        assert clerk.send(form, state="arranged", answer_es="Habrá intérprete.").status_code == 303

        assert "Habrá intérprete." in page(client.get(f"/en/meetings/attending/{code_of(asked.id)}")).text()
        (mail,) = mails()
        assert mail.recipient == ANA
        assert "intérprete" not in mail.subject + mail.body
        clerk.send(form, state="arranged", answer_es="Habrá intérprete.")
        assert mails() == []

    def test_cannot_answer_what_was_withdrawn(
        self, sign_in: SignIn, session: Session, meeting: Meeting, asked: Attendee
    ) -> None:
        need = asked.accommodations[0]
        service.withdraw_need(session, asked, need.id)
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        page(clerk.get(f"/en/staff/meetings/forum/accommodations/{need.id}"))
        sent = clerk.post(
            f"/en/staff/meetings/forum/accommodations/{need.id}",
            data={"csrf_token": clerk.csrf_token(), "state": "arranged"},
        )

        assert sent.status_code == 409

    @pytest.mark.parametrize("path", ["attendees", "accommodations", "accommodations/{need}"])
    def test_of_another_host_sees_nothing(
        self, sign_in: SignIn, session: Session, meeting: Meeting, asked: Attendee, path: str
    ) -> None:
        """Case 35."""
        need = asked.accommodations[0].id
        meeting.host_id = makers.user(session, RoleName.HOST).id
        other = makers.meeting(session, slug="other")
        host = makers.user(session, RoleName.HOST)
        other.host_id = host.id
        session.commit()
        browser = sign_in(host)
        path = path.format(need=need)

        assert browser.get(f"/en/staff/meetings/forum/{path}").status_code == 404
        if "/" in path:
            assert browser.get(f"/en/staff/meetings/other/{path}").status_code == 404
