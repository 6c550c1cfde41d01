"""The page of one meeting: what stands, what has changed, what can be done now, and what stays hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.types import Localised
from engage.meetings import service
from engage.meetings.models import Format, Meeting, MeetingChangeKind
from engage.meetings.views import agenda, register
from tests.meetings.test_public_list import changed, clock, hide, move
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, Page, page

HOUR = timedelta(hours=1)
LINK = "https://meet.example.org/room"
MARK = '<script>mark(1)</script>"><img src=x onerror=mark(2)>'
Show = Callable[..., Page]


@pytest.fixture
def show(session: Session, client: Client) -> Show:
    """Make a meeting and open its page: ``show(capacity=3)``."""

    def show(language: str = "en", **fields: Any) -> Page:
        meeting = makers.meeting(session, slug="forum", **fields)
        session.commit()
        return page(client.get(f"/{language}/meetings/{meeting.slug}"))

    return show


def test_says_when_in_words_and_in_numbers(show: Show) -> None:
    zone = ZoneInfo("America/Denver")
    start = clock("2031-01-16 18:00", zone)

    shown = show(starts_at=start, time_zone=zone.key)

    assert "Thursday, January 16, 2031, 6:00 PM – 8:00 PM (MST)" in shown.text()
    assert "2031-01-16 18:00–20:00 UTC−07:00" in shown.text()
    assert "2 hours" in shown.text()
    assert shown.one(".//main//p[@class='lede']/time").get("datetime") == "2031-01-16T18:00:00-07:00"


def test_says_where_how_to_get_there_and_who_invites(session: Session, show: Show) -> None:
    docket = makers.docket(session, title=both("Jail agreement"))
    period = makers.comment_period(session, docket=docket, title=both("Second draft"))

    shown = show(
        docket_id=docket.id,
        period_id=period.id,
        directions=both("Bus 2 stops at the door."),
        accessibility=both("No steps."),
        organiser=both("The county"),
        time_notes=both("Doors open at five."),
    )

    for said in ("Town Hall", "1 Main Street", "Bus 2 stops", "No steps.", "The county", "Doors open"):
        assert said in shown.text()
    links = shown.links(".//main//a")
    assert links["Jail agreement"] == f"/en/dockets/{docket.slug}"
    assert links["Second draft"] == f"/en/periods/{period.slug}"


class TestLink:
    def test_is_shown_where_it_is_public(self, show: Show) -> None:
        shown = show(join_phone="555-0142")

        assert shown.links()[LINK] == LINK
        assert "555-0142" in shown.text()

    def test_is_only_promised_where_it_is_for_those_who_register(self, client: Client, show: Show) -> None:
        shown = show(join_phone="555-0142", join_is_public=False)

        assert "Those who register are given the link and the telephone number." in shown.text()
        for url in ("/en/meetings/forum", "/en/meetings", "/en", "/feeds/meetings.atom"):
            answer = client.get(url).get_data(as_text=True)
            assert LINK not in answer
            assert "555-0142" not in answer

    @pytest.mark.parametrize("address", ["javascript:mark(3)", "data:text/html,<b>", "https:mark"])
    def test_leads_nowhere_but_to_the_web(self, show: Show, address: str) -> None:
        shown = show(join_url=address)

        assert address in shown.text()
        assert address not in shown.links().values()

    @pytest.mark.parametrize("field", ["cancelled_at", "postponed_at"])
    def test_is_gone_where_nothing_takes_place(self, session: Session, show: Show, field: str) -> None:
        assert LINK not in show(**{field: utcnow()}).text()

    def test_is_not_there_where_people_meet_in_a_room_alone(self, show: Show) -> None:
        assert LINK not in show(format=Format.IN_PERSON).text()


class TestStatus:
    def test_a_cancelled_meeting_says_so_first_with_the_reason(
        self, session: Session, client: Client
    ) -> None:
        meeting = makers.meeting(session, cancelled_at=utcnow())
        changed(session, meeting, MeetingChangeKind.CANCEL, reason=Localised(en="Snow.", es="Nieve."))
        session.commit()

        shown = page(client.get(f"/es/meetings/{meeting.slug}"))

        text = shown.text()
        assert text.index("Esta reunión está cancelada") < text.index("Nieve.") < text.index("UTC")
        assert shown.one(".//main//p[@class='lede']/time/s") is not None

    def test_a_moved_one_shows_the_old_and_the_new_date(self, session: Session, client: Client) -> None:
        meeting = makers.meeting(session, starts_at=clock("2031-05-06 18:00"))
        move(session, meeting, clock("2031-05-13 18:00"))
        session.commit()

        text = page(client.get(f"/en/meetings/{meeting.slug}")).text()

        assert "This meeting was moved to another date Before: Tuesday, May 6, 2031, 6:00 PM (EDT)" in text
        assert "Now: Tuesday, May 13, 2031, 6:00 PM (EDT) Reason: The hall is closed." in text

    def test_a_tentative_one_warns(self, show: Show) -> None:
        assert "not confirmed yet" in show(is_tentative=True).text()

    def test_a_past_one_says_so(self, show: Show) -> None:
        assert "This meeting is over." in show(starts_at=utcnow() - 5 * HOUR).text()

    def test_each_change_of_place_shows_what_stood_before_and_what_came_next(
        self, session: Session, client: Client
    ) -> None:
        meeting = makers.meeting(session, place_name=both("Third hall"))
        for place in ("First hall", "Second hall"):
            changed(session, meeting, MeetingChangeKind.PLACE, old_place=both(place))
        session.commit()

        history = page(client.get(f"/en/meetings/{meeting.slug}")).text(".//ol[@class='changes-made']")

        places = ["Second hall", "Third hall", "First hall", "Second hall"]
        assert re.findall(r"\b(\w+ hall)\b(?! is)", history.replace("Now", " ")) == places

    def test_a_change_of_the_hours_and_of_the_place_is_told_on_top_until_it_is_over(
        self, session: Session, client: Client
    ) -> None:
        meeting = makers.meeting(session, place_name=both("New hall"), starts_at=clock("2031-05-06 18:00"))
        changed(session, meeting, MeetingChangeKind.PLACE, old_place=both("Old hall"))
        earlier = clock("2031-05-06 17:00")
        changed(
            session, meeting, MeetingChangeKind.MOVE, old_starts_at=earlier, new_starts_at=meeting.starts_at
        )
        session.commit()

        def top() -> str:
            return page(client.get(f"/en/meetings/{meeting.slug}")).text().partition("In numbers")[0]

        assert "Place changed Before: Old hallNow: In person and online, New hall" in top()
        assert "Time changed Before: Tuesday, May 6, 2031, 5:00 PM (EDT)Now:" in top()
        meeting.starts_at, meeting.ends_at = utcnow() - 5 * HOUR, None
        session.commit()
        assert "Place changed" not in top()

    def test_hours_of_a_date_that_was_given_up_are_told_in_the_history_alone(
        self, session: Session, client: Client
    ) -> None:
        meeting = makers.meeting(session, starts_at=clock("2031-05-06 18:00"))
        changed(session, meeting, MeetingChangeKind.MOVE, new_starts_at=meeting.starts_at)
        move(session, meeting, clock("2031-05-13 18:00"))
        session.commit()

        assert page(client.get(f"/en/meetings/{meeting.slug}")).text().count("Time changed") == 1

    def test_a_new_date_prints_the_place_only_if_it_differs(self, session: Session, client: Client) -> None:
        meeting = makers.meeting(session)
        for old, later in (("Town Hall", 40), ("School", 50)):
            changed(
                session,
                meeting,
                MeetingChangeKind.RESCHEDULE,
                old_place=both(old),
                new_starts_at=utcnow() + later * 24 * HOUR,
            )
        session.commit()
        url = f"/en/meetings/{meeting.slug}"

        history = page(client.get(url)).text(".//ol[@class='changes-made']")

        assert "· School" in history
        assert history.count("Town Hall") == 2

    def test_a_new_date_in_the_same_place_names_no_place(self, session: Session, client: Client) -> None:
        meeting = makers.meeting(session)
        changed(
            session,
            meeting,
            MeetingChangeKind.RESCHEDULE,
            old_place=meeting.place_name,
            new_starts_at=meeting.starts_at,
        )
        session.commit()

        history = page(client.get(f"/en/meetings/{meeting.slug}")).text(".//ol[@class='changes-made']")

        assert "Town Hall" not in history
        assert "In person" not in history


class TestWays:
    def test_lead_to_every_section_of_a_meeting_that_takes_part(
        self, session: Session, client: Client
    ) -> None:
        period = makers.comment_period(session)
        meeting = makers.meeting(session, docket=period.docket, period=period)
        makers.agenda_item(session, meeting)
        service.post_notice(session, meeting, actor=None, now=utcnow() - 31 * 24 * HOUR)
        service.post_agenda(session, meeting, actor=None, now=utcnow() - 31 * 24 * HOUR)
        session.commit()

        shown = page(client.get(f"/en/meetings/{meeting.slug}"))

        targets = list(shown.links(".//main//nav[@aria-label='What you can do']//a").values())
        assert targets == [
            f"#{name}" for name in ["register", "speak", "write", "agenda", "follow", "calendar", "notice"]
        ]

    def test_lead_from_the_changes_to_the_versions_where_there_is_more_than_one(
        self, session: Session, client: Client
    ) -> None:
        meeting = makers.meeting(session)
        service.post_notice(session, meeting, actor=None, now=utcnow() - 3 * HOUR)
        session.commit()
        once = page(client.get(f"/en/meetings/{meeting.slug}")).text()
        meeting.title = both("Another title")
        service.post_notice(session, meeting, actor=None, now=utcnow() - 2 * HOUR)
        session.commit()

        said = "Changes of the texts and of the agenda are listed under When it was announced."
        assert said not in once
        assert said in page(client.get(f"/en/meetings/{meeting.slug}")).text()

    @pytest.fixture
    def sections(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two sections that say something."""
        monkeypatch.setattr(register, "section", lambda *_args: '<h2 id="register">Come</h2>')
        monkeypatch.setattr(agenda, "section", lambda *_args: '<h2 id="agenda">What for</h2>')

    @pytest.mark.usefixtures("sections")
    def test_lead_to_what_can_be_done_now_on_this_page(self, show: Show) -> None:
        shown = show()

        targets = list(shown.links(".//main//nav[@aria-label='What you can do']//a").values())
        assert targets[0] == "#register"
        assert {"#agenda", "#follow"} <= set(targets)
        ids = {element.get("id") for element in shown.root.iter()}
        assert {target[1:] for target in targets} <= ids

    @pytest.mark.usefixtures("sections")
    def test_leave_out_what_is_too_late(self, show: Show) -> None:
        shown = show(starts_at=utcnow() - 5 * HOUR)

        targets = shown.links(".//main//nav[@aria-label='What you can do']//a").values()
        assert "#register" not in targets
        assert "#agenda" in targets


