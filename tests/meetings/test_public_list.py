"""Meetings in the list, by month and on the pages around them: everything stays where residents found it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from engage.clock import from_wall_clock, utcnow
from engage.db.types import Localised
from engage.meetings import listing
from engage.meetings.listing import Criteria
from engage.meetings.models import (
    Format,
    Meeting,
    MeetingChange,
    MeetingChangeKind,
    MeetingKind,
    MeetingStatus,
)
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, Page, page

NEW_YORK = ZoneInfo("America/New_York")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARK = '<script>mark(1)</script>"><img src=x onerror=mark(2)>'


def ahead(days: int) -> datetime:
    """A full hour some days from now."""
    return (utcnow() + days * DAY).replace(minute=0, second=0, microsecond=0)


def clock(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """The instant at which a clock in a place shows this."""
    return from_wall_clock(datetime.fromisoformat(text), zone)


def changed(session: Session, meeting: Meeting, kind: MeetingChangeKind, **fields: Any) -> MeetingChange:
    """What the clerk did to a meeting that residents had seen."""
    values: dict[str, Any] = {
        "happened_at": utcnow() - HOUR,
        "old_starts_at": meeting.starts_at,
        "reason": both("The hall is closed."),
    }
    row = MeetingChange(meeting_id=meeting.id, kind=kind, **values | fields)
    session.add(row)
    session.flush()
    return row


def move(session: Session, meeting: Meeting, to: datetime) -> None:
    """Reschedule it."""
    changed(session, meeting, MeetingChangeKind.RESCHEDULE, new_starts_at=to, happened_at=utcnow())
    meeting.original_starts_at = meeting.original_starts_at or meeting.starts_at
    meeting.starts_at, meeting.ends_at = to, to + 2 * HOUR
    session.flush()


def entries(shown: Page) -> list[str]:
    """The entries of a list, as text."""
    return [" ".join("".join(entry.itertext()).split()) for entry in shown.all(".//li[@class='event']")]


class TestList:
    def test_those_to_come_stand_first_the_next_one_first_and_past_ones_newest_first(
        self, session: Session, client: Client
    ) -> None:
        for days in (9, 2, -3, -30):
            makers.meeting(session, title=both(f"Day {days}."), starts_at=ahead(days))
        session.commit()

        shown = page(client.get("/en/meetings"))

        order = ["Day 2.", "Day 9.", "Day -3.", "Day -30."]
        assert [name for entry in entries(shown) for name in order if name in entry] == order
        assert "Today and later" in shown.text()
        assert "Before today" in shown.text()

    def test_a_cancelled_one_stays_on_its_day_with_the_reason(self, session: Session, client: Client) -> None:
        meeting = makers.meeting(session, cancelled_at=utcnow() - HOUR)
        changed(session, meeting, MeetingChangeKind.CANCEL)
        session.commit()

        shown = page(client.get("/en/meetings"))

        (entry,) = entries(shown)
        assert "This meeting is cancelled: The hall is closed." in entry
        assert "".join(shown.one(".//li[@class='event']//a/s").itertext()) == meeting.title.en

    def test_a_postponed_one_stays_where_it_was(self, session: Session, client: Client) -> None:
        meeting = makers.meeting(session, postponed_at=utcnow() - HOUR)
        changed(session, meeting, MeetingChangeKind.POSTPONE)
        session.commit()

        (entry,) = entries(page(client.get("/en/meetings")))

        assert "This meeting is postponed and has no new date yet: The hall is closed." in entry

    def test_one_that_was_moved_twice_stands_on_all_three_days(
        self, session: Session, client: Client
    ) -> None:
        first, second, third = (clock(f"2030-05-{day:02} 18:00") for day in (6, 13, 20))
        meeting = makers.meeting(session, starts_at=first)
        move(session, meeting, second)
        move(session, meeting, third)
        session.commit()

        shown = page(client.get("/en/meetings"))

        before, between, now = entries(shown)
        for entry in (before, between):
            assert "Moved to Monday, May 20, 2030, 6:00 PM (EDT). The hall is closed." in entry
        assert "Moved here from Monday, May 6, 2030, 6:00 PM (EDT)." in now
        days = [" ".join("".join(day.itertext()).split()) for day in shown.all(".//main//h3")]
        assert days == [f"Monday, May {day}, 2030" for day in (6, 13, 20)]

    @pytest.mark.parametrize(
        ("field", "kind", "said"),
        [
            ("cancelled_at", MeetingChangeKind.CANCEL, "This meeting is cancelled."),
            (
                "postponed_at",
                MeetingChangeKind.POSTPONE,
                "This meeting is postponed and has no new date yet.",
            ),
        ],
    )
    def test_an_old_day_says_too_that_the_meeting_is_off_now(
        self, session: Session, client: Client, field: str, kind: MeetingChangeKind, said: str
    ) -> None:
        meeting = makers.meeting(session, starts_at=ahead(3))
        move(session, meeting, ahead(5))
        setattr(meeting, field, utcnow())
        changed(session, meeting, kind)
        session.commit()

        old, _new = entries(page(client.get("/en/meetings")))

        assert "Moved to" in old
        assert said in old

    def test_without_a_reason_a_sentence_ends_there(self, session: Session, client: Client) -> None:
        makers.meeting(session, cancelled_at=utcnow())
        makers.meeting(session, postponed_at=utcnow())
        session.commit()

        shown = " ".join(entries(page(client.get("/en/meetings"))))

        assert "This meeting is cancelled." in shown
        assert "This meeting is postponed and has no new date yet." in shown

    def test_there_and_back_again_is_one_old_day(self, session: Session, client: Client) -> None:
        start, other = ahead(5), ahead(8)
        meeting = makers.meeting(session, starts_at=start)
        for to in (other, start, other, start):
            move(session, meeting, to)
        session.commit()

        assert len(entries(page(client.get("/en/meetings")))) == 2

    def test_past_ones_come_in_pages(self, session: Session, client: Client) -> None:
        for days in range(1, 29):
            makers.meeting(session, title=both(f"Past {days}."), starts_at=ahead(-days - 1))
        makers.meeting(session, title=both("To come."))
        session.commit()

        first, second = (page(client.get(f"/en/meetings?page={number}")) for number in (1, 2))

        assert len(entries(first)) == 26
        assert [entry.count("Past") for entry in entries(second)] == [1, 1, 1]
        assert "To come." not in second.text()
        assert client.get("/en/meetings?page=99").status_code == 200

    def test_one_that_began_yesterday_and_goes_on_is_not_over(self, session: Session) -> None:
        makers.meeting(session, starts_at=ahead(-2), ends_at=utcnow() + HOUR)
        session.commit()
        now = utcnow()

        found, _more = listing.to_come(session, Criteria(), now - HOUR, now)

        assert len(found) == 1

    def test_what_is_not_published_is_on_no_list(self, session: Session, client: Client) -> None:
        hide(session)

        for url in ("/en/meetings", "/en/meetings?words=Secret", "/en", month_of(ahead(10))):
            assert "Secret d" not in client.get(url).get_data(as_text=True)
        assert listing.dockets_with_meetings(session, utcnow()) == []


class TestFilter:
    @pytest.fixture
    def some(self, session: Session) -> None:
        docket = makers.docket(session, slug="jail")
        makers.meeting(session, title=both("Forum"), docket_id=docket.id, format=Format.ONLINE)
        makers.meeting(
            session,
            title=Localised(en="Budget hearing", es="Audiencia de presupuesto: sesión única"),
            kind=MeetingKind.HEARING,
            is_tentative=True,
        )
        makers.meeting(session, title=both("Old one"), starts_at=ahead(-9), format=Format.IN_PERSON)
        session.commit()

    @pytest.mark.usefixtures("some")
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("docket=jail", ["Forum"]),
            ("kind=hearing", ["Budget"]),
            ("format=online", ["Forum"]),
            ("status=passed", ["Old one"]),
            ("status=tentative", ["Budget"]),
            ("status=confirmed", ["Forum"]),
            ("words=budget", ["Budget"]),
            ("words=SESION+unica", ["Budget"]),
            ("words=budget+forum", []),
            ("kind=hearing&format=online", []),
            ("docket=other", []),
            ("kind=nonsense&status=draft&format=%00&words=", ["Forum", "Budget", "Old one"]),
        ],
    )
    def test_narrows_down_to_what_is_asked(self, client: Client, asked: str, found: list[str]) -> None:
        shown = " ".join(entries(page(client.get(f"/en/meetings?{asked}"))))

        assert [name for name in ("Forum", "Budget", "Old one") if name in shown] == found

    @pytest.mark.usefixtures("some")
    def test_is_a_form_that_needs_no_script_and_keeps_what_was_typed(self, client: Client) -> None:
        answer = client.get("/es/meetings", query_string={"kind": "hearing", "words": MARK})
        shown = page(answer)

        assert shown.one(".//main//form").get("method") == "get"
        assert shown.field("words").get("value") == MARK
        assert shown.fields()["kind"] == "hearing"
        assert MARK not in answer.get_data(as_text=True)

    def test_names_no_docket_that_is_not_public(self, session: Session, client: Client) -> None:
        hide(session)

        assert "Hidden docket" not in client.get("/en/meetings").get_data(as_text=True)

    @pytest.mark.parametrize("status", list(listing.STATUSES))
    def test_the_database_and_the_model_agree_on_every_status(
        self, session: Session, status: MeetingStatus
    ) -> None:
        now = utcnow()
        facts: list[dict[str, Any]] = [
            {},
            {"is_tentative": True},
            {"original_starts_at": ahead(1)},
            {"original_starts_at": ahead(1), "is_tentative": True},
            {"postponed_at": now, "original_starts_at": ahead(1)},
            {"cancelled_at": now, "postponed_at": now},
        ]
        meetings = [
            makers.meeting(session, starts_at=start, ends_at=ends, **fact)
            for fact in facts
            for start, ends in (
                (ahead(3), ahead(4)),
                (ahead(-3), ahead(-2)),
                (now - 2 * HOUR, None),
                (now - HOUR, None),
                (now - 3 * HOUR, now),
            )
        ]
        session.commit()
        expected = {meeting.slug for meeting in meetings if meeting.status(now) is status}

        criteria = Criteria(status=status)
        later, _more = listing.to_come(session, criteria, ahead(1), now)
        earlier = listing.past(session, criteria, ahead(1), now, number=1, size=100)

        assert {one.meeting.slug for one in (*later, *earlier.rows)} == expected


class TestMonth:
    def test_a_meeting_stands_on_its_day_in_its_own_place(self, session: Session, client: Client) -> None:
        # Eleven at night of the last of January in Denver is February in UTC.
        start = clock("2027-01-31 23:00", ZoneInfo("America/Denver"))
        makers.meeting(session, title=both("Night"), starts_at=start, time_zone="America/Denver")
        session.commit()

        january, february = (page(client.get(f"/en/meetings/calendar/2027/{month}")) for month in (1, 2))

        (cell,) = [cell for cell in january.all(".//td") if "Night" in "".join(cell.itertext())]
        time = cell.find("time")
        assert time is not None
        assert time.get("datetime") == "2027-01-31"
        assert "11:00 PM" in "".join(cell.itertext())
        assert "Night" not in february.text()

    def test_is_a_table_with_a_caption_and_a_name_for_each_column(self, client: Client) -> None:
        english = page(client.get("/en/meetings/calendar/2027/1"))
        spanish = page(client.get("/es/meetings/calendar/2027/1"))

        assert english.text(".//table/caption") == "Meetings in January 2027"
        names = [english.text(f".//thead//th[{number}]") for number in (1, 7)]
        assert names == ["Sunday", "Saturday"]
        assert spanish.text(".//thead//th[1]") == "lunes"
        assert {head.get("scope") for head in english.all(".//thead//th")} == {"col"}
        assert english.all(".//td[@aria-current]") == []

    def test_opens_from_the_list_on_the_first_month_that_has_a_meeting_to_come(
        self, session: Session, client: Client
    ) -> None:
        def leads_to() -> str:
            return page(client.get("/en/meetings")).links()["Show them as a calendar"]

        today = utcnow().astimezone(NEW_YORK).date()
        makers.meeting(session, starts_at=utcnow() - timedelta(days=50))
        session.commit()
        assert leads_to() == f"/en/meetings/calendar/{today.year}/{today.month}"

        makers.meeting(session, starts_at=clock("2031-05-06 18:00"))
        makers.meeting(session, starts_at=clock("2031-07-06 18:00"))
        session.commit()
        assert leads_to() == "/en/meetings/calendar/2031/5"

        makers.meeting(session, starts_at=utcnow() + timedelta(seconds=2))
        session.commit()
        assert leads_to() == f"/en/meetings/calendar/{today.year}/{today.month}"

    def test_marks_today(self, client: Client) -> None:
        today = utcnow().astimezone(ZoneInfo("America/New_York")).date()

        shown = page(client.get(f"/en/meetings/calendar/{today.year}/{today.month}"))

        assert len(shown.all(".//td[@aria-current='date']")) == 1

    def test_leads_to_the_months_beside_it_and_ends_somewhere(self, client: Client) -> None:
        links = page(client.get("/en/meetings/calendar/2027/1")).links(".//main//nav//a").values()
        last = page(client.get("/en/meetings/calendar/2099/12")).links(".//main//nav//a").values()

        assert {"/en/meetings/calendar/2026/12", "/en/meetings/calendar/2027/2"} <= set(links)
        assert not any("2100" in link for link in last)
        for nonsense in ("1999/12", "2100/1", "2027/0", "2027/13"):
            assert client.get(f"/en/meetings/calendar/{nonsense}").status_code == 404

    def test_says_what_was_moved_or_cancelled(self, session: Session, client: Client) -> None:
        old, new = (clock(f"2027-03-{day:02} 18:00") for day in (4, 11))
        move(session, makers.meeting(session, title=both("Hearing"), starts_at=old), new)
        makers.meeting(session, title=both("Off"), starts_at=old, cancelled_at=utcnow())
        session.commit()

        shown = page(client.get("/en/meetings/calendar/2027/3"))

        fourth, eleventh = (
            " ".join("".join(cell.itertext()).split())
            for cell in shown.all(".//td")
            if cell.find("ul") is not None
        )
        assert "Moved to Mar 11, 2027, 6:00 PM" in fourth
        assert "Cancelled" in fourth
        assert "Moved from Mar 4, 2027, 6:00 PM" in eleventh


class TestElsewhere:
    def test_the_front_page_names_the_next_ones(self, session: Session, client: Client) -> None:
        for days in (9, 2, 5, 30, 40):
            makers.meeting(session, title=both(f"Day {days}."), starts_at=ahead(days))
        makers.meeting(session, title=both("Gone"), starts_at=ahead(-2))
        session.commit()

        shown = entries(page(client.get("/en")))

        assert [entry.split("Day ")[1].split(".")[0] for entry in shown] == ["2", "5", "9", "30"]

    def test_a_docket_names_its_own(self, session: Session, client: Client) -> None:
        docket, other = makers.docket(session), makers.docket(session)
        makers.meeting(session, title=both("Ours"), docket_id=docket.id)
        makers.meeting(session, title=both("Over"), docket_id=docket.id, starts_at=ahead(-5))
        makers.meeting(session, title=both("Theirs"), docket_id=other.id)
        makers.meeting(session, title=both("Draft"), docket_id=docket.id, published_at=None)
        session.commit()

        shown = " ".join(entries(page(client.get(f"/en/dockets/{docket.slug}"))))

        assert "Ours" in shown
        assert "Over" in shown
        assert "Theirs" not in shown
        assert "Draft" not in shown

    def test_a_period_names_those_whose_comments_join_it(self, session: Session, client: Client) -> None:
        period, other = makers.comment_period(session), makers.comment_period(session)
        makers.meeting(session, title=both("Ours"), period_id=period.id)
        session.commit()

        assert "Ours" in page(client.get(f"/en/periods/{period.slug}")).text()
        assert "Ours" not in page(client.get(f"/en/periods/{other.slug}")).text()


def month_of(instant: datetime) -> str:
    return f"/en/meetings/calendar/{instant.year}/{instant.month}"


def hide(session: Session) -> tuple[Meeting, Meeting]:
    """A draft, and a published meeting of a docket that is not."""
    docket = makers.docket(session, published_at=None, title=both("Hidden docket"))
    found = (
        makers.meeting(session, title=both("Secret draft"), published_at=None),
        makers.meeting(session, title=both("Secret docket"), docket_id=docket.id),
    )
    session.commit()
    return found


def test_no_day_is_lost_between_the_months(session: Session) -> None:
    """Around a change of the clocks every start stands in exactly one month."""
    zone = ZoneInfo("America/Denver")
    starts = [datetime(2027, 2, 28, 20, tzinfo=UTC) + number * 12 * HOUR for number in range(70)]
    for start in starts:
        makers.meeting(session, starts_at=start, time_zone=zone.key)
    session.commit()

    found = [
        occasion.starts_at
        for month, last in ((2, 28), (3, 31), (4, 30))
        for occasion in listing.between(session, date(2027, month, 1), date(2027, month, last), utcnow())
    ]

    assert found == starts
