"""Calendars, JSON and the Event in the page: all that is public, and nothing hidden (cases 29, 49, 56)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import extruct
import jsonschema
import pytest
from icalendar import Calendar, Timezone
from sqlalchemy.orm import Session

from engage.db.types import Localised
from engage.meetings.models import (
    FileKindName,
    Format,
    Meeting,
    MeetingChangeKind,
    MeetingFile,
    MeetingKind,
)
from engage.meetings.service import post_agenda
from tests.conftest import SHARED
from tests.meetings.calendars import DENVER, PUBLISHED, alone, change, local, occurrence, series
from tests.support import makers
from tests.support.pages import Client, page

FEEDS = ("/meetings.ics", "/meetings/city-scrapers.json", "/meetings/open-civic-data.json")
JOIN = "https://meet.example.org/room"


def events(content: bytes) -> list[Any]:
    """The entries of a calendar, in its order."""
    return list(Calendar.from_ical(content).walk("VEVENT"))


def only(client: Client, address: str) -> Any:
    """The one entry of a calendar."""
    found = events(client.get(address).data)
    assert len(found) == 1
    return found[0]


class TestOneMeeting:
    def test_says_all_that_one_needs_there(self, client: Client, session: Session) -> None:
        alone(
            session,
            local(2027, 3, 10, 18),
            slug="forum",
            uid="forum@test",
            title=Localised(en="Forum; on, jail", es="Foro sobre la cárcel"),
            accessibility=makers.both("ASL and a ramp."),
            directions=makers.both("Bus 7."),
            join_phone="+1 555 0100",
            sequence=3,
        )
        session.commit()

        event = only(client, "/meetings/forum.ics")

        assert event["UID"] == "forum@test"
        assert event["SUMMARY"] == "Forum; on, jail"
        assert event["SUMMARY"].params["LANGUAGE"] == "en"
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (local(2027, 3, 10, 18), local(2027, 3, 10, 20))
        assert event["DTSTART"].params["TZID"] == "America/Denver"
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == PUBLISHED
        assert (event["SEQUENCE"], event["STATUS"]) == (3, "CONFIRMED")
        assert event["LOCATION"] == "Town Hall, 1 Main Street"
        assert event["URL"] == "http://localhost/en/meetings/forum"
        assert event["CATEGORIES"].to_ical() == b"Community forum"
        assert event["CONFERENCE"] == JOIN
        assert event["CONFERENCE"].params["FEATURE"] == ["AUDIO", "VIDEO"]
        for said in ("Accessibility: ASL and a ramp.", "Bus 7.", "+1 555 0100", event["URL"]):
            assert said in event["DESCRIPTION"]

    def test_speaks_spanish_when_asked(self, client: Client, session: Session) -> None:
        alone(session, local(2027, 3, 10, 18), slug="forum", title=Localised(en="Forum", es="Foro"))
        session.commit()

        event = only(client, "/meetings/forum.ics?lang=es")
        english = only(client, "/meetings/forum.ics?lang=xx")

        assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("Foro", "es")
        assert event["URL"] == "http://localhost/es/meetings/forum"
        assert event["CATEGORIES"].to_ical().decode() == "Foro comunitario"
        assert event["UID"] == english["UID"]
        assert english["SUMMARY"] == "Forum"

    def test_says_in_which_language_a_text_is_that_has_only_one(
        self, client: Client, session: Session
    ) -> None:
        alone(session, local(2027, 3, 10, 18), slug="foro", title=Localised(es="Foro"))
        session.commit()

        event = only(client, "/meetings/foro.ics")

        assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("Foro", "es")

    def test_is_a_file_of_short_lines(self, client: Client, session: Session) -> None:
        alone(session, local(2027, 3, 10, 18), slug="forum", summary=makers.both("ñ" * 500))
        session.commit()

        answer = client.get("/meetings/forum.ics")

        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Content-Disposition"] == "attachment; filename=forum.ics"
        lines = answer.data.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line for line in lines)
        for line in lines:
            line.decode()

    @pytest.mark.parametrize(
        ("fact", "status", "title"),
        [
            ({"cancelled_at": PUBLISHED}, "CANCELLED", "Cancelled: Forum"),
            ({"postponed_at": PUBLISHED}, "TENTATIVE", "Postponed: Forum"),
            ({"is_tentative": True}, "TENTATIVE", "Forum"),
        ],
    )
    def test_stays_where_it_was_and_says_what_became_of_it(
        self, client: Client, session: Session, fact: dict[str, Any], status: str, title: str
    ) -> None:
        alone(session, local(2027, 3, 10, 18), slug="forum", title=makers.both("Forum"), **fact)
        session.commit()

        event = only(client, "/meetings/forum.ics")

        assert (event["STATUS"], event["SUMMARY"]) == (status, title)
        assert event["DTSTART"].dt == local(2027, 3, 10, 18)

    def test_says_why_it_was_moved_and_counts(self, client: Client, session: Session) -> None:
        meeting = alone(session, local(2027, 3, 10, 18), slug="forum")
        new = {"starts_at": local(2027, 3, 20, 18), "ends_at": local(2027, 3, 20, 20)}
        change(session, meeting, MeetingChangeKind.RESCHEDULE, **new)
        session.commit()

        event = only(client, "/meetings/forum.ics?lang=es")

        assert event["DTSTART"].dt == local(2027, 3, 20, 18)
        assert event["SEQUENCE"] == 1
        assert "Se rompió una tubería en la sala." in event["DESCRIPTION"]

    def test_names_the_documents_of_its_posted_agenda(self, client: Client, session: Session) -> None:
        meeting = alone(session, local(2027, 3, 10, 18), slug="forum")
        item = makers.agenda_item(session, meeting)
        posted_at = PUBLISHED
        for of, name in ((None, "packet"), (item, "posted"), (item, "swapped"), (None, "later")):
            file = MeetingFile(
                meeting=meeting,
                item=of,
                kind=FileKindName.PACKET,
                title=makers.both(name),
                url=f"https://county.example.gov/{name}.pdf",
                posted_at=datetime(2999, 1, 1, tzinfo=UTC) if name == "later" else posted_at,
            )
            session.add(file)
            session.flush()
            if name == "posted":
                session.expire(item, ["files"])
                post_agenda(session, meeting, actor=None, now=PUBLISHED)
        session.commit()

        event = only(client, "/meetings/forum.ics")

        assert [str(one) for one in event["ATTACH"]] == [
            "https://county.example.gov/packet.pdf",
            "https://county.example.gov/posted.pdf",
        ]
        for address in FEEDS:
            told = client.get(address).get_data(as_text=True)
            assert "posted.pdf" in told.replace("\r\n ", "")
            assert "swapped.pdf" not in told
            assert "later.pdf" not in told


class TestSeries:
    def test_is_a_rule_with_its_exceptions(self, client: Client, session: Session) -> None:
        row = series(session, "weekly", "FREQ=WEEKLY;UNTIL=20270401T000000", local(2027, 3, 3, 18))
        session.delete(occurrence(row, 2027, 3, 24))
        row.left_out = [local(2027, 3, 24, 18).isoformat()]
        moved = {"starts_at": local(2027, 3, 11, 17), "ends_at": local(2027, 3, 11, 19)}
        change(session, occurrence(row, 2027, 3, 10), MeetingChangeKind.RESCHEDULE, **moved)
        change(session, occurrence(row, 2027, 3, 17), MeetingChangeKind.CANCEL, cancelled_at=PUBLISHED)
        session.commit()

        master, *others = events(client.get("/meetings.ics").data)

        assert master["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270401T060000Z"
        assert master["DTSTART"].dt == local(2027, 3, 3, 18)
        assert [one.dt for one in master["EXDATE"].dts] == [local(2027, 3, 24, 18)]
        assert master["EXDATE"].params["TZID"] == "America/Denver"
        assert "RECURRENCE-ID" not in master
        assert {one["UID"] for one in (master, *others)} == {"weekly@test"}
        told = {one["RECURRENCE-ID"].dt: (one["DTSTART"].dt, one["STATUS"]) for one in others}
        assert told == {
            local(2027, 3, 10, 18): (local(2027, 3, 11, 17), "CONFIRMED"),
            local(2027, 3, 17, 18): (local(2027, 3, 17, 18), "CANCELLED"),
        }
        assert min(one["SEQUENCE"] for one in others) >= master["SEQUENCE"]
        assert all(one["URL"].startswith("http://localhost/en/meetings/weekly-") for one in others)

    def test_of_which_nothing_is_public_is_not_there(self, client: Client, session: Session) -> None:
        series(session, "weekly", "FREQ=WEEKLY;COUNT=3", local(2027, 3, 3, 18), published_at=None)
        session.commit()

        assert "weekly" not in client.get("/meetings.ics").get_data(as_text=True)

    def test_without_a_rule_that_anybody_can_follow_is_told_one_by_one(
        self, client: Client, session: Session
    ) -> None:
        row = series(session, "weekly", "FREQ=WEEKLY;COUNT=3", local(2027, 3, 3, 18))
        row.rule = "FREQ=SECONDLY"
        session.commit()

        found = events(client.get("/meetings.ics").data)

        assert sorted(one["DTSTART"].dt.day for one in found) == [3, 10, 17]
        assert not any("RRULE" in one or "RECURRENCE-ID" in one for one in found)


class TestWhatIsNotThere:
    @pytest.fixture
    def hidden(self, session: Session) -> list[Meeting]:
        """A draft, one that comes later, and one of a docket that nobody may see."""
        later = datetime(2999, 1, 1, tzinfo=UTC)
        docket = makers.docket(session, published_at=None, slug="hidden")
        found = [
            alone(session, local(2027, 3, 10, 18), slug="draft", published_at=None),
            alone(session, local(2027, 3, 10, 18), slug="later", published_at=later),
            alone(session, local(2027, 3, 10, 18), slug="of-hidden", docket=docket),
        ]
        session.commit()
        return found

    def test_is_in_no_feed(self, client: Client, hidden: list[Meeting]) -> None:
        for address in FEEDS:
            answer = client.get(address)
            assert answer.status_code == 200
            for meeting in hidden:
                assert meeting.slug not in answer.get_data(as_text=True)
                assert meeting.uid not in answer.get_data(as_text=True)

    def test_has_no_file_of_its_own(self, client: Client, hidden: list[Meeting]) -> None:
        for meeting in hidden:
            assert client.get(f"/meetings/{meeting.slug}.ics").status_code == 404
        for address in ("/dockets/hidden/meetings.ics", "/dockets/nothing/meetings.ics"):
            assert client.get(address).status_code == 404
        for address in FEEDS[1:]:
            assert client.get(f"{address}?docket=hidden").status_code == 404

    def test_is_given_to_nobody_by_a_known_tag(self, client: Client, session: Session) -> None:
        meeting = alone(session, local(2027, 3, 10, 18), slug="forum")
        session.commit()
        tag = client.get("/meetings/forum.ics").headers["ETag"]
        meeting.published_at = None
        session.commit()

        assert client.get("/meetings/forum.ics", headers={"If-None-Match": tag}).status_code == 404

    def test_is_the_link_that_only_those_registered_see(self, client: Client, session: Session) -> None:
        alone(session, local(2027, 3, 10, 18), slug="forum", join_is_public=False, join_phone="+1 555 0100")
        session.commit()

        for address in (*FEEDS, "/meetings/forum.ics", "/meetings/forum.ics?lang=es"):
            told = client.get(address).get_data(as_text=True)
            assert "forum" in told
            assert JOIN not in told.replace("\r\n ", "")
            assert "555 0100" not in told
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', _page(client), re.DOTALL)
        assert data
        assert JOIN not in data[1]

    def test_is_what_was_over_long_ago(self, client: Client, session: Session) -> None:
        for years, slug in ((1, "last-year"), (4, "old")):
            alone(session, datetime.now(UTC) - timedelta(days=365 * years), slug=slug)
        session.commit()

        told = client.get("/meetings.ics").get_data(as_text=True)

        assert "last-year" in told
        assert "meetings/old" not in told
        assert client.get("/meetings/old.ics").status_code == 200

    def test_is_any_line_or_tag_that_a_title_brings(self, client: Client, session: Session) -> None:
        evil = "</script><script>alert(1)</script>\r\nATTENDEE:mailto:x@example.org\u2028"
        alone(
            session,
            local(2027, 3, 10, 18),
            slug="forum",
            title=makers.both(evil),
            summary=makers.both(evil),
            place_name=makers.both(evil),
            place_street=evil,
            join_url="javascript:alert(1)",
        )
        session.commit()

        event = only(client, "/meetings/forum.ics")
        assert "ATTENDEE" not in event
        assert "CONFERENCE" not in event
        assert "\nATTENDEE" not in client.get("/meetings/forum.ics").get_data(as_text=True)
        html = _page(client)
        assert "<script>alert" not in html
        assert "javascript:" not in json.dumps(_event(html))


def _page(client: Client) -> str:
    return client.get("/en/meetings/forum").get_data(as_text=True)


def _event(html: str) -> dict[str, Any]:
    found = extruct.extract(html, base_url="http://localhost", syntaxes=["json-ld"])["json-ld"]
    events = [one for one in found if one["@type"] == "Event"]
    assert len(events) == 1
    event: dict[str, Any] = events[0]
    return event


class TestAskingAgain:
    def test_costs_nothing_where_nothing_has_changed(self, client: Client, session: Session) -> None:
        docket = makers.docket(session, slug="jail")
        meeting = alone(session, local(2027, 3, 10, 18), slug="forum", docket=docket)
        session.commit()
        for address in (*FEEDS, "/dockets/jail/meetings.ics", "/meetings/forum.ics"):
            first = client.get(address)
            assert first.headers["Cache-Control"] == "public, max-age=300"
            assert first.data == client.get(address).data
            by_tag = {"If-None-Match": first.headers["ETag"]}
            by_time = {"If-Modified-Since": first.headers["Last-Modified"]}
            for known in (by_tag, by_time, by_tag | by_time):
                again = client.get(address, headers=known)
                assert (again.status_code, again.data) == (304, b"")
            meeting.title = makers.both(f"New title {address}")
            meeting.changed_at += timedelta(seconds=1)
            session.commit()
            for known in (by_tag, by_time):
                assert client.get(address, headers=known).status_code == 200

    def test_gets_another_answer_in_another_language(self, client: Client, session: Session) -> None:
        alone(session, local(2027, 3, 10, 18))
        session.commit()
        tag = client.get("/meetings.ics").headers["ETag"]

        assert client.get("/meetings.ics?lang=es", headers={"If-None-Match": tag}).status_code == 200

    def test_an_empty_site_has_an_empty_calendar(self, client: Client) -> None:
        assert events(client.get("/meetings.ics").data) == []
        assert client.get("/meetings/city-scrapers.json").json == []


def test_the_calendar_of_a_docket_holds_its_meetings_alone(client: Client, session: Session) -> None:
    docket = makers.docket(session, slug="jail", title=Localised(en="Jail", es="Cárcel"))
    alone(session, local(2027, 3, 10, 18), slug="about-it", docket=docket)
    alone(session, local(2027, 3, 11, 18), slug="about-others")
    session.commit()

    answer = client.get("/dockets/jail/meetings.ics?lang=es")

    assert [one["URL"].rpartition("/")[2] for one in events(answer.data)] == ["about-it"]
    assert Calendar.from_ical(answer.data)["X-WR-CALNAME"] == "Cárcel"
    for address in FEEDS[1:]:
        told = client.get(f"{address}?docket=jail").get_data(as_text=True)
        assert "about-it" in told
        assert "about-others" not in told


def test_a_zone_is_explained_by_the_clock_that_is_left(client: Client, session: Session) -> None:
    """RFC 5545 3.6.5; icalendar's own zones give 03:00 for the change to summer time."""
    alone(session, local(2027, 3, 14, 18), slug="forum")
    session.commit()

    (zone,) = Calendar.from_ical(client.get("/meetings/forum.ics").data).walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    told = zone.to_tz(lookup_tzid=False)

    at = datetime(2027, 1, 1, tzinfo=DENVER).astimezone(UTC)
    while at.astimezone(DENVER).year == 2027:
        assert at.astimezone(told).utcoffset() == at.astimezone(DENVER).utcoffset(), at
        at += timedelta(minutes=30)


