"""What we write, we read again as the same occurrences, whatever the series and whatever became of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.db.types import Localised
from engage.exchange.meetings.records import SourceMeeting, State
from engage.exchange.meetings.sources import open_meetings
from engage.meetings.calendar.ics import Feed, calendar_of
from engage.meetings.calendar.rules import instants, read_rule
from engage.meetings.models import Format, Meeting, MeetingKind, MeetingSeries

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ZONES = ("America/Denver", "America/Phoenix", "Europe/Madrid", "Australia/Lord_Howe", "UTC")
RULES = (
    "FREQ=WEEKLY;COUNT={count}",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT={count}",
    "FREQ=MONTHLY;BYDAY=2TU;COUNT={count}",
    "FREQ=MONTHLY;BYMONTHDAY=31;COUNT={count}",
    "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20270630T235959Z",
    "FREQ=DAILY;COUNT={count}",
    "FREQ=YEARLY;COUNT={count}",
)
FATES = ("as it is", "left out", "a draft", "moved", "cancelled", "renamed", "longer")


@st.composite
def meetings(draw: st.DrawFn) -> list[Meeting]:
    """The public meetings of a series in some zone, each with a fate, and one alone."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    # Hours at which no zone here changes its clocks: no clock shows some of those in between.
    at = draw(st.sampled_from([time(9), time(12, 30), time(18), time(23, 45)]))
    day = draw(st.dates(date(2026, 12, 1), date(2027, 3, 20)))
    starts_at = datetime.combine(day, at, zone).astimezone(UTC)
    rule = draw(st.sampled_from(RULES)).format(count=draw(st.integers(1, 12)))
    series = MeetingSeries(
        id=1,
        slug="s",
        uid="series@test",
        title=Localised(en="Board"),
        rule=rule,
        starts_at=starts_at,
        lasts_minutes=90,
        time_zone=zone.key,
        left_out=[],
        changed_at=NOW,
    )
    last = datetime(2028, 6, 1, tzinfo=UTC)
    given = list(instants(read_rule(rule), starts_at, zone, last))
    found = [_meeting(0, starts_at + timedelta(hours=1), zone)]
    for number, start in enumerate(given, start=1):
        fate = draw(st.sampled_from(FATES))
        if fate in ("left out", "a draft"):
            continue
        meeting = _meeting(number, start, zone)
        meeting.series, meeting.recurrence_at = series, start
        if fate == "moved":
            moved_by = timedelta(hours=draw(st.integers(-100, 100)))
            meeting.starts_at += moved_by
            meeting.ends_at = meeting.starts_at + timedelta(minutes=90)
        elif fate == "cancelled":
            meeting.cancelled_at = NOW
        elif fate == "renamed":
            meeting.title = Localised(es="Otra; cosa, con \\ y\nlínea")
        elif fate == "longer":
            meeting.ends_at = meeting.starts_at + timedelta(hours=5)
        found.append(meeting)
    return found


def _meeting(number: int, starts_at: datetime, zone: ZoneInfo) -> Meeting:
    return Meeting(
        id=number,
        slug=f"m{number}",
        uid=f"m{number}@test",
        kind=MeetingKind.REGULAR,
        format=Format.IN_PERSON,
        title=Localised(en="Board"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        time_zone=zone.key,
        place_name=Localised(en="Town Hall"),
        join_is_public=True,
        is_tentative=False,
        sequence=0,
        published_at=NOW,
        changed_at=NOW,
    )


@pytest.mark.parametrize("each_alone", [False, True], ids=["with rules", "written out"])
def test_our_calendar_is_read_as_the_same_occurrences(app: Flask, tmp_path: Path, each_alone: bool) -> None:
    file = tmp_path / "feed.ics"

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(meetings())
    def check(shown: list[Meeting]) -> None:
        feed = Feed("Feed", "/meetings.ics", "en", NOW, each_alone)
        file.write_bytes(calendar_of(feed, shown))
        read = list(open_meetings(file, zone=ZoneInfo("UTC"), now=NOW))
        assert sorted(_read(one) for one in read) == sorted(_shown(one) for one in shown)

    with app.app_context():
        check()


def _shown(meeting: Meeting) -> tuple[datetime, datetime, bool, str]:
    title = " ".join(meeting.title.best("en")[0].split())
    return meeting.starts_at, meeting.last_instant, meeting.cancelled_at is not None, title


def _read(found: object) -> tuple[datetime, datetime | None, bool, str]:
    assert isinstance(found, SourceMeeting), found
    return found.starts_at, found.ends_at, found.state is State.CANCELLED, found.title
