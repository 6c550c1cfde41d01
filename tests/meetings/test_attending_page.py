"""What somebody's own page and the mails say once things are not as they were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.meetings import letters, service
from engage.meetings.codes import code_of
from engage.meetings.models import (
    AccommodationKind,
    AccommodationRequest,
    AccommodationState,
    Attendee,
    Format,
    Meeting,
    Mode,
    SpeakerRequest,
)
from engage.meetings.service import speak
from tests.meetings.conftest import Mails
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
LINK = "https://meet.example.org/room"
WHY = both("The roof leaks.")


def comes(session: Session, meeting: Meeting, mode: Mode | None = Mode.IN_PERSON, **more: Any) -> Attendee:
    """Somebody who registers, or asks for no place."""
    joined = service.register(
        session,
        meeting=meeting,
        registration=service.Registration(mode, **more),
        language="en",
        client_token=None,
        now=utcnow(),
    )
    session.commit()
    return joined.attendee


def speaks(session: Session, meeting: Meeting, mode: Mode = Mode.IN_PERSON, **more: Any) -> Attendee:
    """Somebody who has only signed up to speak."""
    wish = speak.Wish(None, mode, **more)
    row, _code = speak.ask_as_stranger(
        session, meeting=meeting, wish=wish, language="en", client_token=None, now=utcnow()
    )
    session.commit()
    return row.attendee


def own_page(client: Client, attendee: Attendee, language: str = "en") -> str:
    """The words of somebody's page."""
    return page(client.get(f"/{language}/meetings/attending/{code_of(attendee.id)}")).text("./body")


def moved(session: Session, meeting: Meeting, starts_at: datetime, *, is_other_day: bool = True) -> None:
    """Have a clerk move a meeting."""
    act = service.reschedule_meeting if is_other_day else service.move_meeting
    act(session, meeting, starts_at=starts_at, ends_at=None, reason=WHY, actor=None, now=utcnow())
    session.commit()


class TestAMeetingThatIsNotAsAnnounced:
    @pytest.mark.parametrize(
        ("act", "said"),
        [
            (service.cancel_meeting, "This meeting is cancelled"),
            (service.postpone_meeting, "This meeting is postponed and has no new date yet"),
        ],
    )
    def test_is_called_off_on_the_page_with_the_reason_and_nothing_says_how_to_come(
        self, client: Client, session: Session, act: Callable[..., Any], said: str
    ) -> None:
        meeting = makers.meeting(session, capacity=3)
        attendee = comes(session, meeting)
        assert "You have a place in the room." in own_page(client, attendee)
        act(session, meeting, reason=WHY, actor=None, now=utcnow())
        session.commit()

        words = own_page(client, attendee)

        assert said in words
        assert "The roof leaks." in words
        for gone in ("You have a place in the room.", "How to take part", LINK, "Your place at this meeting"):
            assert gone not in words

    def test_that_is_over_says_so(self, client: Client, session: Session) -> None:
        meeting = makers.meeting(session)
        attendee = comes(session, meeting)
        meeting.starts_at = utcnow() - timedelta(hours=5)
        meeting.ends_at = meeting.starts_at + timedelta(hours=1)
        session.commit()

        words = own_page(client, attendee)

        assert "This meeting is over." in words
        assert "How to take part" not in words
        assert "You are registered to come" not in words

    @pytest.mark.parametrize("is_other_day", [True, False])
    def test_that_was_moved_says_when_it_was_and_when_it_is(
        self, client: Client, session: Session, is_other_day: bool
    ) -> None:
        # Noon in New York: an hour later is the same day there.
        noon = (utcnow() + timedelta(days=20)).replace(hour=16, minute=0, second=0, microsecond=0)
        meeting = makers.meeting(session, starts_at=noon)
        attendee = comes(session, meeting)
        old = meeting.local_start
        moved(
            session,
            meeting,
            noon + timedelta(days=7 if is_other_day else 0, hours=1),
            is_other_day=is_other_day,
        )

        words = own_page(client, attendee)

        assert "The roof leaks." in words
        assert f"Before: {old:%A, %B} {old.day}" in words
        assert f"Now: {meeting.local_start:%A, %B} {meeting.local_start.day}" in words
        assert "You are registered to come in person." in words

    def test_no_wish_is_said_to_be_next(self, client: Client, session: Session) -> None:
        meeting = makers.meeting(session)
        attendee = speaks(session, meeting)
        assert "You are next on this item." in own_page(client, attendee)
        service.cancel_meeting(session, meeting, reason=WHY, actor=None, now=utcnow())
        session.commit()

        assert "You are next on this item." not in own_page(client, attendee)

    def test_the_mail_that_it_is_cancelled_has_nothing_to_cancel(
        self, session: Session, mails: Mails
    ) -> None:
        meeting = makers.meeting(session)
        comes(session, meeting, address="ana@example.org")
        (joined,) = mails()
        service.cancel_meeting(session, meeting, reason=WHY, actor=None, now=utcnow())
        session.commit()

        (told,) = mails()

        assert "Cancel:" in joined.body
        assert "/cancel" in joined.body
        assert "Cancel:" not in told.body
        assert "/cancel" not in told.body
        assert "/meetings/attending/" in told.body


