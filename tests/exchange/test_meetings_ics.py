"""Calendars as they are found: what is taken of them, and that whatever is in them costs little (case 52)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engage.exchange.meetings.records import SourceMeeting, State
from engage.exchange.meetings.sources import open_meetings
from engage.exchange.records import BadFile, RowProblem
from engage.meetings.models import FileKindName, Format, MeetingKind

Read = Callable[[str | bytes], tuple[list[SourceMeeting], list[RowProblem]]]

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
START = "DTSTART;TZID=America/Denver:20270310T180000"
END = "DTEND;TZID=America/Denver:20270310T200000"


def calendar(*entries: str, head: str = "") -> str:
    """A calendar of these entries."""
    body = "".join(f"BEGIN:VEVENT\r\n{entry}\r\nEND:VEVENT\r\n" for entry in entries)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{head}{body}END:VCALENDAR\r\n"


def entry(*lines: str, uid: str = "a@b", start: str = START, end: str = END, title: str = "Board") -> str:
    """The lines of an entry."""
    return "\r\n".join(line for line in (f"UID:{uid}", f"SUMMARY:{title}", start, end, *lines) if line)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a calendar: its meetings, and the problems."""

    def read(content: str | bytes) -> tuple[list[SourceMeeting], list[RowProblem]]:
        file = tmp_path / "calendar.ics"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        items = list(open_meetings(file, zone=DENVER, now=NOW))
        return (
            [item for item in items if isinstance(item, SourceMeeting)],
            [item for item in items if isinstance(item, RowProblem)],
        )

    return read


