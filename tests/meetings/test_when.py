"""When a meeting is, in words and in numbers, also on the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import force_locale

from engage.clock import from_wall_clock
from engage.meetings import when
from engage.meetings.models import Meeting

DENVER = ZoneInfo("America/Denver")


def meeting(begins: str, ends: str | None = None, zone: ZoneInfo = DENVER) -> Meeting:
    """A meeting between two times of a clock in its place."""
    start, end = (
        from_wall_clock(datetime.fromisoformat(text), zone) if text else None for text in (begins, ends)
    )
    assert start is not None
    return Meeting(starts_at=start, ends_at=end, time_zone=zone.key)


@pytest.mark.parametrize(
    ("begins", "ends", "words", "numbers", "lasts"),
    [
        pytest.param(
            "2027-01-14 18:00",
            "2027-01-14 20:00",
            "Thursday, January 14, 2027, 6:00 PM – 8:00 PM (MST)",
            "2027-01-14 18:00–20:00 UTC−07:00",
            "2 hours",
            id="winter",
        ),
        pytest.param(
            "2027-07-01 09:15",
            "2027-07-01 10:00",
            "Thursday, July 1, 2027, 9:15 AM – 10:00 AM (MDT)",
            "2027-07-01 09:15–10:00 UTC−06:00",
            "45 minutes",
            id="summer",
        ),
        pytest.param(
            "2027-03-14 01:00",
            "2027-03-14 04:00",
            "Sunday, March 14, 2027, 1:00 AM (MST) – 4:00 AM (MDT)",
            "2027-03-14 01:00 UTC−07:00 – 2027-03-14 04:00 UTC−06:00",
            "2 hours",
            id="the clocks go forward while it is on",
        ),
        pytest.param(
            "2026-11-01 00:30",
            "2026-11-01 02:00",
            "Sunday, November 1, 2026, 12:30 AM (MDT) – 2:00 AM (MST)",
            "2026-11-01 00:30 UTC−06:00 – 2026-11-01 02:00 UTC−07:00",
            "2 hours 30 minutes",
            id="the clocks go back while it is on",
        ),
        pytest.param(
            "2027-01-14 22:00",
            "2027-01-15 01:00",
            "Thursday, January 14, 2027, 10:00 PM – Friday, January 15, 2027, 1:00 AM (MST)",
            "2027-01-14 22:00 UTC−07:00 – 2027-01-15 01:00 UTC−07:00",
            "3 hours",
            id="past midnight",
        ),
        pytest.param(
            "2027-01-14 18:00",
            None,
            "Thursday, January 14, 2027, 6:00 PM (MST)",
            "2027-01-14 18:00 UTC−07:00",
            "The end is not stated.",
            id="without an end",
        ),
    ],
)
def test_says_both_ends_the_zone_and_how_long(
    app: Flask, begins: str, ends: str | None, words: str, numbers: str, lasts: str
) -> None:
    found = meeting(begins, ends)

    with app.test_request_context("/en/meetings"):
        assert when.in_words(found) == words
        assert when.in_numbers(found) == numbers
        assert when.duration(found) == lasts


def test_goes_east_of_greenwich_too(app: Flask) -> None:
    found = meeting("2027-01-14 18:00", "2027-01-14 19:00", ZoneInfo("Pacific/Guam"))

    with app.app_context():
        assert when.in_numbers(found) == "2027-01-14 18:00–19:00 UTC+10:00"


def test_speaks_spanish(app: Flask) -> None:
    found = meeting("2027-01-14 18:00", "2027-01-14 19:30")

    with app.app_context(), force_locale("es"):
        assert when.in_words(found).startswith("jueves, 14 de enero de 2027, 6:00")
        assert when.duration(found) == "1 hora 30 minutos"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2027-01-05 23:59", "in 9 days"),
        ("2027-01-13 00:01", "tomorrow"),
        ("2027-01-14 00:01", "today"),
        ("2027-01-14 18:00", "now"),
        ("2027-01-14 19:59", "now"),
        ("2027-01-14 20:00", "today"),
        ("2027-01-15 09:00", "yesterday"),
        ("2027-01-17 09:00", "3 days ago"),
    ],
)
def test_counts_the_days_as_people_in_the_place_do(app: Flask, now: str, said: str) -> None:
    found = meeting("2027-01-14 18:00", "2027-01-14 20:00")
    instant = from_wall_clock(datetime.fromisoformat(now), DENVER)

    with app.test_request_context("/en/meetings"):
        assert when.distance(found, instant) == said


def test_a_day_has_twenty_three_hours_and_is_one_day_off(app: Flask) -> None:
    found = meeting("2027-03-15 00:30", "2027-03-15 02:00")
    the_evening_before_the_change = datetime(2027, 3, 14, 6, 30, tzinfo=UTC)  # 23:30 of the 13th

    with app.test_request_context("/en/meetings"):
        assert when.distance(found, the_evening_before_the_change) == "in 2 days"
        assert when.distance(found, the_evening_before_the_change + timedelta(hours=1)) == "tomorrow"