class TestJson:
    def test_tells_what_is_known(self, client: Client, session: Session) -> None:
        alone(
            session,
            local(2027, 3, 10, 18),
            slug="forum",
            kind=MeetingKind.STEERING_COMMITTEE,
            title=makers.both("Forum"),
            organiser=Localised(en="The Sheriff"),
        )
        session.commit()

        (scraped,) = client.get("/meetings/city-scrapers.json").json or [{}]
        (event,) = client.get("/meetings/open-civic-data.json").json or [{}]

        assert scraped["id"] == "engage/202703101800/x/forum"
        assert (scraped["start"], scraped["end"]) == (
            "2027-03-10T18:00:00-07:00",
            "2027-03-10T20:00:00-07:00",
        )
        assert scraped["location"] == {"name": "Town Hall", "address": "1 Main Street"}
        assert (scraped["classification"], scraped["status"]) == ("Committee", "confirmed")
        assert scraped["source"] == "http://localhost/en/meetings/forum"
        assert re.fullmatch(r"ocd-event/[0-9a-f-]{36}", event["id"])
        assert event["extras"] == {"cityscrapers/id": scraped["id"]}
        assert (event["timezone"], event["start_time"]) == ("America/Denver", scraped["start"])
        assert event["participants"][0]["name"] == "The Sheriff"

    def test_keeps_its_ids_when_a_meeting_moves(self, client: Client, session: Session) -> None:
        meeting = alone(session, local(2027, 3, 10, 18))
        session.commit()
        before = [(client.get(address).json or [{}])[0]["id"] for address in FEEDS[1:]]
        change(session, meeting, MeetingChangeKind.RESCHEDULE, starts_at=local(2027, 3, 20, 18), ends_at=None)
        session.commit()

        assert [(client.get(address).json or [{}])[0]["id"] for address in FEEDS[1:]] == before

    def test_knows_four_states(self, client: Client, session: Session) -> None:
        past = datetime.now(UTC) - timedelta(days=30)
        fates: dict[str, dict[str, Any]] = {
            "a": {"cancelled_at": PUBLISHED},
            "b": {"postponed_at": PUBLISHED},
            "c": {"is_tentative": True},
            "d": {},
            "e": {"starts_at": past, "ends_at": past + timedelta(hours=1)},
        }
        for slug, fields in fates.items():
            values: dict[str, Any] = {"starts_at": local(2027, 3, 10, 18)} | fields
            makers.meeting(session, slug=slug, **values)
        session.commit()

        for address in FEEDS[1:]:
            found = [one["status"] for one in client.get(address).json or []]
            assert sorted(found) == ["cancelled", "cancelled", "confirmed", "passed", "tentative"]

    @pytest.mark.shared
    def test_is_what_city_scrapers_says_a_meeting_is(self, client: Client, session: Session) -> None:
        _variety(session)
        schema = json.loads((SHARED / "formats" / "city_scrapers_meeting.schema.json").read_text())
        checker = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())

        found = client.get("/meetings/city-scrapers.json").json or []

        assert len(found) == 4
        assert [error.message for one in found for error in checker.iter_errors(one)] == []

    @pytest.mark.shared
    def test_has_all_that_open_civic_data_requires(self, client: Client, session: Session) -> None:
        """The keys of the list in ocd_event.rst that are required at its top, and of what stands in lists."""
        _variety(session)
        listed = (SHARED / "formats" / "ocd_event.rst").read_text()
        required = set(
            re.findall(
                r"^\*\*(\w+)\*\* \([^)]*\)\n(?:(?!^\*\*).)*?\*\*\(required", listed, re.MULTILINE | re.DOTALL
            )
        )
        assert {"_type", "name", "start_time", "timezone", "agenda", "sources"} <= required

        found = client.get("/meetings/open-civic-data.json").json or []

        assert len(found) == 4
        for one in found:
            assert required <= one.keys()
            assert one["_type"] == "event"
            assert len(one["sources"]) >= 1
            assert one["end_time"] is None or datetime.fromisoformat(one["end_time"]).tzinfo
        whole = next(one for one in found if one["agenda"])
        assert whole["agenda"][0].keys() >= {"description", "related_entities", "media"}
        assert whole["documents"][0].keys() >= {"note", "date", "media_type", "url", "links"}
        assert whole["media"][0].keys() >= {"note", "offset", "links"}


