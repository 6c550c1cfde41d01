"""Call speakers and keep the clock: whoever presses last wins, and nobody is called twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.db.session import db, write_transaction
from engage.meetings import speaker_queries
from engage.meetings.models import Floor, Meeting, Mode, SpeakerRequest, SpeakerState
from engage.meetings.service import floor as service
from engage.meetings.service import join_meeting
from engage.meetings.service.speak import Wish, ask_to_speak
from engage.meetings.views.screen import SERVER_TIME
from engage.retention.schedule import BY_CODE
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
NOW = datetime.now(UTC)
SECOND = timedelta(seconds=1)
CHAIR = "/en/staff/meetings/forum/chair"
SCREEN = "/en/meetings/forum/screen"
MARK, OTHER_MARK = "Ana of the Market", "Bo of the Mill"
REQUESTED, CALLED, SPOKE, ABSENT = (
    SpeakerState.REQUESTED,
    SpeakerState.CALLED,
    SpeakerState.SPOKE,
    SpeakerState.ABSENT,
)


@pytest.fixture
def forum(session: Session) -> Meeting:
    """A meeting that began ten minutes ago."""
    meeting = makers.meeting(session, slug="forum", starts_at=NOW - timedelta(minutes=10))
    makers.agenda_item(session, meeting)
    makers.agenda_item(session, meeting)
    session.commit()
    return meeting


def ask(session: Session, meeting: Meeting, index: int | None = 0, **fields: Any) -> SpeakerRequest:
    person = join_meeting(
        session, meeting=meeting, wants_place=False, mode=Mode.IN_PERSON, language="en", now=NOW
    ).attendee
    item = None if index is None else meeting.items[index]
    wish = Wish(item, Mode.IN_PERSON, **fields)
    made = ask_to_speak(session, attendee=person, wish=wish, is_at_door=True, now=NOW)
    session.commit()
    return made


def floor_of(session: Session, meeting: Meeting) -> Floor:
    floor = speaker_queries.find_floor(session, meeting)
    assert floor is not None
    return floor


def press(browser: Client, do: str, **fields: Any) -> TestResponse:
    data = {"csrf_token": browser.csrf_token(), "do": do} | fields
    return browser.post(CHAIR, data=data)


class TestCalling:
    def test_whoever_is_called_has_the_floor_and_the_whole_time(
        self, session: Session, forum: Meeting
    ) -> None:
        wish = ask(session, forum)

        service.call_speaker(session, forum, wish, now=NOW)

        floor = floor_of(session, forum)
        assert wish.state is CALLED
        assert (floor.speaker_id, floor.item_id) == (wish.id, forum.items[0].id)
        assert (floor.seconds, floor.left_seconds, floor.ends_at) == (180, 180, None)

    def test_everybody_has_the_same_time_whoever_they_are(self, session: Session, forum: Meeting) -> None:
        """Not even an item, a language or a name changes it: see the order in test_speakers."""
        wishes = [
            ask(session, forum, 0, name="In favor"),
            ask(session, forum, 1, name="Against", spoken="es"),
            ask(session, forum, None),
        ]
        given = []
        for wish in wishes:
            service.call_speaker(session, forum, wish, now=NOW)
            given.append(floor_of(session, forum).left_seconds)

        assert given == [180, 180, 180]

    def test_two_chairs_who_call_the_same_person_call_once(
        self, app: Flask, session: Session, forum: Meeting
    ) -> None:
        wish_id = ask(session, forum).id

        def call(_each: int) -> bool:
            with app.app_context(), write_transaction() as own:
                meeting = own.get_one(Meeting, forum.id)
                try:
                    service.call_speaker(own, meeting, own.get_one(SpeakerRequest, wish_id), now=NOW)
                except service.NotInTime:
                    return False
                return True

        with ThreadPoolExecutor(8) as pool:
            called = list(pool.map(call, range(8)))

        assert called.count(True) == 1

    def test_two_chairs_who_call_different_people_leave_one_with_the_floor(
        self, app: Flask, session: Session, forum: Meeting
    ) -> None:
        ids = [ask(session, forum).id for _ in range(6)]

        def call(wish_id: int) -> None:
            with app.app_context(), write_transaction() as own:
                meeting = own.get_one(Meeting, forum.id)
                service.call_speaker(own, meeting, own.get_one(SpeakerRequest, wish_id), now=NOW)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(call, ids))

        states = {wish.id: wish.state for wish in session.scalars(sa.select(SpeakerRequest))}
        assert sorted(states.values()) == [CALLED, *[REQUESTED] * 5]
        speaker = floor_of(session, forum).speaker_id
        assert speaker is not None
        assert states[speaker] is CALLED

    def test_the_one_before_has_spoken_only_if_the_chair_says_so(
        self, session: Session, forum: Meeting
    ) -> None:
        first, second, third = (ask(session, forum) for _ in range(3))
        service.call_speaker(session, forum, first, now=NOW)

        service.call_speaker(session, forum, second, has_spoken=first.id, now=NOW)
        service.call_speaker(session, forum, third, has_spoken=first.id, now=NOW)

        session.expire_all()
        assert (first.state, second.state, third.state) == (SPOKE, REQUESTED, CALLED)

    @pytest.mark.parametrize("state", [SPOKE, ABSENT, REQUESTED])
    def test_what_became_of_a_speaker_frees_the_floor(
        self, session: Session, forum: Meeting, state: SpeakerState
    ) -> None:
        wish = ask(session, forum)
        service.call_speaker(session, forum, wish, now=NOW)
        service.start_clock(session, forum, NOW)

        service.settle(session, forum, wish, state, NOW)

        floor = floor_of(session, forum)
        assert wish.state is state
        assert (floor.speaker_id, floor.ends_at, floor.left_seconds) == (None, None, None)
        with pytest.raises(service.NotInTime):
            service.settle(session, forum, wish, SPOKE, NOW) if state is SPOKE else service.settle(
                session, forum, wish, state, NOW
            )

    def test_turning_to_another_item_loses_nobody(self, session: Session, forum: Meeting) -> None:
        wish = ask(session, forum)
        service.call_speaker(session, forum, wish, now=NOW)

        service.show_item(session, forum, forum.items[1], NOW)

        session.expire_all()
        assert wish.state is REQUESTED
        assert floor_of(session, forum).item_id == forum.items[1].id

    @pytest.mark.parametrize("minutes", [-60 * 1 - 1, 60 * 4])
    def test_nobody_is_called_long_before_or_after(
        self, session: Session, forum: Meeting, minutes: int
    ) -> None:
        wish = ask(session, forum)

        with pytest.raises(service.FloorClosed):
            service.call_speaker(session, forum, wish, now=forum.starts_at + timedelta(minutes=minutes))


class TestClock:
    @pytest.fixture
    def speaker(self, session: Session, forum: Meeting) -> SpeakerRequest:
        wish = ask(session, forum)
        service.call_speaker(session, forum, wish, now=NOW)
        return wish

    @pytest.mark.usefixtures("speaker")
    def test_runs_is_held_and_runs_on(self, session: Session, forum: Meeting) -> None:
        service.start_clock(session, forum, NOW)
        assert floor_of(session, forum).ends_at == NOW + timedelta(seconds=180)
        service.start_clock(session, forum, NOW + 9 * SECOND)
        assert floor_of(session, forum).ends_at == NOW + timedelta(seconds=180)
        for _ in range(2):
            service.hold_clock(session, forum, NOW + 60 * SECOND)
            assert floor_of(session, forum).left_seconds == 120
        service.start_clock(session, forum, NOW + 100 * SECOND)
        assert floor_of(session, forum).ends_at == NOW + timedelta(seconds=220)
        service.stop_clock(session, forum, NOW + 101 * SECOND)
        assert (floor_of(session, forum).left_seconds, floor_of(session, forum).ends_at) == (180, None)

    @pytest.mark.usefixtures("speaker")
    def test_thirty_seconds_more_are_added_once_however_often_it_is_sent(
        self, session: Session, forum: Meeting
    ) -> None:
        service.start_clock(session, forum, NOW)
        seen = service.clock_mark(floor_of(session, forum))

        for _ in range(3):
            service.add_time(session, forum, seen=seen, now=NOW + SECOND)

        assert floor_of(session, forum).ends_at == NOW + timedelta(seconds=210)

    @pytest.mark.usefixtures("speaker")
    def test_more_time_counts_from_now_when_it_is_up(self, session: Session, forum: Meeting) -> None:
        service.start_clock(session, forum, NOW)
        late = NOW + timedelta(seconds=500)

        service.add_time(session, forum, seen=service.clock_mark(floor_of(session, forum)), now=late)

        assert floor_of(session, forum).ends_at == late + timedelta(seconds=30)

    def test_without_a_speaker_there_is_no_clock(self, session: Session, forum: Meeting) -> None:
        service.show_item(session, forum, None, NOW)
        service.start_clock(session, forum, NOW)
        service.add_time(session, forum, seen="//None", now=NOW)
        service.stop_clock(session, forum, NOW)

        floor = floor_of(session, forum)
        assert (floor.ends_at, floor.left_seconds) == (None, None)


class TestChair:
    @pytest.fixture
    def chair(self, session: Session, sign_in: SignIn, forum: Meeting) -> Client:
        host = makers.user(session, RoleName.HOST)
        forum.host = host
        session.commit()
        return sign_in(host)

    def test_leads_through_an_item(self, session: Session, chair: Client, forum: Meeting) -> None:
        first, second = ask(session, forum, name=MARK), ask(session, forum, spoken="es")

        press(chair, "item", item=str(forum.items[0].id))
        assert f"Call the next: {MARK}" in page(chair.get(CHAIR)).text()
        press(chair, "call", speaker=str(first.id))
        press(chair, "start")
        running = page(chair.get(CHAIR))
        assert MARK in running.text()
        assert "until " in running.text()
        assert "Has spoken; call the next: Speaker 2" in running.text()
        press(chair, "call", speaker=str(second.id), has_spoken=str(first.id))
        press(chair, "absent", speaker=str(second.id))

        after = page(chair.get(CHAIR)).text()
        assert "Interpreter: Spanish" in after
        assert "Were not there" in after
        session.expire_all()
        assert (first.state, second.state) == (SPOKE, ABSENT)

    def test_who_presses_too_late_is_told_and_nothing_is_done(
        self, session: Session, chair: Client, forum: Meeting
    ) -> None:
        wish = ask(session, forum)
        press(chair, "call", speaker=str(wish.id))

        press(chair, "call", speaker=str(wish.id))

        assert "The list has changed meanwhile" in page(chair.get(CHAIR)).text("./body")

    def test_a_name_that_is_none_can_be_struck_out(
        self, session: Session, chair: Client, client: Client, forum: Meeting
    ) -> None:
        wish = ask(session, forum, name=MARK)
        press(chair, "item", item=str(forum.items[0].id))
        assert MARK in client.get(SCREEN).text

        press(chair, "strike", speaker=str(wish.id))

        assert MARK not in client.get(SCREEN).text
        assert MARK not in chair.get(CHAIR).text

    @pytest.mark.parametrize(
        "sent",
        [
            {"do": "rule the world"},
            {"do": "call"},
            {"do": "call", "speaker": "none"},
            {"do": "call", "speaker": "1", "has_spoken": "²"},
            {"do": "item", "item": "9" * 40},
        ],
    )
    def test_nonsense_is_refused(self, chair: Client, sent: dict[str, str]) -> None:
        assert press(chair, **sent).status_code in (400, 404)

    def test_another_meetings_speakers_and_items_are_not_there(
        self, session: Session, chair: Client, forum: Meeting
    ) -> None:
        other = makers.meeting(session, slug="other", starts_at=forum.starts_at)
        makers.agenda_item(session, other)
        theirs = ask(session, other)

        for sent in (
            {"do": "call", "speaker": str(theirs.id)},
            {"do": "strike", "speaker": str(theirs.id)},
            {"do": "item", "item": str(other.items[0].id)},
        ):
            assert press(chair, **sent).status_code == 404
        session.expire_all()
        assert theirs.state is REQUESTED

    @pytest.mark.parametrize("path", ["chair", "door", "door/new"])
    def test_another_host_does_not_even_learn_that_it_is_there(
        self, sign_in: SignIn, forum: Meeting, path: str
    ) -> None:
        stranger = sign_in(RoleName.HOST)
        url = f"/en/staff/meetings/{forum.slug}/{path}"

        assert stranger.get(url).status_code == 404
        if path != "door":
            assert stranger.post(url, data={"csrf_token": stranger.csrf_token()}).status_code == 404

    def test_before_the_meeting_the_page_says_when_it_begins(self, session: Session, sign_in: SignIn) -> None:
        makers.meeting(session, slug="later")
        session.commit()
        clerk = sign_in(RoleName.CLERK)
        url = "/en/staff/meetings/later/chair"

        assert "from one hour before" in page(clerk.get(url)).text()
        clerk.post(url, data={"csrf_token": clerk.csrf_token(), "do": "item", "item": "any"})
        assert session.scalars(sa.select(Floor)).all() == []


class TestScreen:
    @pytest.fixture
    def shown(self, session: Session, forum: Meeting) -> list[SpeakerRequest]:
        wishes = [ask(session, forum, name=name) for name in (MARK, None, OTHER_MARK, None, "The fifth")]
        service.call_speaker(session, forum, wishes[0], now=NOW)
        service.start_clock(session, forum, NOW)
        session.commit()
        return wishes

    @pytest.mark.usefixtures("shown")
    def test_shows_who_speaks_and_the_next_three(self, client: Client) -> None:
        shown = page(client.get(SCREEN))

        assert MARK in shown.text()
        coming = ["".join(each.itertext()) for each in shown.all(".//ol/li")]
        assert coming == ["Speaker 2", OTHER_MARK, "Speaker 4"]
        assert "Item 1 (es)" in shown.text()

    @pytest.mark.usefixtures("shown")
    def test_the_document_for_scripts_says_the_same(self, client: Client) -> None:
        document = json.loads(client.get(f"{SCREEN}.json").text)

        assert document["speaker"] == {"number": 1, "name": MARK}
        assert document["next"] == [
            {"number": 2, "name": None},
            {"number": 3, "name": OTHER_MARK},
            {"number": 4, "name": None},
        ]
        assert document["item"] == {"number": 1, "title": {"en": "Item 1", "es": "Item 1 (es)"}}
        assert datetime.fromisoformat(document["ends_at"]) - NOW == pytest.approx(
            timedelta(seconds=180), abs=SECOND
        )

    def test_says_nothing_but_what_the_room_may_know(
        self, client: Client, session: Session, shown: list[SpeakerRequest]
    ) -> None:
        attendee = shown[0].attendee
        texts = [client.get(SCREEN).text, client.get(f"{SCREEN}.json").text]

        for text in texts:
            for private in (attendee.id, attendee.code_index, shown[0].id, shown[1].id, "attendee", "seat"):
                assert str(private) not in text

    @pytest.mark.parametrize("called_off", [None, "cancelled_at", "postponed_at"])
    def test_shows_no_name_when_the_meeting_is_over_or_called_off(
        self,
        client: Client,
        session: Session,
        forum: Meeting,
        shown: list[SpeakerRequest],
        called_off: str | None,
    ) -> None:
        if called_off:
            setattr(forum, called_off, NOW)
        else:
            forum.starts_at, forum.ends_at = NOW - timedelta(hours=5), NOW - timedelta(hours=2)
        session.commit()

        answers = [client.get(SCREEN).text, client.get(f"{SCREEN}.json").text]

        assert shown
        assert "Nothing now" in answers[0]
        for text in answers:
            assert MARK not in text
            assert OTHER_MARK not in text

    def test_a_draft_has_no_screen(self, client: Client, session: Session) -> None:
        makers.meeting(session, slug="draft", published_at=None)
        session.commit()

        for url in (
            "/en/meetings/draft/screen",
            "/en/meetings/draft/screen.json",
            "/en/meetings/a%00/screen",
        ):
            assert client.get(url).status_code == 404

    @pytest.mark.usefixtures("shown")
    def test_answers_only_where_something_has_changed(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        first = client.get(f"{SCREEN}.json")
        tag = {"If-None-Match": first.headers["ETag"]}

        same = client.get(f"{SCREEN}.json", headers=tag)
        assert same.status_code == 304
        assert same.data == b""
        assert abs(int(same.headers[SERVER_TIME]) - datetime.now(UTC).timestamp() * 1000) < 60_000
        service.hold_clock(session, forum, NOW + SECOND)
        session.commit()
        assert client.get(f"{SCREEN}.json", headers=tag).status_code == 200

    @pytest.mark.usefixtures("shown")
    def test_costs_two_queries(self, app: Flask, client: Client) -> None:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            client.get(f"{SCREEN}.json")
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

        assert len([each for each in statements if each.startswith("SELECT")]) == 2

    @pytest.mark.parametrize(("look", "kept"), [("dark", "dark"), ("light", "light"), ('"><b>', "light")])
    def test_is_dark_or_light(self, client: Client, forum: Meeting, look: str, kept: str) -> None:
        answer = client.get(f"{SCREEN}?", query_string={"look": look})

        assert forum.slug in answer.text
        assert page(answer).root.get("data-look") == kept

    @pytest.mark.usefixtures("shown")
    def test_says_until_when_where_there_are_no_scripts(
        self, client: Client, session: Session, forum: Meeting
    ) -> None:
        ends_at = floor_of(session, forum).ends_at
        assert ends_at is not None

        assert f"until {ends_at.astimezone(forum.zone):%H:%M:%S}" in page(client.get(SCREEN)).text()


class TestAfterwards:
    def test_the_floor_is_forgotten_when_the_meeting_is_over(self, session: Session) -> None:
        for hours in (10, 1):
            meeting = makers.meeting(session, starts_at=NOW - timedelta(hours=hours))
            session.add(Floor(meeting_id=meeting.id, seconds=180))
        session.commit()
        erase = BY_CODE["floors"].erase
        assert erase is not None

        assert [erase(session, NOW, NOW.date()) for _ in range(2)] == [1, 0]
        assert [floor.meeting_id for floor in session.scalars(sa.select(Floor))] == [meeting.id]