class TestAnEntry:
    def test_is_a_meeting(self, read: Read) -> None:
        (meeting,), problems = read(
            calendar(
                entry(
                    "DESCRIPTION:<p>About the <b>jail</b>\\, at length</p>",
                    "LOCATION:Town Hall\\, 1 Main Street",
                    "CATEGORIES:Public hearing",
                    "URL:https://county.example.gov/1",
                    "ATTACH;FILENAME=Packet:https://county.example.gov/p.pdf",
                    "CONFERENCE;VALUE=URI:https://meet.example.org/1",
                    "ORGANIZER;CN=Jane Doe:mailto:jane@example.org",
                    "ATTENDEE:mailto:joe@example.org",
                )
            )
        )

        assert problems == []
        assert (meeting.source_id, meeting.title, meeting.row) == ("a@b", "Board", 4)
        assert meeting.starts_at == datetime(2027, 3, 10, 18, tzinfo=DENVER)
        assert meeting.ends_at == datetime(2027, 3, 10, 20, tzinfo=DENVER)
        assert (meeting.time_zone, meeting.state) == ("America/Denver", State.CONFIRMED)
        assert meeting.summary == "About the jail, at length"
        assert meeting.place_name == "Town Hall, 1 Main Street"
        assert (meeting.kind, meeting.format) == (MeetingKind.HEARING, Format.HYBRID)
        assert meeting.join_url == "https://meet.example.org/1"
        assert [(link.title, link.kind) for link in meeting.links] == [
            ("Page", FileKindName.OTHER),
            ("Packet", FileKindName.OTHER),
        ]
        assert "example.org/1" in str(meeting)
        assert "jane" not in str(meeting).lower()
        assert "joe@" not in str(meeting)

    @pytest.mark.parametrize(
        ("start", "hour"),
        [
            ("DTSTART:20270310T180000", 18),
            ("DTSTART:20270311T010000Z", 18),
            ("DTSTART;TZID=Mountain Standard Time:20270310T180000", 18),
            ('DTSTART;TZID="America/New_York":20270310T200000', 18),
            ("DTSTART;TZID=/example.org/20050126_1/America/Denver:20270310T180000", 18),
            ("DTSTART;TZID=Our own:20270310T180000", 18),
            ("DTSTART;TZID=With a place:20270310T180000", 18),
        ],
    )
    def test_is_on_the_clocks_that_it_means(self, read: Read, start: str, hour: int) -> None:
        zones = (
            "BEGIN:VTIMEZONE\r\nTZID:Our own\r\n"
            "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0700\r\n"
            "END:STANDARD\r\nEND:VTIMEZONE\r\n"
            "BEGIN:VTIMEZONE\r\nTZID:With a place\r\nX-LIC-LOCATION:America/Denver\r\n"
            "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"
            "END:STANDARD\r\nEND:VTIMEZONE\r\n"
        )
        (meeting,), problems = read(calendar(entry(start=start, end=""), head=zones))

        assert problems == []
        assert meeting.starts_at == datetime(2027, 3, 10, hour, tzinfo=DENVER)
        assert meeting.ends_at is None

    def test_without_a_zone_is_in_the_calendars(self, read: Read) -> None:
        content = calendar(
            entry(start="DTSTART:20270310T180000", end=""), head="X-WR-TIMEZONE:America/New_York\r\n"
        )
        (meeting,), _ = read(content)

        assert meeting.starts_at == datetime(2027, 3, 10, 18, tzinfo=ZoneInfo("America/New_York"))
        assert meeting.time_zone == "America/New_York"

    def test_of_a_whole_day_says_that_it_tells_no_hour(self, read: Read) -> None:
        (meeting,), _ = read(
            calendar(entry(start="DTSTART;VALUE=DATE:20270310", end="DTEND;VALUE=DATE:20270311"))
        )

        assert meeting.is_whole_day
        assert meeting.starts_at == datetime(2027, 3, 10, tzinfo=DENVER)
        assert meeting.ends_at == datetime(2027, 3, 11, tzinfo=DENVER)

    @pytest.mark.parametrize(
        ("lines", "title", "state"),
        [
            (("STATUS:CANCELLED",), "Board", State.CANCELLED),
            (("STATUS:TENTATIVE",), "Board", State.TENTATIVE),
            (("STATUS:NONSENSE",), "Board", State.CONFIRMED),
            ((), "CANCELED - Board", State.CANCELLED),
            ((), "Cancelada: Board", State.CANCELLED),
            (("STATUS:TENTATIVE",), "Postponed: Board", State.POSTPONED),
        ],
    )
    def test_may_be_called_off_in_its_status_or_its_title(
        self, read: Read, lines: tuple[str, ...], title: str, state: State
    ) -> None:
        (meeting,), _ = read(calendar(entry(*lines, title=title)))

        assert (meeting.title, meeting.state) == ("Board", state)

    def test_may_have_line_breaks_where_none_may_be(self, read: Read) -> None:
        (meeting,), problems = read(calendar(entry("DESCRIPTION:First line\nsecond line\n\nthird, and more")))

        assert problems == []
        assert meeting.summary == "First line\nsecond line\n\nthird, and more"

    def test_lasts_as_long_as_it_says(self, read: Read) -> None:
        (meeting,), _ = read(calendar(entry("DURATION:PT90M", end="")))

        assert meeting.ends_at == datetime(2027, 3, 10, 19, 30, tzinfo=DENVER)

    def test_that_is_private_is_passed_over(self, read: Read, tmp_path: Path) -> None:
        assert read(calendar(entry("CLASS:PRIVATE"))) == ([], [])

    def test_shows_no_address_that_runs_something(self, read: Read) -> None:
        (meeting,), _ = read(
            calendar(
                entry("URL:javascript:alert(1)", "ATTACH:file:///etc/passwd", "CONFERENCE:data:text/html,x")
            )
        )

        assert (meeting.links, meeting.join_url) == ((), None)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (entry(start="", uid="bad"), "no start"),
        (entry(start="DTSTART:tomorrow", uid="bad"), "DTSTART cannot be read"),
        (entry(start="DTSTART;TZID=Mars/Olympus:20270310T180000", uid="bad"), "“Mars/Olympus” is not known"),
        (entry(start="DTSTART:00010310T180000Z", uid="bad"), "too far from today"),
        (entry(end="DTEND;TZID=America/Denver:20270310T170000", uid="bad"), "ends before it starts"),
        (entry(end="DTEND;TZID=America/Denver:20290310T170000", uid="bad"), "longer than 31 days"),
        (entry(title="", uid="bad"), "no title"),
        (entry("RRULE:FREQ=SECONDLY", uid="bad"), "at most once a day"),
        (entry("RRULE:FREQ=DAILY;BYHOUR=1,2,3", uid="bad"), "at most once a day"),
        (entry("RRULE:FREQ=NEVER", uid="bad"), "RRULE cannot be read"),
        (entry(uid="x" * 300), "UID is longer"),
        (entry("DESCRIPTION:" + "x" * 30_000, uid="bad"), "description is too long"),
        (entry(*("X-FILL:" + "x" * 150_000,) * 2, uid="bad"), "longer than 200,000"),
        (entry("BEGIN:VEVENT", uid="bad"), "no end"),
    ],
)
def test_a_bad_entry_costs_itself_alone(read: Read, bad: str, why: str) -> None:
    found, problems = read(calendar(entry(uid="first"), bad, entry(uid="last")))

    assert [meeting.source_id for meeting in found if meeting.source_id != "bad"] == ["first", "last"]
    assert why in problems[0].message
    assert problems[0].row == 10