class TestTheWayInThatIsNotPublic:
    def test_is_given_to_who_speaks_from_elsewhere(self, client: Client, session: Session) -> None:
        meeting = makers.meeting(session, join_is_public=False)
        from_room, from_afar = speaks(session, meeting), speaks(session, meeting, Mode.REMOTE)

        assert LINK in own_page(client, from_afar)
        assert LINK not in own_page(client, from_room)

    def test_is_given_to_who_waits_for_a_place_and_speaks_from_elsewhere_until_the_wish_is_taken_back(
        self, client: Client, session: Session
    ) -> None:
        meeting = makers.meeting(session, join_is_public=False, capacity=1)
        comes(session, meeting)
        waits = comes(session, meeting)
        assert not letters.may_join(waits)
        wish = speak.ask_to_speak(session, attendee=waits, wish=speak.Wish(None, Mode.REMOTE), now=utcnow())
        session.commit()
        assert LINK in own_page(client, waits)

        speak.take_back(session, waits, wish.id)
        session.commit()

        assert LINK not in own_page(client, waits)


class TestAnInterpreterForASpeaker:
    def test_is_asked_of_the_staff_and_the_person_sees_its_status(
        self, client: Client, session: Session, sign_in: SignIn
    ) -> None:
        meeting = makers.meeting(session, slug="forum")
        session.commit()
        client.send("/en/meetings/forum/speak", item="any", spoken="vi")

        (need,) = session.scalars(sa.select(AccommodationRequest))

        assert (need.kind, need.spoken) == (AccommodationKind.INTERPRETER, "vi")
        assert (need.due_on, need.is_late) == (meeting.accommodations_due_on, False)
        words = own_page(client, need.attendee)
        assert "Interpreter: Vietnamese" in words
        assert "Asked for, not answered yet" in words
        clerk = sign_in(RoleName.CLERK)
        assert "Vietnamese" in page(clerk.get("/en/staff/meetings/forum/accommodations")).text()

    def test_is_asked_for_once_for_each_language(self, session: Session) -> None:
        meeting = makers.meeting(session)
        makers.agenda_item(session, meeting)
        service.post_agenda(session, meeting, actor=None, now=utcnow())
        needs = service.Needs((AccommodationKind.INTERPRETER,), "vi", "The southern dialect, please.")
        attendee = comes(session, meeting, needs=needs)
        for item, spoken in ((None, "vi"), (meeting.items[0], "so")):
            wish = speak.Wish(item, Mode.IN_PERSON, spoken=spoken)
            speak.ask_to_speak(session, attendee=attendee, wish=wish, now=utcnow())

        assert set(session.scalars(sa.select(AccommodationRequest.spoken))) == {"so", "vi"}
        assert len(attendee.accommodations) == 2


