"""Two hundred people who register at once for the last five places, by the form and the production server."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from urllib.parse import urlencode

import sqlalchemy as sa

from engage.app import create_app
from engage.config import from_environment
from engage.db.session import db
from engage.meetings.models import Attendee, AttendeeState
from tests.bench import Figure, Place, benchmark, seconds
from tests.bench.way import PATIENCE, served
from tests.support import databases, makers

PEOPLE = 200
PLACES = 5
MOST_TIMES = 30
PAUSE_SECONDS = 1.0


@benchmark
def registrations(place: Place) -> Iterator[Figure]:
    """Everybody has the form open and sends it at the same instant, on each database."""
    yield from _rush("SQLite", place)
    if databases.has_postgresql():
        with _on_postgresql(place) as other:
            yield from _rush("PostgreSQL", other)


def _rush(database: str, place: Place) -> Iterator[Figure]:
    with place.app.app_context(), db.sessionmaker() as session, session.begin():
        slug = makers.meeting(session, capacity=PLACES).slug
    with served(place) as port:
        people = [_Person(port, slug) for _ in range(PEOPLE)]
        together = threading.Barrier(PEOPLE)

        def send_all() -> None:
            with ThreadPoolExecutor(PEOPLE) as pool:
                for done in [pool.submit(person.send, together) for person in people]:
                    done.result()

        took = seconds(send_all)
        # What each was told on the page that the form leads to.
        told = sorted(person.told() for person in people)
    with place.app.app_context(), db.sessionmaker() as session:
        line = session.scalars(sa.select(Attendee).order_by(Attendee.number)).all()
        states = [attendee.state for attendee in line]
        db.engine.dispose()
    inside = [AttendeeState.REGISTERED] * PLACES
    is_in_order = states == inside + [AttendeeState.WAITLISTED] * (PEOPLE - PLACES)
    are_told_so = told == [-1] * PLACES + list(range(PEOPLE - PLACES))
    yield Figure(f"{PEOPLE} register at once for {PLACES} places, {database}", took, "s")
    yield Figure(f"… had to send again, {database}", sum(person.sent > 1 for person in people), "people")
    yield Figure(f"… got a place, {database}", states.count(AttendeeState.REGISTERED), "people")
    yield Figure(f"… wait, {database}", states.count(AttendeeState.WAITLISTED), "people")
    yield Figure(
        f"… the first have the places, all others wait in order, {database}", is_in_order, "(1 = yes)"
    )
    yield Figure(f"… each was told their own place in the line, {database}", are_told_so, "(1 = yes)")


class _Person:
    """Somebody who has opened the form."""

    def __init__(self, port: int, slug: str) -> None:
        self._port, self._address, self._cookie, self._page = port, f"/en/meetings/{slug}/register", "", ""
        self.sent = 0
        _status, form = self._ask("GET", self._address)
        fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
        self._fields = {_attribute(tag, "name"): _attribute(tag, "value") for tag in fields}

    def send(self, together: threading.Barrier) -> None:
        """Send it when everybody does; again, as the page 503 says, where the site was too busy."""
        together.wait(PATIENCE)
        body = urlencode(self._fields | {"way": "in_person"})
        for self.sent in range(1, MOST_TIMES + 1):
            status, self._page = self._ask("POST", self._address, body)
            if status == 303:
                return
            if status != 503:
                break
            time.sleep(PAUSE_SECONDS)
        raise RuntimeError(f"The registration was answered with {status}.")

    def told(self) -> int:
        """How many wait before this person, −1 where they have a place."""
        _status, page = self._ask("GET", self._page)
        if "You have a place in the room." in page:
            return -1
        found = re.search(r"(\d+) (?:person waits|people wait) before you", page)
        return int(found[1]) if found else 0

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str]:
        """The status, and the page or where it leads."""
        headers = {"Cookie": self._cookie, "Origin": f"http://127.0.0.1:{self._port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if cookie := response.headers.get("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return response.status, response.headers.get("Location") or text


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


@contextmanager
def _on_postgresql(place: Place) -> Iterator[Place]:
    """The same site on a PostgreSQL of its own."""
    with databases.postgresql_cluster() as socket_folder:
        url = databases.create_database(socket_folder, "registrations")
        databases.migrated(url)
        environment = place.environment | {"ENGAGE_DATABASE_URL": url}
        yield replace(place, app=create_app(from_environment(environment)), environment=environment)
