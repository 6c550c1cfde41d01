"""How fast comments come in, by the form and by a file, and how soon they are counted."""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.comments.service import analyse_due
from engage.db.session import db, write_transaction
from engage.exchange.importing import import_comments
from engage.exchange.sources import open_source
from engage.jobs.queue import run_once
from engage.reports.service import count_due
from tests.bench import Figure, Place, benchmark, seconds, texts
from tests.support import makers

PEOPLE = 4
COMMENTS_EACH = 25
ROWS = 5000
COUNTED = 5
PATIENCE = 60  # seconds


@benchmark
def submission(place: Place) -> Iterator[Figure]:
    """Four people at once open the form and send it, against the production server with its worker."""
    slug = _period(place)
    with served(place) as port:
        people = [Resident(port, slug) for _ in range(PEOPLE)]
        people[0].send(texts(1)[0])

        def send_all() -> None:
            with ThreadPoolExecutor(PEOPLE) as pool:
                for done in [pool.submit(person.send_many, COMMENTS_EACH) for person in people]:
                    done.result()

        rate = PEOPLE * COMMENTS_EACH / seconds(send_all)
        yield Figure(f"comments sent by the form, {PEOPLE} people at once", rate, "comments/s")
        waits = [people[0].until_counted(text) for text in texts(COUNTED)]
        yield Figure("from sent to counted, median", statistics.median(waits), "s")


@benchmark
def importing(place: Place) -> Iterator[Figure]:
    """A CSV file of our own kind; then the jobs that follow it."""
    slug = _period(place)
    path = place.folder / "comments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "position", "date"])
        sides = ("support", "oppose", "")
        writer.writerows(
            (number, text, sides[number % 3], "2026-10-01") for number, text in enumerate(texts(ROWS))
        )

    def bring_in() -> None:
        with place.app.app_context(), write_transaction() as session:
            period = session.query(CommentPeriod).filter_by(slug=slug).one()
            import_comments(session, source=open_source(path), period=period, now=utcnow())

    yield Figure(f"import of {ROWS:,} rows", seconds(bring_in), "s")
    with place.app.app_context():
        yield Figure(
            f"analysis of {ROWS:,} stored comments", seconds(lambda: run_once({"": analyse_due})), "s"
        )
        yield Figure(f"count of {ROWS:,} comments", seconds(lambda: run_once({"": count_due})), "s")


class Resident:
    """Somebody with a browser that keeps cookies and its connection."""

    def __init__(self, port: int, slug: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._origin = f"http://127.0.0.1:{port}"
        self._slug = slug
        self._cookie = ""

    def send(self, text: str) -> None:
        """Open the form and send it."""
        address = f"/en/periods/{self._slug}/comment"
        form = self._ask("GET", address)
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
        fields = {name: _attribute(tag, "value") for tag in hidden if (name := _attribute(tag, "name"))}
        self._ask("POST", address, urlencode(fields | {"body": text, "position": "oppose"}))

    def send_many(self, number: int) -> None:
        """Send so many comments, one after the other."""
        for text in texts(number):
            self.send(text)

    def until_counted(self, text: str) -> float:
        """Send a comment; how many seconds later the report counts one more and has nothing left to count."""
        before = self._all_counted()
        self.send(text)
        begun = time.perf_counter()
        while self._all_counted() != before + 1:
            time.sleep(0.02)
        return time.perf_counter() - begun

    def _all_counted(self) -> int:
        """How many comments the report has counted, once none waits for it any more."""
        for _ in range(PATIENCE * 20):
            told = json.loads(self._ask("GET", f"/en/reports/{self._slug}.json"))
            if not told["waiting_to_be_counted"]:
                return int(told["received"])
            time.sleep(0.05)
        raise TimeoutError("The comments were not counted.")

    def _ask(self, method: str, address: str, body: str | None = None) -> str:
        headers = {"Cookie": self._cookie, "Origin": self._origin}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, body, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        if response.status != (200 if method == "GET" else 303):
            raise RuntimeError(f"{method} {address} was answered with {response.status}.")
        if cookie := response.headers.get("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return text


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def _period(place: Place) -> str:
    def make(session: Session) -> str:
        return makers.comment_period(session).slug

    with place.app.app_context(), db.sessionmaker() as session, session.begin():
        return make(session)


@contextmanager
def served(place: Place) -> Iterator[int]:
    """The production server and a worker in processes of their own; yields the port."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = (
        os.environ | place.environment | {"ENGAGE_BASE_URL": url, "ENGAGE_TRUSTED_HOSTS": "127.0.0.1"}
    )
    command = [sys.executable, "-m", "engage", "serve", "--port", str(port), "--with-worker"]
    log = place.folder / "serve.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            _wait_for(port, log)
            yield port
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _wait_for(port: int, log: Path) -> None:
    for _ in range(PATIENCE * 5):
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/en/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"The server did not start:\n{log.read_text()}")
