"""Sign up to speak: a number, once for each item, taken back by its owner only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.clock import from_wall_clock
from engage.db.session import write_transaction
from engage.meetings import speaker_queries
from engage.meetings.models import (
    AgendaItem,
    Attendee,
    DecidedState,
    Format,
    Meeting,
    Mode,
    SpeakerRequest,
    SpeakerState,
)
from engage.meetings.service import join_meeting
from engage.meetings.service.speak import (
    AlreadyAsked,
    SpeakersClosed,
    Wish,
    ask_as_stranger,
    ask_to_speak,
    take_back,
)
from tests.support import makers
from tests.support.pages import Client, page

NOW = datetime.now(UTC)
SECOND = timedelta(seconds=1)
MARK = "Ana of the Market"
ON_ANYTHING = Wish(None, Mode.IN_PERSON)


@pytest.fixture
def forum(session: Session) -> Meeting:
    """Two items that take speakers, and one that does not."""
    meeting = makers.meeting(session, slug="forum")
    makers.agenda_item(session, meeting)
    makers.agenda_item(session, meeting)
    makers.agenda_item(session, meeting, takes_speakers=False)
    makers.posted(session, meeting)
    session.commit()
    return meeting


def attendee_of(session: Session, meeting: Meeting, **fields: Any) -> Attendee:
    values: dict[str, Any] = {"wants_place": False, "mode": Mode.IN_PERSON, "language": "en", "now": NOW}
    return join_meeting(session, meeting=meeting, **values | fields).attendee


def ask(session: Session, meeting: Meeting, item: AgendaItem | None = None, **fields: Any) -> SpeakerRequest:
    wish = Wish(item, Mode.IN_PERSON, **fields)
    return ask_to_speak(session, attendee=attendee_of(session, meeting), wish=wish, now=NOW)


def send(client: Client, url: str = "/en/meetings/forum/speak", **typed: Any) -> TestResponse:
    return client.send(url, **{"item": "any"} | typed)


class TestAsking:
    def test_numbers_count_up_over_the_whole_meeting(self, session: Session, forum: Meeting) -> None:
        first, second, *_ = forum.items

        numbers = [ask(session, forum, item).number for item in (second, None, first, second)]

        assert numbers == [1, 2, 3, 4]

    def test_somebody_can_speak_once_on_each_item_and_once_on_anything(
        self, session: Session, forum: Meeting
    ) -> None:
        person = attendee_of(session, forum)
        wishes = [Wish(forum.items[0], Mode.IN_PERSON), Wish(forum.items[1], Mode.IN_PERSON), ON_ANYTHING]
        for wish in wishes:
            ask_to_speak(session, attendee=person, wish=wish, now=NOW)

        for wish in wishes:
            with pytest.raises(AlreadyAsked):
                ask_to_speak(session, attendee=person, wish=wish, now=NOW)
        assert len(speaker_queries.wishes_of(session, person)) == 3

    def test_whoever_took_a_wish_back_can_ask_again_at_the_end(
        self, session: Session, forum: Meeting
    ) -> None:
        person = attendee_of(session, forum)
        wish = ask_to_speak(session, attendee=person, wish=ON_ANYTHING, now=NOW)
        take_back(session, person, wish.id)
        other = ask(session, forum)

        again = ask_to_speak(session, attendee=person, wish=ON_ANYTHING, now=NOW)

        assert again.state is SpeakerState.REQUESTED
        assert again.number > other.number

    def test_an_item_without_speakers_takes_none(self, session: Session, forum: Meeting) -> None:
        with pytest.raises(SpeakersClosed):
            ask(session, forum, forum.items[2])

    def test_nobody_speaks_from_elsewhere_in_a_meeting_that_is_only_in_a_room(self, session: Session) -> None:
        meeting = makers.meeting(session, format=Format.IN_PERSON)
        person = attendee_of(session, meeting)

        with pytest.raises(SpeakersClosed):
            ask_to_speak(session, attendee=person, wish=Wish(None, Mode.REMOTE), now=NOW)

    @pytest.mark.parametrize("day", [(2027, 3, 14), (2026, 11, 1), (2026, 7, 1)])
    def test_the_cut_off_is_the_first_instant_that_is_too_late_also_when_clocks_change(
        self, session: Session, day: tuple[int, int, int]
    ) -> None:
        starts_at = from_wall_clock(datetime(*day, 3, 30), ZoneInfo("America/New_York"))  # noqa: DTZ001
        meeting = makers.meeting(
            session, starts_at=starts_at, speakers_minutes=60, published_at=starts_at - timedelta(days=9)
        )
        cut_off = starts_at - timedelta(hours=1)
        person = attendee_of(session, meeting)

        with pytest.raises(SpeakersClosed):
            ask_to_speak(session, attendee=person, wish=ON_ANYTHING, now=cut_off)
        assert ask_to_speak(session, attendee=person, wish=ON_ANYTHING, now=cut_off - SECOND).number == 1

    def test_at_the_door_people_are_taken_after_the_cut_off_until_the_end(
        self, session: Session, forum: Meeting
    ) -> None:
        for now in (forum.starts_at, forum.last_instant - SECOND):
            person = attendee_of(session, forum)
            ask_to_speak(session, attendee=person, wish=ON_ANYTHING, is_at_door=True, now=now)
        person = attendee_of(session, forum)
        with pytest.raises(SpeakersClosed):
            ask_to_speak(session, attendee=person, wish=ON_ANYTHING, is_at_door=True, now=forum.last_instant)

    @pytest.mark.parametrize("called_off", ["cancelled_at", "postponed_at"])
    def test_a_meeting_that_does_not_take_place_takes_no_speakers(
        self, session: Session, called_off: str
    ) -> None:
        meeting = makers.meeting(session, **{called_off: NOW - SECOND})
        person = attendee_of(session, meeting)

        for at_door in (False, True):
            with pytest.raises(SpeakersClosed):
                ask_to_speak(session, attendee=person, wish=ON_ANYTHING, is_at_door=at_door, now=NOW)

    def test_twenty_at_once_have_twenty_numbers(self, app: Flask, session: Session, forum: Meeting) -> None:
        def ask_alone(_each: int) -> int:
            with app.app_context(), write_transaction() as own:
                meeting = own.get_one(Meeting, forum.id)
                wish, _code = ask_as_stranger(
                    own, meeting=meeting, wish=ON_ANYTHING, language="en", client_token=None, now=NOW
                )
                return wish.number

        with ThreadPoolExecutor(8) as pool:
            numbers = sorted(pool.map(ask_alone, range(20)))

        assert numbers == list(range(1, 21))

    def test_one_form_sent_twenty_times_at_once_puts_one_person_on_the_list(
        self, app: Flask, session: Session, forum: Meeting
    ) -> None:
        def send_again(_each: int) -> str:
            with app.app_context(), write_transaction() as own:
                meeting = own.get_one(Meeting, forum.id)
                try:
                    _wish, code = ask_as_stranger(
                        own, meeting=meeting, wish=ON_ANYTHING, language="en", client_token="t", now=NOW
                    )
                except AlreadyAsked as error:
                    code = error.code
                return code

        with ThreadPoolExecutor(8) as pool:
            codes = set(pool.map(send_again, range(20)))

        assert len(codes) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(SpeakerRequest)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 1

    def test_a_name_lies_sealed_in_the_database_and_goes_with_the_wish(
        self, session: Session, forum: Meeting
    ) -> None:
        person = attendee_of(session, forum)
        wish = ask_to_speak(session, attendee=person, wish=Wish(None, Mode.IN_PERSON, name=MARK), now=NOW)

        assert wish.sealed_name is not None
        assert MARK.encode() not in wish.sealed_name
        assert speaker_queries.called_name(wish) == MARK

        take_back(session, person, wish.id)
        session.expire_all()
        assert wish.sealed_name is None


class TestOrder:
    def test_the_list_goes_by_the_agenda_and_then_by_the_number(
        self, session: Session, forum: Meeting
    ) -> None:
        first, second, *_ = forum.items
        asked = [ask(session, forum, item) for item in (None, second, first, second, first)]

        listed = speaker_queries.speakers(session, forum)

        assert listed == [asked[2], asked[4], asked[1], asked[3], asked[0]]

    def test_neither_name_nor_language_nor_way_of_attending_moves_anybody(
        self, session: Session, forum: Meeting
    ) -> None:
        """There is nothing else in a wish: nobody is asked what they think."""
        wishes = [
            Wish(None, Mode.REMOTE, name="Zoe against"),
            Wish(None, Mode.IN_PERSON, spoken="es"),
            Wish(None, Mode.IN_PERSON, name="Abe in favor"),
        ]
        asked = [
            ask_to_speak(session, attendee=attendee_of(session, forum), wish=wish, now=NOW) for wish in wishes
        ]

        assert speaker_queries.speakers(session, forum) == asked
        assert [column.name for column in SpeakerRequest.__table__.columns] == [
            "id", "meeting_id", "attendee_id", "item_id", "number", "mode", "sealed_name", "spoken", "state",
        ]  # fmt: skip

    def test_whoever_was_not_there_stands_at_the_end_of_the_item(
        self, session: Session, forum: Meeting
    ) -> None:
        item = forum.items[0]
        late, waiting, elsewhere = ask(session, forum, item), ask(session, forum, item), ask(session, forum)
        late.state = SpeakerState.ABSENT
        session.flush()

        assert speaker_queries.speakers(session, forum) == [waiting, late, elsewhere]

    def test_whoever_cancelled_the_meeting_or_the_wish_is_not_listed(
        self, session: Session, forum: Meeting
    ) -> None:
        gone, taken_back, stays = (ask(session, forum) for _ in range(3))
        gone.attendee.cancelled_on = NOW.date()
        taken_back.state = SpeakerState.CANCELLED
        session.flush()

        assert speaker_queries.speakers(session, forum) == [stays]
        assert speaker_queries.waiting_before(session, stays) == 0
        assert speaker_queries.signed_up(session, forum) == {None: 1}


class TestPages:
    def test_a_stranger_gets_a_number_and_a_page_of_their_own(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        ask(session, forum)
        ask(session, forum)
        session.commit()

        answer = send(client, name=MARK, spoken="ht")
        own = page(client.get(answer.location))

        assert answer.status_code == 303
        assert "You are speaker number 3" in own.text("./body")
        assert "Speaker number 3" in own.text()
        assert MARK in own.text()
        assert "Interpreter: Haitian Creole" in own.text()
        assert "2 are before you on this item." in own.text()

    def test_nothing_has_to_be_told(self, client: Client, session: Session, forum: Meeting) -> None:
        send(client)

        wish = session.scalars(sa.select(SpeakerRequest)).one()
        assert (wish.sealed_name, wish.spoken, wish.attendee.sealed_name) == (None, None, None)
        assert wish.attendee.contact_id is None
        assert not wish.attendee.wants_place

    def test_the_same_form_sent_again_leads_to_the_same_page(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        opened = page(client.get("/en/meetings/forum/speak"))
        action = opened.one(".//main//form").get("action") or ""
        typed = opened.fields() | {"item": "any"}

        places = {client.post(action, data=typed).location for _ in range(3)}

        assert len(places) == 1
        assert client.get(places.pop()).status_code == 200
        assert session.scalar(sa.select(sa.func.count()).select_from(SpeakerRequest)) == 1

    def test_with_a_code_the_wish_is_added_to_its_holder(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        place = urlsplit(send(client).location).path
        code = place.rsplit("/", 1)[-1]

        answer = send(client, f"/en/meetings/forum/speak?code={code}", item=str(forum.items[1].id))

        assert urlsplit(answer.location).path == place
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(SpeakerRequest)) == 2

    def test_asking_twice_for_one_item_is_told_kindly(self, client: Client, forum: Meeting) -> None:
        code = urlsplit(send(client).location).path.rsplit("/", 1)[-1]

        answer = send(client, f"/en/meetings/forum/speak?code={code}")

        assert "on the list of this item already" in page(client.get(answer.location)).text("./body")

    def test_a_code_of_another_meeting_opens_nothing(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        makers.meeting(session, slug="other")
        session.commit()
        code = urlsplit(send(client).location).path.rsplit("/", 1)[-1]

        assert client.get(f"/en/meetings/other/speak?code={code}").status_code == 404
        assert client.get("/en/meetings/forum/speak?code=guessed").status_code == 404

    def test_an_item_of_another_meeting_cannot_be_chosen(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        other = makers.agenda_item(session, makers.meeting(session))
        session.commit()

        for item in (other.id, forum.items[2].id, "none", ""):
            assert send(client, item=str(item)).status_code == 422
        assert session.scalar(sa.select(sa.func.count()).select_from(Attendee)) == 0

    def test_what_was_typed_comes_back_where_something_is_wrong(self, client: Client, forum: Meeting) -> None:
        answer = send(client, item="", name=MARK)

        assert answer.status_code == 422
        assert page(answer).field("name").get("value") == MARK

    def test_the_owner_takes_a_wish_back_and_nobody_else_can(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        place = send(client).location
        others = send(client).location
        wish = session.scalars(sa.select(SpeakerRequest).order_by(SpeakerRequest.number)).first()
        assert wish is not None
        data = {"csrf_token": client.csrf_token()}

        assert client.post(f"{others}/wishes/{wish.id}/cancel", data=data).status_code == 404
        assert client.get(f"{place}/wishes/{wish.id}/cancel").status_code == 405
        for _ in range(2):
            assert client.post(f"{place}/wishes/{wish.id}/cancel", data=data).status_code == 303
        session.commit()
        session.refresh(wish)
        assert wish.state is SpeakerState.CANCELLED

    def test_whoever_has_the_floor_or_has_spoken_cannot_take_it_back(
        self, session: Session, forum: Meeting
    ) -> None:
        for state in (SpeakerState.CALLED, SpeakerState.SPOKE):
            wish = ask(session, forum)
            wish.state = state
            session.flush()
            take_back(session, wish.attendee, wish.id)
            session.refresh(wish)
            assert wish.state is state

    def test_after_the_cut_off_the_page_says_where_to_sign_up(self, client: Client, session: Session) -> None:
        meeting = makers.meeting(session, slug="soon", starts_at=NOW + timedelta(minutes=30))
        session.commit()

        closed = page(client.get(f"/en/meetings/{meeting.slug}/speak"))
        assert "Sign up at the door" in closed.text()
        assert closed.all(".//main//form") == []
        late = client.post(
            f"/en/meetings/{meeting.slug}/speak",
            data={"csrf_token": client.csrf_token(), "item": "any", "mode": "in_person", "name": MARK},
        )
        assert late.status_code == 409
        assert "Sign up at the door" in page(late).text()
        assert MARK in late.text

    def test_the_page_of_the_meeting_tells_how_many_and_no_names(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        for _ in range(2):
            ask(session, forum, forum.items[0], name=MARK)
        session.commit()

        answer = client.get("/en/meetings/forum")

        assert "Item 1: 2 have signed up" in page(answer).text()
        assert "3 minutes" in page(answer).text()
        assert MARK not in answer.text

    @pytest.mark.parametrize("name", ["a\x00b", "\u202eevil\u202c", "<script>alert(1)</script>", "=1+1"])
    def test_strange_names_do_no_harm(self, client: Client, forum: Meeting, name: str) -> None:
        answer = send(client, name=name)

        assert answer.status_code == 303
        shown = client.get(answer.location).text
        assert "<script>alert" not in shown
        assert "<bdi>" in shown

    @pytest.mark.parametrize("name", ["x" * 61, "x" * 100_000, "two\nlines"])
    def test_a_name_that_is_too_long_is_refused(self, client: Client, forum: Meeting, name: str) -> None:
        assert send(client, name=name).status_code in (413, 422)

    def test_a_machine_that_fills_in_everything_is_not_told_so(self, client: Client, forum: Meeting) -> None:
        """The checks refuse nobody: whoever has no JavaScript, or a clever keyboard, gets a number."""
        assert send(client, website="https://example.org", proof="garbage").status_code == 303

    def test_more_than_what_is_asked_changes_nothing(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        send(client, number="0", state="called", attendee_id="1", wants_place="1", seat="1", has_come="1")

        wish = session.scalars(sa.select(SpeakerRequest)).one()
        assert (wish.number, wish.state) == (1, SpeakerState.REQUESTED)
        assert (wish.attendee.wants_place, wish.attendee.seat, wish.attendee.has_come) == (False, None, False)

    def test_a_draft_has_no_list(self, client: Client, session: Session) -> None:
        makers.meeting(session, slug="draft", published_at=None)
        session.commit()

        assert client.get("/en/meetings/draft/speak").status_code == 404

    def test_a_flood_is_slowed_down_and_keeps_what_was_typed(
        self, limited: Flask, session: Session, forum: Meeting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = limited.test_client()
        assert isinstance(client, Client)
        monkeypatch.setattr("engage.web.limits.RATES", {})
        answers = [
            client.post(
                "/en/meetings/forum/speak",
                data={"csrf_token": client.csrf_token(), "item": "", "name": MARK},
            )
            for _ in range(121)
        ]

        assert [answer.status_code for answer in answers[:120]] == [422] * 120
        assert answers[120].status_code == 429
        assert MARK in answers[120].text


class TestAnItemThatResidentsDoNotKnowOf:
    """The agenda is offered as it was posted; staff at the door offer the working one."""

    def test_is_not_offered(self, session: Session, client: Client, forum: Meeting) -> None:
        makers.agenda_item(session, forum, title=makers.both("Not posted"))
        session.commit()

        assert "Not posted" not in page(client.get("/en/meetings/forum")).text()
        assert "Not posted" not in page(client.get("/en/meetings/forum/speak")).text()

    def test_cannot_be_asked_for_but_at_the_door(
        self, session: Session, client: Client, forum: Meeting
    ) -> None:
        item = makers.agenda_item(session, forum)
        session.commit()

        answer = send(client, item=str(item.id))

        assert answer.status_code == 422
        assert "Choose another one" in page(answer).text()
        with pytest.raises(SpeakersClosed):
            ask(session, forum, item)
        wish = Wish(item, Mode.IN_PERSON)
        attendee = attendee_of(session, forum)
        assert ask_to_speak(session, attendee=attendee, wish=wish, is_at_door=True, now=NOW).item is item

    def test_that_was_taken_off_says_so_to_who_comes_for_it(
        self, session: Session, client: Client, forum: Meeting
    ) -> None:
        item = forum.items[0]
        there = f"/en/meetings/forum/speak?item={item.id}"
        offered = page(client.get(there)).text()
        item.decided = DecidedState.WITHDRAWN
        makers.posted(session, forum)
        session.commit()

        told = page(client.get(there)).text()
        answer = send(client, there, item=str(item.id))

        assert "is not on the agenda any more" not in offered
        assert "is not on the agenda any more" in told
        assert answer.status_code == 422
        assert page(answer).text(".//*[@id='item-error']")
        assert page(client.get(f"/en/meetings/forum/speak?item={10**6}")).text().count("any more") == 1

    def test_that_was_taken_off_is_marked_for_who_signed_up_for_it(
        self, session: Session, client: Client, forum: Meeting
    ) -> None:
        first, second, *_ = forum.items
        answer = send(client, item=str(first.id))
        there = f"{urlsplit(answer.location).path}"
        before = page(client.get(there)).text()
        second.decided = first.decided = DecidedState.WITHDRAWN
        makers.posted(session, forum)
        session.commit()

        after = page(client.get(there)).text()

        assert "Taken off the agenda" not in before
        assert after.count("Taken off the agenda") == 1