class TestNoPlaceInACountedRoom:
    def test_a_speaker_is_told_and_shown_the_way_to_ask_for_one(
        self, client: Client, session: Session
    ) -> None:
        meeting = makers.meeting(session, capacity=1)
        comes(session, meeting)
        speaker = speaks(session, meeting)

        words = own_page(client, speaker)

        assert "You are on the speakers’ list, but you have no place in the room" in words
        assert "All are taken. Ask for a place" in words
        assert "need none" not in words
        assert "enough at the door" not in words

    def test_the_mail_says_the_same(self, session: Session) -> None:
        meeting = makers.meeting(session, capacity=1)
        comes(session, meeting)
        speaker = speaks(session, meeting)

        body = letters.reminder(speaker, utcnow()).body

        assert "but you have no place in the room" in body
        assert "You can ask for one on your page." in body
        assert "need none" not in body

    @pytest.mark.parametrize(
        ("fields", "mode"), [({"capacity": None}, Mode.IN_PERSON), ({"capacity": 1}, Mode.REMOTE)]
    )
    def test_nobody_else_needs_one(
        self, client: Client, session: Session, fields: dict[str, Any], mode: Mode
    ) -> None:
        speaker = speaks(session, makers.meeting(session, **fields), mode)

        assert "you need none to come" in own_page(client, speaker)


class TestWaiting:
    @pytest.fixture
    def meeting(self, session: Session) -> Meeting:
        row = makers.meeting(session, capacity=1)
        comes(session, row)
        return row

    def test_is_a_place_in_the_line_and_none_at_the_door(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        words = own_page(client, comes(session, meeting))

        assert "Your place in the line" in words
        assert "Your number in the line 2" in words
        assert f"You have no place yet; you can attend online or by telephone. {LINK}" in words
        assert "enough at the door" not in words
        assert "Your place at this meeting" not in words

    def test_is_the_same_by_mail(self, session: Session, meeting: Meeting) -> None:
        waits = comes(session, meeting)
        body = letters.reminder(waits, utcnow()).body

        assert letters.confirmation(waits, utcnow()).subject.endswith("you are on the waiting list")
        assert "you have no place yet. You can attend online" in body
        assert LINK in body
        assert "Your number in the line: 2" in body
        assert "at the door" not in body

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"format": Format.IN_PERSON}, "You have no place yet. 1"),
            ({"join_is_public": False}, "you can attend online or by telephone instead. Attend otherwise"),
        ],
    )
    def test_names_no_link_where_there_is_none(
        self, client: Client, session: Session, fields: dict[str, Any], said: str
    ) -> None:
        meeting = makers.meeting(session, capacity=1, **fields)
        for _ in range(2):
            comes(session, meeting)

        words = own_page(client, comes(session, meeting))

        assert said in words
        assert LINK not in words

    def test_anew_keeps_the_number_where_nobody_else_waits(
        self, client: Client, session: Session, meeting: Meeting
    ) -> None:
        waits = comes(session, meeting)
        change = f"/en/meetings/attending/{code_of(waits.id)}"
        for way in ("remote", "in_person"):
            client.send(change, form=".//form[@action='" + change + "/change']", way=way)

        assert "Your number in the line 2" in own_page(client, waits)

    def test_anew_behind_others_gives_a_new_number_and_says_it_here_and_by_mail(
        self, client: Client, session: Session, meeting: Meeting, mails: Mails
    ) -> None:
        waits = comes(session, meeting, address="ana@example.org")
        comes(session, meeting)
        mails()
        change = f"/en/meetings/attending/{code_of(waits.id)}"
        for way in ("remote", "in_person"):
            answer = client.send(change, form=".//form[@action='" + change + "/change']", way=way)

        said = "You wait for a place again. Your new number in the line is 4."
        assert said in page(client.get(answer.location)).text("./body")
        (told,) = mails()
        assert said in told.body


