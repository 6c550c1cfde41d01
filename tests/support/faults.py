"""Residents who send comments while all that can die is killed: what was acknowledged must exist once."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

PATIENCE = 120.0  # seconds for one request with all its retries
_PAUSE = 0.1
_ANSWER = 20.0


@dataclass(slots=True)
class Outcome:
    """What the residents were told: the tracking number by text, and what should never be answered."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    contradictions: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


class Process:
    """One of our commands as a process that is killed and started again."""

    def __init__(self, environment: Mapping[str, str], log: Path, *command: str) -> None:
        self._environment, self._log = dict(environment), log
        self._command = [sys.executable, "-m", "engage", *command]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; its group is its own, so that its children die with it."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=os.environ | self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to it and its children."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Resident:
    """A browser that keeps its cookie, and sends a form again until it is acknowledged."""

    def __init__(self, port: int, slug: str, outcome: Outcome, lock: threading.Lock) -> None:
        self._port, self._address = port, f"/en/periods/{slug}/comment"
        self._outcome, self._lock = outcome, lock
        self._cookie = ""

    def send(self, text: str) -> None:
        """Open the form once, and send this very form until there is a receipt."""
        form, _ = self._until(lambda: self._ask("GET", self._address), 200)
        hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
        fields = {_attribute(tag, "name"): _attribute(tag, "value") for tag in hidden}
        body = urlencode(fields | {"body": text, "position": "oppose", "personal_data": "keep"})
        _, location = self._until(lambda: self._ask("POST", self._address, body), 303)
        number = location.rpartition("/")[2]
        with self._lock:
            earlier = self._outcome.acknowledged.setdefault(text, number)
            if earlier != number:
                self._outcome.contradictions.append(f"{earlier} and {number} for one form")

    def _until(self, ask: Callable[[], tuple[int, str, str]], wanted: int) -> tuple[str, str]:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                status, text, location = ask()
            except (OSError, HTTPException):
                status, text, location = 0, "", ""
            if status == wanted:
                return text, location
            if status and status < 500 and status != 429:
                raise AssertionError(f"answered with {status} instead of {wanted}: {text[:2000]}")
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer for {PATIENCE:.0f} seconds; the last was {status}")
            with self._lock:
                self._outcome.retries += 1
            time.sleep(_PAUSE)

    def _ask(self, method: str, address: str, body: str | None = None) -> tuple[int, str, str]:
        # A connection each: the server may be another one by now.
        connection = HTTPConnection("127.0.0.1", self._port, timeout=_ANSWER)
        try:
            headers = {"Cookie": self._cookie, "Origin": f"http://127.0.0.1:{self._port}"}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, address, body, headers)
            response: HTTPResponse = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if cookie := response.headers.get("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return response.status, text, response.headers.get("Location", "")


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Victims:
    """What is killed in every round, by name: how it dies and how it comes back."""

    kill: Mapping[str, Callable[[], None]]
    revive: Mapping[str, Callable[[], None]]


def send_under_fire(
    texts: list[str], *, clients: int, rounds: int, port: int, slug: str, victims: Victims
) -> Outcome:
    """Let so many clients send all texts, and kill every victim ``rounds`` times, spread over the sending."""
    outcome, lock = Outcome(), threading.Lock()
    begun = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        sent = [
            pool.submit(_send_all, Resident(port, slug, outcome, lock), texts[first::clients])
            for first in range(clients)
        ]
        for number in range(1, rounds + 1):
            _wait_for(outcome, lock, len(texts) * number // (rounds + 1), sent)
            for name, kill in victims.kill.items():
                kill()
                outcome.kills[name] = outcome.kills.get(name, 0) + 1
            for revive in victims.revive.values():
                revive()
        for each in sent:
            each.result()
    outcome.seconds = time.monotonic() - begun
    return outcome


def _send_all(resident: Resident, texts: list[str]) -> None:
    for text in texts:
        resident.send(text)


def _wait_for(outcome: Outcome, lock: threading.Lock, count: int, sent: Sequence[Future[None]]) -> None:
    while True:
        with lock:
            if len(outcome.acknowledged) >= count:
                return
        if all(each.done() for each in sent):
            return
        time.sleep(0.02)


@contextmanager
def free_port() -> Iterator[int]:
    """A port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    yield port