def _variety(session: Session) -> None:
    """Online, without an end, cancelled, and with an agenda, a document and a recording."""
    alone(session, local(2027, 3, 10, 18), format=Format.ONLINE, ends_at=None)
    alone(session, local(2027, 3, 11, 18), format=Format.IN_PERSON, join_url=None, cancelled_at=PUBLISHED)
    alone(session, local(2027, 3, 12, 18), join_is_public=False, time_notes=makers.both("Doors at 5."))
    meeting = alone(session, local(2027, 3, 13, 18), organiser=makers.both("The board"))
    makers.agenda_item(session, meeting, summary=makers.both("About it."))
    for kind in (FileKindName.PACKET, FileKindName.RECORDING):
        meeting.files.append(
            MeetingFile(
                kind=kind,
                title=makers.both(kind.value),
                url=f"https://county.example.gov/{kind}",
                posted_at=PUBLISHED,
            )
        )
    session.flush()
    post_agenda(session, meeting, actor=None, now=PUBLISHED)
    session.commit()


class TestInTheHeadOfThePage:
    def test_extruct_finds_the_event(self, client: Client, session: Session) -> None:
        meeting = alone(
            session,
            local(2027, 3, 10, 18),
            slug="forum",
            title=Localised(en="Forum", es="Foro"),
            organiser=makers.both("The board"),
            accessibility=makers.both("A ramp"),
        )
        change(session, meeting, MeetingChangeKind.MOVE, starts_at=local(2027, 3, 10, 19), ends_at=None)
        session.commit()

        event = _event(_page(client))
        spanish = _event(client.get("/es/meetings/forum").get_data(as_text=True))

        assert event["name"] == "Forum"
        assert event["startDate"] == "2027-03-10T19:00:00-07:00"
        assert event["previousStartDate"] == "2027-03-10T18:00:00-07:00"
        assert event["eventStatus"] == "https://schema.org/EventRescheduled"
        assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
        assert [one["@type"] for one in event["location"]] == ["Place", "VirtualLocation"]
        assert event["location"][0]["address"]["streetAddress"] == "1 Main Street"
        assert event["location"][0]["amenityFeature"][0]["name"] == "A ramp"
        assert event["location"][1]["url"] == JOIN
        assert (event["organizer"]["name"], event["isAccessibleForFree"]) == ("The board", True)
        assert (spanish["name"], spanish["inLanguage"]) == ("Foro", "es")
        assert spanish["url"] == "http://localhost/es/meetings/forum"

    @pytest.mark.parametrize(
        ("fact", "status"),
        [
            ({}, "EventScheduled"),
            ({"cancelled_at": PUBLISHED}, "EventCancelled"),
            ({"postponed_at": PUBLISHED}, "EventPostponed"),
        ],
    )
    def test_says_what_became_of_it(
        self, client: Client, session: Session, fact: dict[str, Any], status: str
    ) -> None:
        alone(session, local(2027, 3, 10, 18), slug="forum", **fact)
        session.commit()

        event = _event(_page(client))

        assert event["eventStatus"] == f"https://schema.org/{status}"
        assert "previousStartDate" not in event

    @pytest.mark.parametrize(
        ("kind", "mode", "places"),
        [
            (Format.ONLINE, "Online", ["VirtualLocation"]),
            (Format.IN_PERSON, "Offline", ["Place"]),
        ],
    )
    def test_says_where_people_attend(
        self, client: Client, session: Session, kind: Format, mode: str, places: list[str]
    ) -> None:
        alone(session, local(2027, 3, 10, 18), slug="forum", format=kind)
        session.commit()

        event = _event(_page(client))

        assert event["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
        assert [one["@type"] for one in event["location"]] == places


class TestLinks:
    def test_lead_from_the_page_of_a_meeting_to_its_file_and_its_dockets_calendar(
        self, client: Client, session: Session
    ) -> None:
        docket = makers.docket(session, slug="jail")
        alone(session, local(2027, 3, 10, 18), slug="forum", docket=docket)
        session.commit()

        links = page(client.get("/es/meetings/forum")).links(".//main//a").values()

        assert "/meetings/forum.ics?lang=es" in links
        assert "webcal://localhost/dockets/jail/meetings.ics?lang=es" in links
        assert client.get("/meetings/forum.ics?lang=es").status_code == 200

    def test_lead_from_the_list_and_from_a_docket_with_meetings(
        self, client: Client, session: Session
    ) -> None:
        docket = makers.docket(session, slug="jail")
        makers.docket(session, slug="quiet")
        alone(session, local(2027, 3, 10, 18), docket=docket)
        session.commit()

        listed = page(client.get("/en/meetings")).links(".//main//a").values()
        about = page(client.get("/en/dockets/jail")).links(".//main//a").values()
        quiet = page(client.get("/en/dockets/quiet")).links(".//main//a").values()

        assert "webcal://localhost/meetings.ics?lang=en" in listed
        assert "webcal://localhost/dockets/jail/meetings.ics?lang=en" in about
        assert not [link for link in quiet if "meetings.ics" in link]

    @pytest.mark.parametrize(
        ("path", "calendar"),
        [
            ("/en/meetings", "/meetings.ics?lang=en"),
            ("/es/dockets/jail", "/dockets/jail/meetings.ics?lang=es"),
            ("/en/meetings/forum", "/dockets/jail/meetings.ics?lang=en"),
            ("/en/meetings/alone", "/meetings.ics?lang=en"),
        ],
    )
    def test_stand_there_to_be_copied_where_no_program_opens_them(
        self, client: Client, session: Session, path: str, calendar: str
    ) -> None:
        docket = makers.docket(session, slug="jail")
        alone(session, local(2027, 3, 10, 18), slug="forum", docket=docket)
        alone(session, local(2027, 3, 11, 18), slug="alone")
        session.commit()

        (field,) = page(client.get(path)).all(".//input[@id='calendar-address']")

        assert field.get("readonly") is not None
        assert field.get("value") == f"http://localhost{calendar}"
        assert client.get(calendar).mimetype == "text/calendar"
