"""Days in words are the days of the place that runs the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from engage.web.locale import day


@pytest.fixture
def told_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, date], str]:
    """What a day or an instant is called by a site in some time zone."""

    def told(zone: str, value: date) -> str:
        settings = replace(app.config["ENGAGE_SETTINGS"], site_time_zone=ZoneInfo(zone))
        monkeypatch.setitem(app.config, "ENGAGE_SETTINGS", settings)
        with app.test_request_context("/en/"):
            return day(value)

    return told


def test_an_evening_in_denver_is_that_day_and_not_the_next(told_in: Callable[[str, date], str]) -> None:
    # 8:36 PM in Denver.
    instant = datetime(2026, 11, 26, 3, 36, tzinfo=UTC)

    assert told_in("America/Denver", instant) == "November 25, 2026"
    assert told_in("Pacific/Auckland", instant) == "November 26, 2026"


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        # Summer time begins on March 8: midnight before it is 7:00 in UTC, midnight after it 6:00.
        (datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC), "March 7, 2026"),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "March 8, 2026"),
        (datetime(2026, 3, 9, 5, 59, 59, tzinfo=UTC), "March 8, 2026"),
        (datetime(2026, 3, 9, 6, 0, tzinfo=UTC), "March 9, 2026"),
        # It ends on November 1, a day of 25 hours.
        (datetime(2026, 11, 1, 5, 59, 59, tzinfo=UTC), "October 31, 2026"),
        (datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "November 1, 2026"),
        (datetime(2026, 11, 2, 6, 59, 59, tzinfo=UTC), "November 1, 2026"),
        (datetime(2026, 11, 2, 7, 0, tzinfo=UTC), "November 2, 2026"),
    ],
)
def test_days_begin_at_midnight_there_when_the_clocks_change_too(
    told_in: Callable[[str, date], str], instant: datetime, said: str
) -> None:
    assert told_in("America/Denver", instant) == said


@pytest.mark.parametrize("zone", ["America/Denver", "Pacific/Auckland", "UTC"])
def test_a_day_without_a_time_is_that_day_everywhere(told_in: Callable[[str, date], str], zone: str) -> None:
    assert told_in(zone, date(2026, 10, 3)) == "October 3, 2026"