class TestHidden:
    def test_what_is_not_published_is_not_there_for_anybody(self, session: Session, client: Client) -> None:
        draft, of_hidden_docket = hide(session)

        for meeting in (draft, of_hidden_docket):
            for url in (
                f"/en/meetings/{meeting.slug}",
                f"/es/meetings/{meeting.slug}/follow",
                f"/feeds/meetings/{meeting.slug}.atom",
            ):
                assert client.get(url).status_code == 404
                assert client.head(url).status_code == 404
                assert client.get(url, headers={"If-None-Match": "*"}).status_code == 404
        assert client.get("/en/meetings/%00").status_code == 404

    def test_a_meeting_that_is_to_be_published_later_is_not_there_yet(
        self, session: Session, client: Client
    ) -> None:
        meeting = makers.meeting(session, published_at=utcnow() + HOUR)
        session.commit()

        assert client.get(f"/en/meetings/{meeting.slug}").status_code == 404

    def test_a_period_that_is_not_public_is_not_named(self, session: Session, show: Show) -> None:
        period = makers.comment_period(session, published_at=None, title=both("Draft period"))

        assert "Draft period" not in show(period_id=period.id).text()


def test_marks_in_every_text_do_nothing(session: Session, client: Client) -> None:
    """Case 49: the client parses each page; here no mark has become an element."""
    texts = ("title", "summary", "organiser", "time_notes", "place_name", "directions", "accessibility")
    meeting = makers.meeting(
        session,
        place_street=MARK,
        join_url=f"https://example.org/{MARK}",
        join_phone=MARK,
        **{name: both(MARK) for name in texts},
    )
    changed(session, meeting, MeetingChangeKind.PLACE, reason=both(MARK), old_place=both(f"Old {MARK}"))
    move(session, meeting, meeting.starts_at + HOUR)
    session.commit()

    start: Meeting = meeting
    for url in (
        f"/en/meetings/{meeting.slug}",
        "/en/meetings",
        f"/en/meetings/calendar/{start.local_start.year}/{start.local_start.month}",
        "/en",
        f"/en/meetings/{meeting.slug}/follow",
    ):
        answer = client.get(url)
        assert answer.status_code == 200
        shown = page(answer)
        assert "mark(1)" in shown.text()
        assert "<script>mark" not in answer.get_data(as_text=True)
        assert shown.all(".//img[@src='x']") == []


def test_pages_name_their_feed_in_the_head(session: Session, client: Client) -> None:
    meeting = makers.meeting(session)
    session.commit()

    for url, feed in (
        (f"/es/meetings/{meeting.slug}", f"/feeds/meetings/{meeting.slug}.atom?language=es"),
        ("/es/meetings", "/feeds/meetings.atom?language=es"),
    ):
        links = page(client.get(url)).all(".//head/link[@rel='alternate'][@type='application/atom+xml']")
        assert [link.get("href") for link in links] == [feed]
