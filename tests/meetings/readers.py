"""Five programs that read calendars; each tells which occurrences of 2027 it sees in what the site serves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import recurring_ical_events
from flask import Flask
from icalendar import Calendar, use_pytz, use_zoneinfo
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from tests.meetings.calendars import BEGIN, END, Seen

Reader = Callable[[bytes], list[Seen]]

_KHAL_FORMAT: Final = "{start-long}|{end-long}|{status}"
_KHAL_SETTINGS: Final = """
[calendars]
[[year]]
path = {folder}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = UTC
local_timezone = UTC
[sqlite]
path = {folder}/khal.db
"""
# In a process of its own: it needs an event loop, and its library warns of what it does itself.
_VDIRSYNCER: Final = """
import asyncio, json, sys
import aiohttp
from vdirsyncer.storage.http import HttpStorage

async def items(url):
    async with aiohttp.TCPConnector() as connector:
        storage = HttpStorage(url, connector=connector)
        return [(await storage.get(href))[0].raw async for href, _etag in storage.list()]

print(json.dumps(asyncio.run(items(sys.argv[1]))))
"""


def of_recurring_ical_events(content: bytes) -> list[Seen]:
    """icalendar with recurring-ical-events."""
    events = recurring_ical_events.of(Calendar.from_ical(content)).between(BEGIN, END)
    return sorted(_seen(event["DTSTART"].dt, event["DTEND"].dt, event.get("STATUS")) for event in events)


def of_icalevents(content: bytes) -> list[Seen]:
    """icalevents."""
    from icalevents.icalparser import parse_events

    # It sets icalendar to pytz for the whole process, which reads differently a time that comes twice.
    use_pytz()  # type: ignore[no-untyped-call]
    try:
        events = parse_events(content.decode(), start=BEGIN, end=END)
    finally:
        use_zoneinfo()  # type: ignore[no-untyped-call]
    return sorted(_seen(event.start, event.end, event.status) for event in events)


def of_ics(content: bytes, *, without_rules: bool = False) -> list[Seen]:
    """ics, which knows no RRULE: of a series it shows the first start that the rule gives, and what differs.

    ``without_rules`` leaves those first starts out.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ics

        found = ics.Calendar(content.decode()).events
        return sorted(
            _seen(event.begin.datetime, event.end.datetime, event.status)
            for event in found
            if not (without_rules and any(line.name == "RRULE" for line in event.extra))
        )


def of_vdirsyncer(url: str) -> list[Seen]:
    """vdirsyncer: what it would put into files, one for each UID, read by recurring-ical-events."""
    command = [sys.executable, "-W", "ignore", "-c", _VDIRSYNCER, url]
    told = subprocess.run(command, check=True, capture_output=True, timeout=60, env=_no_proxy()).stdout
    return sorted(seen for item in json.loads(told) for seen in of_recurring_ical_events(item.encode()))


def of_khal(content: bytes, folder: Path) -> list[Seen]:
    """khal: a calendar into which the file was imported, and the list of its year."""
    (folder / "calendar").mkdir()
    (folder / "config").write_text(_KHAL_SETTINGS.format(folder=folder))
    (folder / "feed.ics").write_bytes(content)
    _khal(folder, "import", "--batch", "-a", "year", str(folder / "feed.ics"))
    listed = _khal(folder, "list", "--day-format", "", "--format", _KHAL_FORMAT, "2027-01-01", "2028-01-01")
    seen = []
    for line in filter(None, listed.splitlines()):
        starts, ends, status = line.split("|")
        seen.append(_seen(_of_khal_time(starts), _of_khal_time(ends), status.strip()))
    return sorted(one for one in seen if BEGIN <= one.starts_at < END)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The site on a port of its own on this machine; gives its address."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            yield from parts

    server = make_server("127.0.0.1", 0, answer, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Say nothing."""


def _khal(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-W", "ignore", "-m", "khal", "-c", str(folder / "config"), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, env=_no_proxy())
    return done.stdout


def _no_proxy() -> dict[str, str]:
    return {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}


def _of_khal_time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def _seen(starts_at: datetime, ends_at: datetime, status: str | None) -> Seen:
    return Seen(starts_at.astimezone(UTC), ends_at.astimezone(UTC), status == "CANCELLED")
