"""Counting in a file: right with many processes, and silent about instants."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from limits import parse
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter

from engage.web import limit_store
from engage.web.limit_store import SqliteStorage

COUNT = """
import sys
from engage.web.limit_store import SqliteStorage
storage = SqliteStorage(sys.argv[1])
sys.stdin.readline()
for _ in range(200):
    storage.incr("key", 86400 * 365 * 30)
"""


@pytest.fixture
def storage(tmp_path: Path) -> SqliteStorage:
    """An empty store."""
    return SqliteStorage(f"sqlite:///{tmp_path / 'new folder' / 'limits.sqlite'}")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the store, to be set."""
    now = [1_000_000.0]
    monkeypatch.setattr(limit_store, "utcnow", lambda: datetime.fromtimestamp(now[0], UTC))
    return now


def test_counts_up_to_the_rate_and_begins_anew_with_the_next_window(
    storage: SqliteStorage, clock: list[float]
) -> None:
    limiter, rate = FixedWindowRateLimiter(storage), parse("3 per 10 minutes")

    assert [limiter.hit(rate, "a") for _ in range(4)] == [True, True, True, False]
    assert limiter.hit(rate, "b")
    clock[0] = limiter.get_window_stats(rate, "a").reset_time
    assert limiter.hit(rate, "a")


def test_windows_end_at_round_times_whenever_they_began(storage: SqliteStorage, clock: list[float]) -> None:
    for second in range(0, 1200, 7):
        clock[0] = 1_000_000 + second
        storage.incr(str(second), 600)

        assert storage.get_expiry(str(second)) % 600 == 0
        assert 0 < storage.get_expiry(str(second)) - clock[0] <= 600


def test_what_is_over_is_overwritten(storage: SqliteStorage, clock: list[float]) -> None:
    storage.incr("a-key-that-was-counted", 600)
    clock[0] += 600
    storage.incr("another-key", 600)

    assert storage.forget_ended() == 1
    assert storage.forget_ended() == 0
    kept = b"".join(path.read_bytes() for path in storage._path.parent.iterdir())
    assert b"a-key-that-was-counted" not in kept
    assert b"another-key" in kept


def test_eight_processes_lose_no_count(storage: SqliteStorage) -> None:
    storage.check()
    command = [sys.executable, "-c", COUNT, f"sqlite:///{storage._path}"]
    together = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(8)]
    for process in together:
        process.communicate(b"\n")

    assert [process.returncode for process in together] == [0] * 8
    assert storage.get("key") == 8 * 200


def test_one_that_cannot_be_used_says_so_in_one_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(StorageError):
        SqliteStorage(f"sqlite:///{tmp_path}/file/limits.sqlite").incr("a", 60)
    (tmp_path / "broken.sqlite").write_text("no database" * 1000)
    with pytest.raises(StorageError):
        SqliteStorage(f"sqlite:///{tmp_path}/broken.sqlite").incr("a", 60)


def test_can_be_emptied(storage: SqliteStorage) -> None:
    storage.incr("a", 60)
    storage.incr("b", 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)

    assert storage.reset() == 1
    assert storage.get("b") == 0
