"""How far five readers agree with the site on a year of meetings, and how fast its calendar is made."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from engage.clock import utcnow
from engage.db.session import db, write_transaction
from engage.exchange.meetings.sources import open_meetings
from engage.meetings.queries import public_meetings
from tests.bench import Figure, Place, benchmark, median_milliseconds, seconds
from tests.meetings import readers
from tests.meetings.calendars import Seen, of_the_site, year


@benchmark
def calendars(place: Place) -> Iterator[Figure]:
    """The year of tests/meetings/calendars.py: clocks that change, series with exceptions, cancellations."""
    with place.app.app_context():
        with write_transaction() as session:
            year(session)
        with db.sessionmaker() as session:
            shown = of_the_site(session.scalars(public_meetings(utcnow())))
    client = place.app.test_client()
    feed = client.get("/meetings.ics").data
    written_out = client.get("/meetings.ics?each=1").data
    yield Figure("occurrences of the year on the site", len(shown), "occurrences")
    with readers.served(place.app) as address:
        by_vdirsyncer = readers.of_vdirsyncer(f"{address}/meetings.ics")
    found = {
        "icalendar with recurring-ical-events": readers.of_recurring_ical_events(feed),
        "icalevents": readers.of_icalevents(feed),
        "ics (no rules: ?each=1)": readers.of_ics(written_out),
        "vdirsyncer": by_vdirsyncer,
        "khal": readers.of_khal(feed, place.folder),
    }
    for name, seen in found.items():
        yield Figure(f"agreed by {name}", _agreed(shown, seen), f"of {len(shown)}")
        yield Figure(f"seen by {name} and not on the site", len(set(seen) - set(shown)), "occurrences")
    beside = readers.of_ics(feed, without_rules=True)
    yield Figure(
        "ics: written out in the feed with rules, agreed", _agreed(shown, beside), f"of {len(beside)}"
    )
    yield Figure("the calendar of the year", len(feed) / 1000, "kB")
    yield Figure(
        "the calendar of the year made",
        median_milliseconds(lambda: client.get("/meetings.ics"), times=5),
        "ms",
    )
    file = place.folder / "feed.ics"
    file.write_bytes(feed)
    zone = ZoneInfo("America/Denver")
    took = seconds(lambda: list(open_meetings(file, zone=zone, now=utcnow())))
    yield Figure("the calendar of the year read again", took * 1000, "ms")


def _agreed(shown: list[Seen], seen: list[Seen]) -> int:
    """How many occurrences of the site are seen, each as often as it is there."""
    left = list(seen)
    agreed = 0
    for one in shown:
        if one in left:
            left.remove(one)
            agreed += 1
    return agreed
