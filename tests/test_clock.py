"""Clocks on the walls of places, also on the two nights on which they are changed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engage.clock import NoSuchTime, from_wall_clock, to_wall_clock

NEW_YORK = ZoneInfo("America/New_York")


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - what a clock on a wall shows


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        (at(2026, 7, 1, 17, 0), datetime(2026, 7, 1, 21, 0, tzinfo=UTC)),
        (at(2026, 12, 1, 17, 0), datetime(2026, 12, 1, 22, 0, tzinfo=UTC)),
        (at(2026, 3, 8, 1, 59, 59), datetime(2026, 3, 8, 6, 59, 59, tzinfo=UTC)),
        (at(2026, 3, 8, 3, 0), datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_clock_on_the_wall_stands_for_an_instant(local: datetime, instant: datetime) -> None:
    assert from_wall_clock(local, NEW_YORK) == instant
    assert to_wall_clock(instant, NEW_YORK) == local


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_a_time_that_no_clock_shows_is_refused(minute: int) -> None:
    with pytest.raises(NoSuchTime, match="clocks are set forward"):
        from_wall_clock(at(2026, 3, 8, 2, minute), NEW_YORK)


def test_a_time_that_clocks_show_twice_is_the_later_one() -> None:
    assert from_wall_clock(at(2026, 11, 1, 1, 30), NEW_YORK) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