class TestARule:
    def test_gives_meetings_with_its_exceptions(self, read: Read) -> None:
        found, problems = read(
            calendar(
                entry(
                    "RRULE:FREQ=WEEKLY;COUNT=6",
                    "EXDATE;TZID=America/Denver:20270317T180000",
                    "EXDATE:20270325T000000Z",
                    "RDATE;TZID=America/Denver:20270402T180000",
                ),
                entry(
                    "RECURRENCE-ID;TZID=America/Denver:20270331T180000",
                    "STATUS:CANCELLED",
                    start="DTSTART;TZID=America/Denver:20270331T180000",
                    end="",
                ),
                entry(
                    "RECURRENCE-ID;TZID=America/Denver:20270407T180000",
                    start="DTSTART;TZID=America/Denver:20270408T090000",
                    end="",
                    title="Elsewhere",
                ),
            )
        )

        assert problems == []
        assert {
            one.source_id: (one.starts_at.astimezone(DENVER).strftime("%m-%d %H"), one.state) for one in found
        } == {
            "a@b#20270311T010000Z": ("03-10 18", State.CONFIRMED),
            "a@b#20270401T000000Z": ("03-31 18", State.CANCELLED),
            "a@b#20270403T000000Z": ("04-02 18", State.CONFIRMED),
            "a@b#20270408T000000Z": ("04-08 09", State.CONFIRMED),
            "a@b#20270415T000000Z": ("04-14 18", State.CONFIRMED),
        }

    def test_is_followed_for_two_years_and_no_further(self, read: Read) -> None:
        found, problems = read(calendar(entry("RRULE:FREQ=DAILY", start="DTSTART:20200101T180000Z", end="")))

        assert problems == []
        days = sorted(one.starts_at for one in found)
        assert (days[0].year, days[-1].year) == (2024, 2028)
        assert 1400 < len(days) <= 1500

    def test_does_not_show_at_the_old_time_what_a_bad_entry_has_moved(self, read: Read) -> None:
        found, problems = read(
            calendar(
                entry("RRULE:FREQ=WEEKLY;COUNT=2"),
                entry("RECURRENCE-ID;TZID=America/Denver:20270317T180000", start="DTSTART:soon"),
            )
        )

        assert [one.source_id for one in found] == ["a@b#20270311T010000Z"]
        assert len(problems) == 1

    def test_stays_at_its_hour_when_the_clocks_change(self, read: Read) -> None:
        found, _ = read(calendar(entry("RRULE:FREQ=WEEKLY;UNTIL=20270318T000000Z")))

        assert [one.starts_at.astimezone(DENVER).hour for one in found] == [18, 18]
        assert [one.starts_at.astimezone(UTC).hour for one in found] == [1, 0]


class TestBombs:
    @pytest.mark.parametrize(
        "rule",
        [
            "FREQ=DAILY;COUNT=999999999",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;INTERVAL=1;UNTIL=99991231T000000Z",
            "FREQ=DAILY;BYSETPOS=366",
            "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=3",
        ],
    )
    def test_a_rule_without_end_ends(self, read: Read, rule: str) -> None:
        begun = time.perf_counter()
        found, _problems = read(calendar(entry(f"RRULE:{rule}", start="DTSTART:19700101T180000Z", end="")))

        assert len(found) <= 1501
        assert time.perf_counter() - begun < 2

    def test_a_zone_with_a_change_every_second_is_not_followed(self, read: Read) -> None:
        zone = (
            "BEGIN:VTIMEZONE\r\nTZID:Bomb\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        )
        found, problems = read(calendar(entry(start="DTSTART;TZID=Bomb:20270310T180000"), head=zone))

        assert found == []
        assert "is not known" in problems[0].message

    def test_ten_megabytes_are_read_entry_by_entry(self, read: Read) -> None:
        alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nSUMMARY:Not the title\r\nEND:VALARM"
        big = calendar(*(entry(f"COMMENT:{'x' * 4800}", alarm, uid=f"n{number}") for number in range(2_000)))
        assert len(big) > 9_500_000

        found, problems = read(big)

        assert (len(found), problems) == (2_000, [])
        assert {one.title for one in found} == {"Board"}

    def test_nesting_is_not_followed(self, read: Read) -> None:
        deep = "BEGIN:VALARM\r\n" * 50_000
        found, problems = read(calendar(entry(deep), entry(uid="last")))

        assert [one.source_id for one in found] == ["a@b", "last"]
        assert problems == []

    def test_too_many_entries_are_refused(self, read: Read) -> None:
        with pytest.raises(BadFile, match="more than 20,000"):
            read(calendar(*["UID:x"] * 20_001))

    def test_too_many_meetings_of_rules_are_refused(self, read: Read) -> None:
        many = [entry("RRULE:FREQ=DAILY;COUNT=900", uid=f"n{number}", end="") for number in range(40)]
        with pytest.raises(BadFile, match="more than 20,000"):
            read(calendar(*many))


@pytest.mark.parametrize("content", ["hello", "BEGIN:VCARD\r\nEND:VCARD", "title,date\nx,y\n"])
def test_what_is_no_calendar_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.ics"
    file.write_text(content)
    source = open_meetings(file, zone=DENVER, now=NOW, format="ics")

    with pytest.raises(BadFile, match="this is not a calendar"):
        list(source)
