"""The calendar of a year as five programs read it: each sees what the site shows, and when.

The year has both changes of the clocks, a weekly and a monthly series with every kind of exception, and
meetings alone that were moved, postponed and cancelled: see calendars.year.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.meetings.models import Meeting
from engage.meetings.queries import public_meetings
from tests.meetings import readers
from tests.meetings.calendars import FILES_OF_OCCURRENCES, Seen, of_the_site, year
from tests.support.pages import Client


@pytest.fixture
def shown(session: Session) -> list[Seen]:
    """What the site shows of the year."""
    year(session)
    found = of_the_site(session.scalars(public_meetings(utcnow())))
    assert len(found) == 69
    assert sum(one.is_cancelled for one in found) == 3
    assert session.scalar(sa.select(sa.func.count(Meeting.id))) == 71
    return found


@pytest.mark.parametrize(
    "read",
    [readers.of_recurring_ical_events, readers.of_icalevents],
    ids=["icalendar with recurring-ical-events", "icalevents"],
)
def test_libraries_agree_with_the_site(client: Client, shown: list[Seen], read: readers.Reader) -> None:
    assert read(client.get("/meetings.ics").data) == shown
    assert read(client.get("/meetings.ics?lang=es&each=1").data) == shown


def test_ics_agrees_on_all_that_is_written_out(client: Client, shown: list[Seen]) -> None:
    """It knows no RRULE: of the feed with rules it sees what stands alone or differs, and nothing wrong."""
    assert readers.of_ics(client.get("/meetings.ics?each=1").data) == shown
    beside_rules = readers.of_ics(client.get("/meetings.ics").data, without_rules=True)
    assert len(beside_rules) == 16
    assert set(beside_rules) <= set(shown)


def test_vdirsyncer_agrees_with_the_site(app: Flask, shown: list[Seen]) -> None:
    with readers.served(app) as address:
        assert readers.of_vdirsyncer(f"{address}/meetings.ics") == shown


def test_khal_agrees_with_the_site(client: Client, shown: list[Seen], tmp_path: Path) -> None:
    assert readers.of_khal(client.get("/meetings.ics").data, tmp_path) == shown


def test_the_file_of_an_occurrence_and_the_series_together_have_it_once(
    client: Client, shown: list[Seen]
) -> None:
    feed = client.get("/meetings.ics").data
    for name in FILES_OF_OCCURRENCES:
        file = client.get(f"/meetings/{name}.ics").data
        only = readers.of_recurring_ical_events(file)
        assert len(only) == 1
        assert only == readers.of_icalevents(file) == readers.of_ics(file)
        together = feed.replace(b"END:VCALENDAR\r\n", b"") + file.partition(b"END:VTIMEZONE\r\n")[2]
        assert readers.of_recurring_ical_events(together) == shown