class TestWhatWasAskedFor:
    def test_is_shown_in_the_own_words_of_who_asked(self, client: Client, session: Session) -> None:
        needs = service.Needs((AccommodationKind.WHEELCHAIR,), None, "Two steps are too many.")
        attendee = comes(session, makers.meeting(session), needs=needs)

        assert "Two steps are too many." in own_page(client, attendee)

    def test_is_due_by_the_new_day_when_the_meeting_moves(self, session: Session) -> None:
        meeting = makers.meeting(session)
        needs = service.Needs((AccommodationKind.WHEELCHAIR, AccommodationKind.CAPTIONS))
        attendee = comes(session, meeting, needs=needs)
        answered, open_one = attendee.accommodations
        answered.state, first_day = AccommodationState.ARRANGED, meeting.accommodations_due_on

        moved(session, meeting, meeting.starts_at - timedelta(days=4))
        assert open_one.due_on == meeting.accommodations_due_on == first_day - timedelta(days=4)
        moved(session, meeting, meeting.starts_at + timedelta(days=30))
        assert open_one.due_on == meeting.accommodations_due_on

        moved(session, meeting, utcnow() + timedelta(hours=30))
        assert open_one.due_on == utcnow().astimezone(meeting.zone).date() > meeting.accommodations_due_on
        assert (open_one.is_late, answered.due_on) == (False, first_day)

    def test_what_was_late_is_in_time_again_where_the_new_day_allows(self, session: Session) -> None:
        meeting = makers.meeting(session, starts_at=utcnow() + timedelta(hours=30))
        attendee = comes(session, meeting, needs=service.Needs((AccommodationKind.CAPTIONS,)))
        (need,) = attendee.accommodations
        assert need.is_late

        moved(session, meeting, meeting.starts_at + timedelta(days=20))

        assert (need.is_late, need.due_on) == (False, meeting.accommodations_due_on)

    @pytest.mark.parametrize(("days", "promises"), [(10, True), (1, False)])
    def test_is_promised_on_the_public_page_only_while_the_day_is_not_over(
        self, client: Client, session: Session, days: int, promises: bool
    ) -> None:
        makers.meeting(session, slug="forum", starts_at=utcnow() + timedelta(days=days))
        session.commit()

        words = page(client.get("/en/meetings/forum")).text()

        assert ("we can promise an answer in time" in words) is promises
        assert ("ask all the same" in words) is not promises


class TestPrivateWords:
    def test_are_not_said_to_be_posted(self, client: Client, session: Session) -> None:
        makers.meeting(session, slug="forum")
        session.commit()

        form = client.get("/en/meetings/forum/register").text
        asked = client.send(
            "/en/meetings/forum/register", kinds="captions", details="Call me at 404-555-0123."
        )

        assert asked.status_code == 422
        for words in (form, asked.text):
            assert "only the staff of this meeting read it" in " ".join(words.split())
            assert "everybody can read and copy it" not in " ".join(words.split())

    @pytest.mark.parametrize("way", ["register", "speak"])
    def test_survive_a_change_of_language_until_they_are_sent(
        self, client: Client, session: Session, way: str
    ) -> None:
        meeting = makers.meeting(session, slug="forum")
        attendee = comes(session, meeting)

        forms = [page(client.get(f"/{code}/meetings/forum/{way}")) for code in ("en", "es")]
        own = page(client.get(f"/en/meetings/attending/{code_of(attendee.id)}"))

        for form in forms:
            (draft,) = form.all(".//form[@data-draft]")
            assert draft.get("data-draft") == f"{way}-forum"
            assert [one.get("name") for one in form.all(".//*[@data-draft-keep]")] == ["client_token"]
        assert f"{way}-forum" in [one.get("data-draft-clear") for one in own.all(".//*[@data-draft-clear]")]


class TestSigningUpTooLate:
    def test_keeps_the_text_and_says_where_one_can_still_sign_up(
        self, client: Client, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        meeting = makers.meeting(session, slug="forum")
        session.commit()
        fields = page(client.get("/en/meetings/forum/speak")).fields(".//main//form")
        late = meeting.starts_at - timedelta(minutes=5)
        monkeypatch.setattr("engage.meetings.views.speakers.utcnow", lambda: late)

        answer = client.post(
            "/en/meetings/forum/speak", data=fields | {"item": "any", "name": "Ana of the Market"}
        )

        assert answer.status_code == 409
        found = page(answer)
        assert "The list is closed here" in found.text()
        assert "Sign up at the door" in found.text()
        assert found.fields(".//main//form")["name"] == "Ana of the Market"
        assert "/en/meetings/forum" in [link.get("href") for link in found.all(".//main//a")]
        assert session.scalars(sa.select(SpeakerRequest)).all() == []


class TestThePrivacyPage:
    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "on a public screen during the meeting"),
            ("es", "en una pantalla pública durante la reunión"),
        ],
    )
    def test_tells_of_signing_up_to_speak(self, client: Client, language: str, said: str) -> None:
        assert said in page(client.get(f"/{language}/privacy")).text()

    def test_the_form_names_the_same_number_of_days(self, client: Client, session: Session) -> None:
        makers.meeting(session, slug="forum")
        session.commit()

        assert "erased 30 days after the meeting" in page(client.get("/en/meetings/forum/speak")).text()
